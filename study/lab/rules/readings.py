"""Judge a fact by each of its fair readings, or of its parts, and say which hold."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

from study.lab.rules.base import Verdict
from study.lab.rules.cited import Cited
from study.lab.rules.exact import Exact
from study.lab.rules.words import Stance, Word


@dataclass(frozen=True, init=False)
class Readings:
    """A fact that can fairly be read in several ways, or that has several parts.

    Exact, or cited, if it is so in all of them, and with a condition if one is;
    refuted, or miscited, if it is in all; else it *depends*, and the reason says which
    reading holds. The numbers are those of the reading that is farthest from true.

    Args:
        readings: What a reading is, in words, to the `Exact` or `Cited` that judges it.
    """

    readings: tuple[tuple[str, Exact | Cited], ...]

    def __init__(self, readings: Mapping[str, Exact | Cited]):
        if not (isinstance(readings, Mapping) and len(readings) > 1):
            raise ValueError(
                "Readings are told apart by words: expected a mapping of two or more "
                f"to rules. Received: {readings!r}. A fact with one reading is Exact "
                "or Cited itself."
            )
        for name, rule in readings.items():
            if not isinstance(rule, Exact | Cited):
                raise TypeError(
                    "A reading is a fact: expected Exact or Cited. Received: "
                    f"{rule!r} for {name!r}. Arms are compared by Each or Shape."
                )
        object.__setattr__(self, "readings", tuple(readings.items()))

    def measures(self):
        return set().union(*(rule.measures() for _, rule in self.readings))

    def tables(self):
        return set().union(*(rule.tables() for _, rule in self.readings))

    def words(self):
        """Return the words that it may come to."""
        each = (rule.words() for _, rule in self.readings)
        return {_joint({*words}) for words in product(*each)}

    def arms(self):
        return tuple(arm for _, rule in self.readings for arm in rule.arms())

    def parts(self):
        return [part for _, rule in self.readings for part in rule.parts()]

    def undecided(self, words):
        return []

    def sentences(self):
        first = "Each of these is judged; the claim depends where they come out apart:"
        return [first, *(f"{name}: {rule.sentence()}" for name, rule in self.readings)]

    def judged(self, reading):
        parts = tuple(rule.judged(reading) for _, rule in self.readings)
        word = _joint({each.word for each in parts})
        failed = [each for each in parts if each.word.stance is Stance.AGAINST]
        decides = max(failed or parts, key=_reach)
        named = zip(self.readings, parts, strict=True)
        reason = "; ".join(f"{name}: {_told(part)}" for (name, _), part in named)
        return replace(decides, word=word, reason=reason, parts=parts)


def _joint(words):
    """Return the word of a fact by those of its readings."""
    if len({each.stance for each in words}) > 1:
        return Word.DEPENDS
    order = Word.EXACT_CONDITION, Word.EXACT, Word.CITED, Word.REFUTED, Word.MISCITED
    return next(each for each in order if each in words)


def _reach(verdict: Verdict):
    """Tell how far a reading is from true, citations before none."""
    if verdict.effect is None:
        return -1.0
    return verdict.effect / verdict.delta if verdict.delta else verdict.effect


def _told(verdict):
    return f"{verdict.word} ({verdict.reason})" if verdict.reason else f"{verdict.word}"
