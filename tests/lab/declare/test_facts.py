"""Facts: a finding of statements alone is a whole one, and its statements make it."""

import pandas as pd
import pytest
import tiny_study

import study.lab
from study.lab.data import generator
from study.lab.declare import registry
from study.lab.declare.closure import read
from study.lab.declare.definition import Claim
from study.lab.declare.facts import Facts, conditional, exact, fact, readings
from study.lab.declare.profiles import PROFILES
from study.lab.errors import DefinitionError
from study.lab.judge import judge_all
from study.lab.rules.verdicts import Exact, judge
from study.lab.train import provenance

FILE = '''"""A few statements."""

from study.lab.declare.facts import Facts

SCALE = 1.0


def statements(draws, replicate):
    yield "d1-01", "a number", SCALE * draws(replicate, "numbers").random()
    yield "d1-02", "nothing", 0.0
    yield "beside", "two", 2.0


EXPERIMENT = Facts(
    title="Statements",
    statements=statements,
    claims=("d1-01", "d1-02"),
    tolerance=0.5,
    figure="Largest deviations",
    replicates=3,
    smoke=1,
)
'''


@pytest.fixture
def finding(tmp_path):
    return registry.load(tiny_study.write(tmp_path, "statements", FILE))


def recorded(finding):
    """Return what stands beside the tables of a page."""
    return provenance.made_of(finding.definition, PROFILES["standard"])


def test_every_seed_has_its_statements_with_the_draws_of_its_stage(finding):
    tables = study.lab.run(finding.definition, "standard")
    seeds = tables["seed"][tables["seed"]["claim"] == "d1-01"]
    numbers = [generator("judge", each, "numbers").random() for each in range(3)]
    assert seeds["deviation"].tolist() == numbers
    largest = tables["largest"].set_index("claim")["deviation"]
    assert largest.to_dict() == {"d1-01": max(numbers), "d1-02": 0, "beside": 2}


def test_a_draft_has_its_own_seeds_and_as_many_as_it_says(finding):
    table = study.lab.run(finding.definition, "smoke")["seed"]
    (number,) = table[table["claim"] == "d1-01"]["deviation"]
    assert number == generator("draft", 0, "numbers").random()


def test_a_claim_is_exact_up_to_the_tolerance_and_what_stands_beside_is_no_claim():
    def statements(draws, replicate):
        yield "d1-01", "rounded", 0.5
        yield "d1-02", "off", 0.51
        yield "beside", "far", 9.0

    definition = Facts(
        title="Statements",
        statements=statements,
        claims=("d1-01", "d1-02"),
        tolerance=0.5,
        figure="Largest deviations",
    )
    judged = judge_all(definition, definition.run(None, replicates=1))
    assert [(each.id, verdict.word) for each, verdict in judged] == [
        ("d1-01", "exact"),
        ("d1-02", "refuted"),
    ]


def test_a_fact_is_exact_in_all_rows_of_its_table_or_in_those_it_names():
    rows = pd.DataFrame({"how": ["counted", "bound"], "excess": [0.0, 9.0]})
    verdicts = [
        judge(each.verdict, {"steps": rows}, claims=2)
        for each in (
            fact("d1-01", "steps", 1e-9, "excess"),
            fact("d1-02", "steps", 1e-9, "excess", how="counted"),
        )
    ]
    assert [each.word for each in verdicts] == ["refuted", "exact"]
    assert [each.replicates for each in verdicts] == [2, 1]


def test_a_claim_that_lacks_a_condition_is_exact_with_it_and_not_without():
    claim = conditional("d1-01", "seed", 0, "x is not 0", kind="a", at=("1", "0"))
    rows = pd.DataFrame(
        {"kind": ["a", "a", "b"], "at": ["1", "0", "0"], "deviation": [0, 2, 9]}
    )
    verdict = judge(claim.verdict, {"seed": rows}, claims=1)
    assert verdict.word == "exact (with a condition)"
    met = rows.assign(deviation=[1, 2, 9])
    assert judge(claim.verdict, {"seed": met}, claims=1).word == "refuted"


def test_a_claim_of_several_readings_is_judged_by_each():
    names = {"in words": "a", "as it is written": "b"}
    claim = readings("d1-01", "seed", 0, "reading", names, claim="d1-01")
    rows = pd.DataFrame(
        {
            "claim": ["d1-01", "d1-01", "d1-02"],
            "reading": ["a", "b", "a"],
            "deviation": [0, 2, 9],
        }
    )
    verdict = judge(claim.verdict, {"seed": rows}, claims=1)
    assert verdict.word == "depends"
    assert verdict.reason == "in words: exact; as it is written: refuted"
    by_name = readings("d1-01", "seed", 0, "reading", ("a", "b")).verdict.readings
    assert [name for name, _ in by_name] == ["a", "b"]


def test_a_claim_with_a_rule_of_its_own_keeps_it():
    rule = Exact(measure="deviation", where={"claim": "d1-02"}, tolerance=0)
    first, second = exact(("d1-01", Claim("d1-02", verdict=rule)), 1e-3)
    assert first.verdict.tolerance == 1e-3
    assert second.verdict is rule


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("study_experiments.statements", "0.0", "0.1"),
        ("study_experiments.statements", "SCALE = 1.0", "SCALE = 2.0"),
        ("study.lab.rules.statements", ".max()", ".min()"),
    ],
    ids=["the statements", "what they name", "how they are checked"],
)
def test_a_change_of_statements_makes_the_page_stale(finding, module, old, new):
    def source(name):
        text = read(name)
        assert name != module or old in text
        return text.replace(old, new) if name == module else text

    before, standard = recorded(finding), PROFILES["standard"]
    assert provenance.staleness(finding.definition, standard, before) == ""
    assert provenance.staleness(finding.definition, standard, before, source)


def test_words_make_nothing_stale(finding, tmp_path):
    text = FILE.replace("Largest deviations", "Others").replace(
        "tolerance=0.5", "tolerance=1"
    )
    other = registry.load(tiny_study.write(tmp_path, "others", text))
    found = provenance.staleness(
        other.definition, PROFILES["standard"], recorded(finding)
    )
    assert found == ""


def test_a_number_in_an_id_s_place_is_told_in_one_line():
    with pytest.raises(DefinitionError, match="id: expected a claim's id"):
        exact((3,), 0.5)


def test_rows_in_the_place_of_their_function_are_told_in_one_line():
    with pytest.raises(DefinitionError, match=r"a function of \(draws, replicate\)"):
        Facts(
            title="Statements",
            statements=[("d1-01", "nothing", 0.0)],
            claims=("d1-01",),
            tolerance=0.5,
            figure="Largest deviations",
        )
