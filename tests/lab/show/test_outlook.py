"""What would change a verdict is said of the numbers that decided it."""

from dataclasses import replace

import pytest

from study.lab.judge import FAILED
from study.lab.rules.summaries import JOIN
from study.lab.rules.verdicts import (
    Band,
    Cited,
    Control,
    Controlled,
    DoesNotRaise,
    Each,
    Equivalent,
    Exact,
    Greater,
    Level,
    Lowers,
    Margin,
    Rate,
    Shape,
    Verdict,
)
from study.lab.rules.words import Word
from study.lab.show.outlook import outlook

ARM, THAN = {"depth": 3}, {"depth": 1}
GREATER = Greater(measure="m", arm=ARM, than=THAN, delta=0.5)
LESS_THAN_HALF = Rate(measure="m", arm=ARM, below=0.5)
MORE_THAN_HALF = Rate(measure="m", arm=ARM, above=0.5)
HALF = Margin(0.5, because="a test")
LOWERS = Lowers(measure="m", arm=ARM, than=THAN, margin=HALF)
KEEPS = DoesNotRaise(measure="m", arm=ARM, than=THAN, margin=HALF)
BAND = Band(measure="m", arm=ARM, than=THAN, low=2, high=3)
HIGH = Level(measure="m", arm=ARM, above=0.5)
SAME = Equivalent(measure="m", arm=ARM, than=THAN, margin=0.5, because="a test")


def verdict(word, lower=0.1, upper=0.9, **fields):
    numbers = {"effect": (lower + upper) / 2, "lower": lower, "upper": upper}
    return Verdict(**({"word": Word(word), "delta": 0.5} | numbers | fields))


def said(rule, found, scaled=""):
    decides = rule.comparisons[0] if isinstance(rule, Shape) else rule
    return outlook(rule, replace(found, rule=decides), scaled)


@pytest.mark.parametrize(
    ("rule", "found", "words"),
    [
        (
            GREATER,
            verdict("contradicted", -0.9, 0.1),
            "upper end, 0.1, reached δ = 0.5",
        ),
        (GREATER, verdict("reproduced"), "lower end, 0.1, fell to 0; contradicted"),
        (GREATER, verdict("unresolved", -0.9), "lower end, −0.9, rose above 0"),
        (MORE_THAN_HALF, verdict("reproduced", 0.6), "lower end, 0.60, reached 0.5"),
        (MORE_THAN_HALF, verdict("contradicted", 0.1, 0.4), "upper end, 0.40, reached"),
        (LESS_THAN_HALF, verdict("reproduced", 0.1, 0.4), "upper end, 0.40, reached"),
        (LESS_THAN_HALF, verdict("unresolved"), "upper end, 0.9, crossed 0.5"),
        (SAME, verdict("reproduced", -0.1, 0.1), "left ±0.5; contradicted if all"),
        (SAME, verdict("contradicted", 0.6), "reached into ±0.5"),
        (SAME, verdict("unresolved"), "lay inside ±0.5"),
        (Shape(GREATER), verdict("reproduced", reason=GREATER.claim()), "It hangs on"),
        (
            LOWERS,
            verdict("reproduced"),
            "fell to 0 or the effect below δ; contradicted",
        ),
        (LOWERS, verdict("unresolved", -0.9), "above 0 and the effect reached δ;"),
        (LOWERS, verdict("contradicted", -0.9, 0.1), "upper end, 0.1, reached δ = 0.5"),
        (KEEPS, verdict("reproduced", -0.9, 0.1), "upper end, 0.1, reached δ; contra"),
        (KEEPS, verdict("unresolved"), "upper end, 0.9, fell below δ; contradicted if"),
        (KEEPS, verdict("contradicted", 0.6), "lower end, 0.60, fell to δ = 0.5"),
        (BAND, verdict("reproduced", 2.1, 2.9), "an end of the interval left 2 to 3"),
        (BAND, verdict("unresolved", 1.9, 2.9), "lay inside 2 to 3; contradicted if"),
        (BAND, verdict("contradicted", 3.1, 4), "the interval reached into 2 to 3"),
        (HIGH, verdict("reproduced", 0.6), "lower end, 0.60, reached 0.5"),
        (Cited(source="s"), Verdict(word=Word.CITED), "reading of the source"),
        (GREATER, FAILED, "The runs that are missing."),
    ],
)
def test_what_would_change_a_verdict_is_said(rule, found, words):
    assert words in said(rule, found)


