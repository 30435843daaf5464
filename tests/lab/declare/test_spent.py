"""Spent replicates: a record that runs only read, and that a command extends."""

from itertools import pairwise
from pathlib import Path

import pytest
import tiny_study

from study.lab.declare import registry, spent
from study.lab.declare.profiles import PROFILES
from study.lab.errors import DefinitionError, StudyError
from study.lab.execute.command import main
from study.lab.train import provenance

FILE = '''"""One sentence."""
import tiny_study

EXPERIMENT = tiny_study.experiment()
'''
ROWS = "finding,first,last,why\nother,0,99,words\ntiny,0,9,steps\ntiny,10,29,rates\n"


@pytest.fixture
def path(tmp_path):
    return tiny_study.write(tmp_path, "tiny", FILE)


def test_without_a_record_replicates_begin_at_0(path):
    assert spent.read(path.parent) == []
    assert registry.load(path).definition.first == range(2)


def test_replicates_begin_past_those_that_are_spent_at_every_profile(path):
    (path.parent / spent.FILE).write_text(ROWS)
    definition = registry.load(path).definition
    for profile in ("smoke", "standard", "paper"):
        assert definition.at(profile).first == range(30, 32)


def test_spending_adds_a_line_past_the_last_and_leaves_the_others(path):
    (path.parent / spent.FILE).write_text(ROWS)
    added = spent.spend(path.parent, "tiny", 39, "another\n margin, larger")
    assert added == spent.Spent("tiny", 30, 39, "another margin, larger")
    text = (path.parent / spent.FILE).read_text()
    assert text == ROWS + 'tiny,30,39,"another margin, larger"\n'
    assert registry.load(path).definition.first == range(40, 42)


@pytest.mark.parametrize(
    ("last", "why", "message"),
    [(29, "again", "30 is the first"), (40, "  ", "expected why")],
)
def test_what_is_spent_already_or_for_no_reason_is_refused(path, last, why, message):
    (path.parent / spent.FILE).write_text(ROWS)
    with pytest.raises(StudyError, match=message):
        spent.spend(path.parent, "tiny", last, why)
    assert (path.parent / spent.FILE).read_text() == ROWS


def test_a_definition_that_sets_its_first_replicate_is_refused(path):
    path.write_text(FILE.replace("experiment()", "experiment(first_replicate=3)"))
    with pytest.raises(DefinitionError, match=r"first_replicate: .*leave it out"):
        registry.load(path)


def test_a_row_that_is_none_is_told_with_its_line(path):
    (path.parent / spent.FILE).write_text(ROWS + "tiny,ten,20,words\n")
    with pytest.raises(StudyError, match=r"spent\.csv: line 5: .*'ten'"):
        registry.load(path)


def test_every_line_of_the_record_is_of_a_finding_and_says_why():
    experiments = Path(__file__).parents[3] / "experiments"
    rows = spent.read(experiments)
    assert rows
    names = {path.stem for path in registry.paths(experiments)}
    assert {each.finding for each in rows} <= names
    assert all(0 <= each.first <= each.last and each.why for each in rows)
    kept = sorted(rows, key=lambda each: (each.finding, each.first))
    for one, other in pairwise(kept):
        apart = one.finding != other.finding
        assert apart or one.last < other.first


SIMULATED = '''"""One sentence."""
import pandas as pd

from study.lab.declare.finding import Simulation
from study.lab.declare.measures import Column


def run(draws, replicates):
    drawn = [draws(each, "noise").normal() for each in range(replicates)]
    return pd.DataFrame({"gap": drawn})


EXPERIMENT = Simulation(
    title="Noise",
    claims=(),
    run=run,
    settings={"replicates": 10},
    measures=(Column("gap"),),
)
'''


def drawn(path, profile="standard"):
    profile = PROFILES[profile]
    definition = registry.load(path).definition.at(profile)
    return definition.table(profile)["gap"].tolist()


def test_a_simulation_draws_past_what_is_spent_of_it_and_not_in_a_draft(tmp_path):
    path = tiny_study.write(tmp_path, "tiny", SIMULATED)
    before, draft = drawn(path), drawn(path, "smoke")
    assert registry.load(path).definition.last == 999
    (path.parent / spent.FILE).write_text("finding,first,last,why\ntiny,0,2,words\n")
    assert drawn(path)[:7] == before[3:]
    assert drawn(path, "smoke") == draft
    assert registry.load(path).definition.last == 1_002


def test_what_is_spent_makes_a_simulation_s_page_stale(tmp_path):
    path = tiny_study.write(tmp_path, "tiny", SIMULATED)
    profile = PROFILES["standard"]
    recorded = provenance.made_of(registry.load(path).definition, profile)
    (path.parent / spent.FILE).write_text("finding,first,last,why\ntiny,0,9,words\n")
    assert provenance.staleness(registry.load(path).definition, profile, recorded)


def test_a_simulation_that_draws_nothing_has_nothing_to_spend(tmp_path, capsys):
    text = SIMULATED.replace("(draws, replicates)", "(replicates)")
    path = tiny_study.write(tmp_path, "tiny", text)
    assert main(["spend", str(path), "--why", "it was seen"]) == 1
    assert "it draws no random numbers" in capsys.readouterr().err
