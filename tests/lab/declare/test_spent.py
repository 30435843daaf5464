"""Spent replicates: a record that runs only read, and that a command extends."""

from itertools import pairwise
from pathlib import Path

import pytest
import tiny_study

from study.lab.declare import registry, spent
from study.lab.errors import DefinitionError, StudyError

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
