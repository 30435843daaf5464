"""Simulations: their randomness is handed in, by the profile that they are run at."""

import pytest
import tiny_study
from workplace import Workplace

import study.lab
from study.lab.data import generator
from study.lab.declare import profiles, registry
from study.lab.declare.identity import simulated
from study.lab.errors import StudyError
from study.lab.execute import command, simulation
from study.lab.execute.executors import InProcess
from study.lab.show.page import load_page
from study.lab.show.protocol import protocol

FILE = '''"""A few numbers."""

import pandas as pd

from study.lab.declare.finding import Simulation
from study.lab.declare.measures import Column


def run(draws, count):
    return pd.DataFrame({"gap": draws(3, "gaps").normal(size=count)})


EXPERIMENT = Simulation(
    title="Numbers",
    claims=(),
    run=run,
    settings={"count": 4},
    measures=(Column("gap"),),
)
'''


@pytest.fixture
def finding(tmp_path):
    return registry.load(tiny_study.write(tmp_path, "numbers", FILE))


@pytest.mark.parametrize(
    ("profile", "stage"),
    [("smoke", "draft"), ("standard", "judge"), ("paper", "judge")],
)
def test_a_profile_has_the_numbers_of_its_stage_on_a_page_and_in_a_notebook(
    finding, profile, stage
):
    _, table = simulation.read(simulation.run(finding, profiles.get(profile)))
    expected = generator(stage, 3, "gaps").normal(size=4).tolist()
    assert table["gap"].tolist() == expected
    assert study.lab.run(finding.definition, profile)["gap"].tolist() == expected


def test_a_draft_has_no_number_in_common_with_a_judged_run(finding):
    draft, judged = (
        {*study.lab.run(finding.definition, each)["gap"]}
        for each in ("smoke", "standard")
    )
    assert len(draft) == len(judged) == 4
    assert draft & judged == set()


def test_a_draft_never_stands_in_for_a_judged_run_of_the_same_settings(finding):
    draft, judged = (simulated(finding.definition, each) for each in ("draft", "judge"))
    assert draft.digest != judged.digest
    assert draft.parts == judged.parts


def test_new_seeds_make_a_simulation_stale(finding):
    assert {"SEED", "generator"} <= {*simulated(finding.definition, "judge").parts}


SEVERAL = FILE.replace(
    'return pd.DataFrame({"gap": draws(3, "gaps").normal(size=count)})',
    """return {
        "gaps": pd.DataFrame({"gap": draws(3, "gaps").normal(size=count)}),
        "words": pd.DataFrame({"word": ["one", "two, or so"], "n": [1, 2]}),
    }""",
)


@pytest.fixture
def several(tmp_path):
    return registry.load(tiny_study.write(tmp_path, "several", SEVERAL))


def test_several_tables_come_back_by_their_names(several):
    seconds, found = simulation.read(simulation.run(several, profiles.get("smoke")))
    assert seconds >= 0
    assert [*found] == ["gaps", "words"]
    expected = generator("draft", 3, "gaps").normal(size=4).tolist()
    assert found["gaps"]["gap"].tolist() == expected
    assert found["words"].to_dict("list") == {
        "word": ["one", "two, or so"],
        "n": [1, 2],
    }
    told = study.lab.run(several.definition, "smoke")
    assert [*told] == ["gaps", "words"]


def test_a_table_that_was_stored_before_tables_had_names_is_read():
    seconds, table = simulation.read(b"1.5\ngap\n0.25\n")
    assert (seconds, table["gap"].tolist()) == (1.5, [0.25])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"words"', '"Some words"', "small letters, digits and _"),
        ('"words"', '"curves"', "none of results, curves"),
        ('"words"', '"results"', "none of results, curves"),
        ('Column("gap")', 'Column("gape")', "lacks a column that is declared"),
        ("claims=()", 'claims=(Claim("d1-01", EXACT),)', "no table that is read by"),
    ],
)
def test_tables_that_do_not_fit_are_told_in_one_line(tmp_path, old, new, said):
    imports = "from study.lab.declare.measures import Column\n"
    more = (
        "from study.lab.declare.finding import Claim\n"
        "from study.lab.rules.verdicts import Exact\n"
        'EXACT = Exact(measure="gap", table="wordz", tolerance=0)\n'
    )
    text = SEVERAL.replace(old, new).replace(imports, imports + more)
    finding = registry.load(tiny_study.write(tmp_path, "wrong", text))
    with pytest.raises(StudyError, match=said) as error:
        simulation.run(finding, profiles.get("smoke"))
    assert "\n" not in str(error.value)
    assert "Received: " in str(error.value)