def depends(*parts, controls=()):
    """Return a rule and a verdict that depends, of parts (word, lower end, upper)."""
    made = [
        verdict(word, lower, upper, rule=replace(LOWERS, arm={"depth": i}))
        for i, (word, lower, upper) in enumerate((*controls, *parts), 2)
    ]
    rules = [each.rule for each in made]
    rule = Each(*rules[len(controls) :])
    if controls:
        shown = [Control("it learns", each, "more steps") for each in rules]
        rule = Controlled(rule, *shown[: len(controls)])
    return rule, Verdict(word=Word.DEPENDS, rule=rules[-1], parts=tuple(made))


FAR, SURE = ("contradicted", -9.0, -8.0), ("reproduced", 4.0, 5.0)


@pytest.mark.parametrize(
    ("parts", "named", "change"),
    [
        # the effect, 0.52, all but falls below 0.5; the farthest lies beyond all doubt
        (
            [("reproduced", 0.3, 0.74), FAR],
            "of depth=2 is below that of depth=1. That",
            "be unresolved if the interval's lower end, 0.30, fell to 0 or the effect",
        ),
        (
            [("contradicted", 0.1, 0.4), SURE],
            "of depth=2 is",
            "be no longer contradicted if the interval's upper end, 0.40, reached",
        ),
        # one part alone is no more than a doubt where another holds beyond it
        (
            [("reproduced", 0.3, 0.74), SURE, ("contradicted", 0.1, 0.3), FAR],
            "of depth=3 is below that of depth=1, the surest of the 2 parts that hold",
            "be unresolved if the interval's lower end, 4.0, fell to 0",
        ),
    ],
    ids=["the one that holds", "the one that does not", "the surest of several"],
)
def test_a_word_that_depends_hangs_on_the_part_that_tips_it_first(parts, named, change):
    told = outlook(*depends(*parts))
    assert told.startswith("Reproduced if all of its parts were, contradicted if none")
    assert named in told
    assert change in told


def test_a_word_that_depends_hangs_on_a_control_that_could_fail_first():
    rule, found = depends(SURE, FAR, controls=[("reproduced", 0.01, 1.2)])
    assert "whether `m` of depth=2 is below" in outlook(rule, found)


def test_an_exact_fact_says_which_deviation_would_turn_it():
    rule = Exact(measure="m", where={}, tolerance=0.5)
    assert said(rule, verdict("exact")) == "Refuted if a deviation exceeded 0.5"
    assert said(rule, verdict("refuted")) == "Exact if no deviation exceeded 0.5"


def test_an_unresolved_claim_tells_the_seeds_that_would_settle_it():
    assert said(GREATER, verdict("unresolved", seeds=1234)).endswith(
        "About 1,234 seeds like these would settle it."
    )
    assert "No number of seeds" in said(GREATER, verdict("unresolved"))


def test_a_claim_scaled_down_is_sent_back_to_its_own_setting():
    found = verdict(Word.UNRESOLVED_SCALED, unscaled=Word.CONTRADICTED)
    text = said(GREATER, found, "images")
    assert "(images)" in text
    assert "own setting" in text


def open_parts(*words, controls=()):
    """Return an `Each`, or what controls one, and what its last part left open."""
    rule, found = depends(
        *((word, 0.1, 0.9) for word in words),
        controls=[(word, 0.1, 0.9) for word in controls],
    )
    last = replace(found.parts[-1], seeds=16, parts=found.parts)
    return rule, replace(last, word=Word.UNRESOLVED, unscaled=Word.UNRESOLVED)


@pytest.mark.parametrize("controls", [(), ("unresolved",)])
def test_scaled_down_no_seeds_settle_what_is_contradicted_in_part(controls):
    rule, found = open_parts("contradicted", "unresolved", controls=controls)
    found = replace(found, word=Word.UNRESOLVED_SCALED)
    text = outlook(rule, found, "images")
    assert text.startswith("Scaled down (images) the interval of a part contradicts it")
    assert "seeds" not in text
    rule, found = open_parts("reproduced", "unresolved", controls=controls)
    found = replace(found, word=Word.UNRESOLVED_SCALED)
    assert outlook(rule, found, "images").endswith(
        "About 16 seeds like these would settle it."
    )


def test_the_part_that_is_open_is_told_as_a_part():
    rule, found = open_parts("contradicted", "unresolved")
    found = replace(found, unscaled=None)
    assert ". That part would be reproduced if" in outlook(rule, found)


def test_ends_that_look_like_their_bound_are_told_apart():
    text = said(GREATER, verdict("reproduced", 0.0004, 0.9))
    assert "0.0004" in text
    assert JOIN not in text
