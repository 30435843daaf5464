"""What a rule states is what it decides by; it moves by that alone."""

import json
from dataclasses import dataclass, field, replace

import pytest

from study.lab.rules.stated import moved, stated
from study.lab.rules.verdicts import Control, Controlled, Each, Exact, Lowers, Margin

A, B = {"keep": 0.5}, {"keep": 1.0}
LOWERS = Lowers(measure="m", arm=A, than=B, margin=Margin(1.0, because="a test"))
EACH = Each(LOWERS, replace(LOWERS, measure="n"))


def kept(rule):
    """Return what stands in a page's file once it is read again."""
    return json.loads(json.dumps(stated(rule)))


@pytest.mark.parametrize("rule", [LOWERS, EACH, Exact(measure="m", tolerance=0)])
def test_a_rule_that_is_declared_again_has_not_moved(rule):
    assert not moved(kept(rule), rule)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LOWERS, replace(LOWERS, arm={"keep": 0.6})),
        (LOWERS, replace(LOWERS, margin=Margin(2.0, because="a test"))),
        (EACH, Each(LOWERS)),
        (EACH, Each(LOWERS, LOWERS)),
        (LOWERS, EACH),
        (Exact(measure="m", tolerance=0), Exact(measure="m", tolerance=1e-9)),
    ],
    ids=["arm", "margin", "part gone", "part changed", "kind", "tolerance"],
)
def test_a_rule_moves_by_whatever_decides(before, after):
    assert moved(kept(before), after)


def test_words_decide_nothing():
    named = replace(LOWERS, margin=Margin(1.0, because="another reason"), table="way")
    assert stated(named) == stated(LOWERS)


def test_words_of_a_control_decide_nothing_even_where_they_were_written_down():
    control = Control("it learns", LOWERS, "more steps")
    before = kept(Controlled(EACH, control))
    reworded = replace(control, what="it has learned", settle="more epochs")
    assert not moved(before, Controlled(EACH, reworded))
    (written,) = before["Controlled"]["controls"]
    written["Control"] |= {"what": "it learns", "settle": "more steps"}
    assert not moved(before, Controlled(EACH, reworded))
    assert moved(before, Controlled(EACH, replace(control, rule=EACH.comparisons[1])))


@dataclass(frozen=True)
class Rule:
    """A rule as it is now."""

    level: float = 0.95
    where: dict = field(default_factory=dict)


def test_a_field_that_a_kind_gained_moves_nothing_at_its_default():
    before = {"Rule": {"level": 0.95}}
    assert not moved(before, Rule())
    assert moved(before, Rule(where={"keep": 0.5}))


def test_a_default_that_changed_and_a_field_that_went_move_a_rule():
    assert moved({"Rule": {"level": 0.9, "where": {}}}, Rule())
    assert moved({"Rule": {"level": 0.95, "where": {}, "sides": 2}}, Rule())
