"""A fact that lacks a boundary case: its condition is measured, not believed."""

import pandas as pd
import pytest

from study.lab.rules.verdicts import Exact, judge
from study.lab.rules.words import Stance, Word


def rule(**changes):
    fields = {
        "measure": "m",
        "where": {"at": "elsewhere"},
        "tolerance": 0.5,
        "condition": "x is not 0",
        "without": {"at": "0"},
    }
    return Exact(**(fields | changes))


def found(elsewhere, at_0):
    table = pd.DataFrame({"at": ["elsewhere", "elsewhere", "0"]})
    return judge(rule(), table.assign(m=[0.0, elsewhere, at_0]), claims=1)


def test_it_is_exact_with_the_condition_that_it_needs():
    verdict = found(0.4, 2.0)
    assert verdict.word is Word.EXACT_CONDITION
    assert verdict.word.stance is Stance.FOR
    assert verdict.reason == ("provided that x is not 0; without it the deviation is 2")
    assert (verdict.effect, verdict.delta, verdict.replicates) == (0.4, 0.5, 2)


def test_a_condition_that_nothing_needs_is_no_mark():
    verdict = found(0.4, 0.5)
    assert (verdict.word, verdict.reason) == (Word.EXACT, "")


@pytest.mark.parametrize("at_0", [0.0, 2.0])
def test_what_fails_on_its_condition_is_refuted(at_0):
    verdict = found(0.6, at_0)
    assert (verdict.word, verdict.reason) == (Word.REFUTED, "")


def test_what_is_no_number_without_the_condition_needs_it():
    assert found(0.0, float("nan")).word is Word.EXACT_CONDITION


def test_the_rule_tells_its_condition_and_where_it_does_not_hold():
    assert rule().sentence() == (
        "Exact if `m` is at most 0.5 in every run of at=elsewhere, else refuted; with "
        "a condition, provided that x is not 0, if it is more in one of at=0."
    )


@pytest.mark.parametrize("changes", [{"without": {}}, {"condition": ""}])
def test_a_condition_without_rows_that_lack_it_is_refused(changes):
    with pytest.raises(ValueError, match="Give both, or neither"):
        rule(**changes)


def test_rows_that_are_not_there_are_no_condition():
    table = pd.DataFrame({"at": ["elsewhere"], "m": [0.0]})
    with pytest.raises(ValueError, match="Expected runs with at=0"):
        judge(rule(), table, claims=1)