def test_what_is_no_table_is_told_in_one_line(tmp_path):
    text = FILE.replace("return pd.DataFrame(", "return dict(").replace("({", "(**{")
    finding = registry.load(tiny_study.write(tmp_path, "rows", text))
    with pytest.raises(StudyError, match=r"or a mapping.*Received: ndarray$"):
        simulation.run(finding, profiles.get("smoke"))


JUDGED = FILE.replace(
    "claims=()",
    'claims=(Claim("d1-01", Exact(measure="gap", tolerance=9)),)',
).replace(
    "from study.lab.declare.measures import Column\n",
    "from study.lab.declare.finding import Claim\n"
    "from study.lab.declare.measures import Column\n"
    "from study.lab.rules.verdicts import Exact\n",
)
JUDGED = JUDGED.replace(".normal(", ".uniform(")


def spent(finding):
    finding.path.with_name("spent.csv").write_text(
        f"finding,first,last,why\n{finding.name},0,999,a rule\n"
    )
    return registry.load(finding.path)


def test_numbers_of_spent_replicates_are_not_drawn_again(finding):
    later = spent(finding)
    _, table = simulation.read(simulation.run(later, profiles.get("standard")))
    expected = generator("judge", 1_003, "gaps").normal(size=4).tolist()
    assert table["gap"].tolist() == expected
    assert study.lab.run(later.definition)["gap"].tolist() == expected
    digests = {simulated(each.definition, "judge").digest for each in (finding, later)}
    assert len(digests) == 2


def test_what_was_spent_of_other_findings_makes_no_simulation_stale(finding):
    before = simulated(finding.definition, "judge").digest
    text = "finding,first,last,why\nothers,0,999,a rule\n"
    finding.path.with_name("spent.csv").write_text(text)
    assert simulated(registry.load(finding.path).definition, "judge").digest == before


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("tolerance=9", "tolerance=8", "the rule of d1-01"),
        ('{"count": 4}', '{"count": 5}', "`count`"),
    ],
)
def test_a_simulation_that_judges_otherwise_is_refused_until_its_seeds_are_spent(
    tmp_path, monkeypatch, capsys, old, new, named
):
    monkeypatch.chdir(tmp_path)
    here = Workplace(tmp_path, InProcess())
    path = tiny_study.write(tmp_path / "experiments", "numbers", JUDGED)
    here.run_entry(registry.load(path))
    before = here.table(name="numbers")
    path.write_text(JUDGED.replace(old, new))
    with pytest.raises(StudyError) as error:
        here.run_entry(registry.load(path))
    message = str(error.value)
    assert f"Received: {named}, and replicates 0 to 999 again" in message
    assert "\n" not in message

    assert command.main(["spend", "numbers", "--why", "a rule"]) == 0
    assert "replicates 0 to 999 of numbers are spent" in capsys.readouterr().out
    here = Workplace(tmp_path, InProcess())
    here.run_entry(registry.load(path))
    assert not here.table(name="numbers").equals(before)
    facts = protocol(load_page(registry.load(path), here.pages / "numbers", "standard"))
    assert any("1,000" in how for what, how in facts.facts if what == "fresh seeds")


def test_a_simulation_that_draws_nothing_has_no_replicates_to_spend(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    text = FILE.replace("draws, count", "count").replace(
        'draws(3, "gaps").normal(size=count)', "range(count)"
    )
    tiny_study.write(tmp_path / "experiments", "numbers", text)
    assert command.main(["spend", "numbers", "--why", "a rule"]) == 1
    assert "it draws no random numbers" in capsys.readouterr().err
