"""What would change a verdict is said of the numbers that decided it."""

from dataclasses import replace

import pytest

from study.lab.judge import FAILED
from study.lab.rules.summaries import JOIN
from study.lab.rules.verdicts import (
    Band,
    Cited,
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
SAME = Equivalent(measure="m", arm=ARM, than=THAN, margin=0.5)


def verdict(word, lower=0.1, upper=0.9, **fields):
    numbers = {"effect": (lower + upper) / 2, "lower": lower, "upper": upper}
    return Verdict(**({"word": Word(word), "delta": 0.5} | numbers | fields))


def said(rule, found, scaled=""):
    decides = rule.comparisons[0] if isinstance(rule, Shape | Each) else rule
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
        (
            Each(GREATER),
            verdict("depends", -0.9, 0.1),
            "upper end, 0.1, reached δ = 0.5",
        ),
        (
            Each(GREATER),
            verdict("depends", -0.9, 0.1),
            "Reproduced if all of its parts",
        ),
        (Cited(source="s"), Verdict(word=Word.CITED), "reading of the source"),
        (GREATER, FAILED, "The runs that are missing."),
    ],
)
def test_what_would_change_a_verdict_is_said(rule, found, words):
    assert words in said(rule, found)


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


def test_ends_that_look_like_their_bound_are_told_apart():
    text = said(GREATER, verdict("reproduced", 0.0004, 0.9))
    assert "0.0004" in text
    assert JOIN not in text
