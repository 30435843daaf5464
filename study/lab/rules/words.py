"""The words of verdicts: what each means, and how it stands to its claim."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum


class Stance(StrEnum):
    """How a verdict stands to the claim that it judges, and how readers are told so.

    Members have a `level`, which words that stand alike share.
    """

    FOR = "for", "holds"
    AGAINST = "against", "does not hold"
    OPEN = "open", "open"
    NONE = "none", "not yet judged"
    DEPENDS = "depends", "depends"

    def __new__(cls, text: str, level: str):
        stance = str.__new__(cls, text)
        stance._value_ = text
        stance.level = level
        return stance


LEVELS = (Stance.FOR, Stance.DEPENDS, Stance.AGAINST, Stance.OPEN, Stance.NONE)


_SCALED = (
    "The claim belongs to a setting that was scaled down here: it can be reproduced, "
    "but not contradicted."
)
_FACT = (
    "A fact, checked against what was computed: the largest deviation is within the "
    "tolerance, or not."
)
_HISTORY = "A statement about history: the source bears it out, or not."


class Word(StrEnum):
    """A verdict in a word, in the order in which they are counted.

    Members have a `stance`, a `sign` to show beside them, and a `meaning`, which
    several share.
    """

    REPRODUCED = (
        "reproduced",
        Stance.FOR,
        "✓",
        "The interval of the effect lies wholly on the claimed side, and not wholly "
        "below the smallest effect of interest, δ.",
    )
    REPRODUCED_SCALED = "reproduced at this scale", Stance.FOR, "≈", _SCALED
    CONTRADICTED = (
        "contradicted",
        Stance.AGAINST,
        "✗",
        "The interval lies wholly below δ: the effect is “opposite” (below 0), “weaker "
        "than claimed” (above 0) or there is “no such effect”.",
    )
    UNRESOLVED = (
        "unresolved",
        Stance.OPEN,
        "?",
        "Neither: the page says how many seeds would settle it.",
    )
    UNRESOLVED_SCALED = "unresolved (scaled)", Stance.OPEN, "≟", _SCALED
    EXACT = "exact", Stance.FOR, "=", _FACT
    EXACT_CONDITION = (
        "exact (with a condition)",
        Stance.FOR,
        "≅",
        "A fact that lacks a boundary case (n = 0, an open interval, a gap that can be "
        "filled, a base case): exact on the condition that the reason states, and "
        "measured to fail without it.",
    )
    REFUTED = "refuted", Stance.AGAINST, "≠", _FACT
    CITED = "cited", Stance.FOR, "§", _HISTORY
    MISCITED = "miscited", Stance.AGAINST, "!", _HISTORY
    NOT_JUDGED = "not yet judged", Stance.NONE, "–", ""
    DEPENDS = (
        "depends",
        Stance.DEPENDS,
        "±",
        "Parts of the claim are reproduced and parts contradicted, each by its own "
        "interval, or of two fair readings of a fact one holds and the other does not; "
        "the reason says on what it depends.",
    )

    def __new__(cls, text: str, stance: Stance, sign: str, meaning: str):
        word = str.__new__(cls, text)
        word._value_ = text
        word.stance, word.sign, word.meaning = stance, sign, meaning
        return word


def counts(words: Iterable[Word]) -> list[tuple[Word, int]]:
    """Count the words that occur, in their order."""
    found = Counter(words)
    return [(word, found[word]) for word in Word if found[word]]


def levels(words: Iterable[Word]) -> list[tuple[str, int, list[tuple[Word, int]]]]:
    """Count by level: how many of each, and of which words."""
    found = counts(words)
    levels = []
    for stance in LEVELS:
        mine = [(word, count) for word, count in found if word.stance is stance]
        if mine:
            levels.append((stance.level, sum(count for _, count in mine), mine))
    return levels


def meanings(words: Iterable[Word] = tuple(Word)) -> list[tuple[list[Word], str]]:
    """List what words mean, those that share a meaning together."""
    found: dict[str, list[Word]] = {}
    for word in words:  # a meaning stands where the last of its words does
        found[word.meaning] = [*found.pop(word.meaning, ()), word]
    return [(words, meaning) for meaning, words in found.items() if meaning]
