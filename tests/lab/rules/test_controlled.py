"""Controls: without the disease no remedy is judged, and false words."""

from dataclasses import replace

import numpy as np
import pytest
from synthetic import as_table, share, words

from study.lab.rules.verdicts import (
    Control,
    Controlled,
    Each,
    Exact,
    Level,
    Lowers,
    Margin,
    judge,
    undecided,
)

ONE = Margin(1.0, because="a test")
WITH, WITHOUT = {"rate": 0.5}, {"rate": 0.0}
REMEDY = Lowers(measure="error", arm=WITH, than=WITHOUT, margin=ONE)
DISEASE = Control(
    "without dropout the test loss rises",
    Level(measure="rise", arm=WITHOUT, above=0.0),
    "more epochs, or fewer images",
)
LEARNS = Control(
    "with dropout the network learns",
    Level(measure="loss", arm=WITH, below=1.0),
    "more epochs",
)
RULE = Controlled(REMEDY, DISEASE, LEARNS)
SICK = {"rise": 2.0, "loss": 0.0}


def drawn(effect, rise=2.0, loss=0.0, sd=0.3):
    def draw(random):
        def noisy(mean):
            return mean + random.normal(0, sd, 10)

        return [
            (arm, {"error": noisy(mean), "rise": noisy(rise), "loss": noisy(loss)})
            for arm, mean in ((WITH, -effect), (WITHOUT, 0.0))
        ]

    return draw


def table(*means, seed=1, **fields):
    return as_table(drawn(*means, **fields)(np.random.default_rng(seed)))


@pytest.mark.parametrize(
    ("effect", "word"), [(9, "reproduced"), (0, "contradicted"), (1, "unresolved")]
)
def test_where_all_controls_hold_the_rule_speaks_as_if_alone(effect, word):
    verdict = judge(RULE, table(effect), claims=2)
    alone = judge(REMEDY, table(effect), claims=2)
    assert verdict.word == word
    assert replace(verdict, parts=()) == alone


@pytest.mark.parametrize("effect", [9, 0, -9])
def test_a_control_that_fails_leaves_the_claim_open_whatever_the_rule_says(effect):
    verdict = judge(RULE, table(effect, rise=-1.0), claims=1)
    assert (verdict.word, verdict.reason) == (
        "unresolved",
        "a control fails: without dropout the test loss rises: lower than claimed",
    )
    assert verdict.lacks == (
        "To be seen first: without dropout the test loss rises. "
        "Training for it: more epochs, or fewer images."
    )
    assert (verdict.rule, verdict.seeds) == (DISEASE.rule, None)


def test_a_control_that_is_undecided_calls_for_seeds():
    runs = table(9, rise=0.1)
    verdict = judge(RULE, runs, claims=1)
    assert (verdict.word, verdict.reason) == (
        "unresolved",
        "undecided is a control: without dropout the test loss rises",
    )
    assert verdict.lacks == ""
    assert verdict.seeds > 10
    assert undecided(RULE, runs, claims=1) == [DISEASE.rule]


def test_fresh_seeds_are_wasted_on_nothing_where_a_control_fails():
    assert undecided(RULE, table(1, rise=-1.0), claims=1) == []
    assert undecided(RULE, table(1), claims=1) == [REMEDY]


def test_of_two_that_fail_the_one_that_fails_most_is_told():
    verdict = judge(RULE, table(9, rise=-1.0, loss=9.0), claims=1)
    assert "with dropout the network learns" in verdict.reason


def test_fresh_seeds_may_mend_an_undecided_control():
    verdict = judge(RULE, table(9, rise=0.1), table(9, rise=2.0, seed=2), claims=1)
    assert verdict.word == "reproduced"


def test_scaled_down_a_failed_control_still_leaves_the_claim_open():
    verdict = judge(RULE, table(9, rise=-1.0), claims=1, scaled=True)
    assert verdict.word == "unresolved (scaled)"
    assert verdict.reason.startswith("a control fails")


def test_it_controls_several_comparisons_as_well():
    other = Lowers(measure="loss", arm=WITH, than=WITHOUT, margin=ONE)
    rule = Controlled(Each(REMEDY, other), DISEASE)
    verdict = judge(rule, table(9), claims=1)
    assert (verdict.word, verdict.reason) == ("depends", "for error, not for loss")
    assert len(verdict.parts) == 3
    assert rule.numbers() == ["(C1)", "(1)", "(2)"]
    assert rule.measures() == {"error", "loss", "rise"}
    assert rule.tables() == {"results"}


def test_it_tells_its_controls_before_its_rule():
    assert RULE.sentences() == [
        "Unresolved unless these controls are reproduced:",
        f"(C1) without dropout the test loss rises: {DISEASE.rule.sentence()}",
        f"(C2) with dropout the network learns: {LEARNS.rule.sentence()}",
        REMEDY.sentence(),
    ]
    assert RULE.numbers() == ["(C1)", "(C2)", "the rule itself"]


def test_what_cannot_control_or_be_controlled_is_refused():
    fact = Exact(measure="m", tolerance=0)
    with pytest.raises(TypeError, match="A fact needs no control"):
        Controlled(fact, DISEASE)
    with pytest.raises(TypeError, match="expected at least one Control"):
        Controlled(REMEDY)
    with pytest.raises(TypeError, match="A control is shown by a comparison"):
        Control("a", fact, "b")
    with pytest.raises(ValueError, match="`settle` tells readers of a control"):
        Control("a", REMEDY, " ")


@pytest.mark.parametrize(
    ("truth", "false"),
    [
        ({"effect": 1.0}, ("contradicted",)),
        ({"effect": 0.0}, ("reproduced",)),
        ({"effect": 0.0, "rise": 0.0}, ("reproduced", "contradicted")),
        ({"effect": 0.0, "loss": 1.0}, ("reproduced", "contradicted")),
    ],
    ids=["it holds", "it does not", "no disease", "nothing learned"],
)
@pytest.mark.usual("no disease")
def test_at_most_5_percent_of_4000_pages_are_wrong(truth, false, past_pandas):
    """Where a control fails in truth, every word but *unresolved* is false."""
    found, most = share(words(RULE, drawn(**truth, sd=1.0)), *false)
    assert found <= most


def test_without_its_controls_the_rule_would_speak_of_no_disease(past_pandas):
    draw = drawn(0.0, rise=0.0)
    found, most = share(words(REMEDY, draw), "contradicted")
    assert found > most
