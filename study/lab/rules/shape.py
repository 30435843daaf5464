"""Judge whether all of several comparisons hold."""

from dataclasses import dataclass, replace

from study.lab.rules.base import Comparison, least_certain
from study.lab.rules.words import Word


class Several:
    """What rules share that are made of comparisons, each at its part of the error."""

    def __init__(self, *comparisons):
        object.__setattr__(self, "comparisons", comparisons)
        a, name = self._called, type(self).__name__
        if not comparisons:
            raise ValueError(
                f"{a} is made of comparisons: expected at least one. Received: "
                f"none. Hand them over one by one: {name}(Less(...), Equivalent(...))."
            )
        for comparison in comparisons:
            if not isinstance(comparison, Comparison):
                raise TypeError(
                    f"{a} is made of comparisons: expected Greater, Less, Rate or "
                    f"another rule on arms. Received: {comparison!r}. Hand them over "
                    f"one by one: {name}(Less(...), Equivalent(...))."
                )

    def measures(self):
        return set().union(*(part.measures() for part in self.comparisons))

    def tables(self):
        return set().union(*(part.tables() for part in self.comparisons))

    def words(self):
        """Return the words that it may come to."""
        return self.comparisons[0].words()

    def arms(self):
        return tuple(arm for part in self.comparisons for arm in part.arms())

    def parts(self):
        return [(part, len(self.comparisons)) for part in self.comparisons]

    def undecided(self, words):
        if self._settled({*words}):
            return []
        judged = zip(self.comparisons, words, strict=True)
        return [part for part, word in judged if word is Word.UNRESOLVED]

    def numbers(self):
        """Return the numbers by which the parts are told."""
        return [f"({i})" for i, _ in enumerate(self.comparisons, 1)]

    def sentences(self):
        parts = zip(self.numbers(), self.comparisons, strict=True)
        return [self._first, *(f"{i} {part.sentence()}" for i, part in parts)]

    def _verdicts(self, reading):
        reading = reading.part(len(self.comparisons))
        return tuple(part.judged(reading) for part in self.comparisons)


def seeds_of(verdicts):
    """Return how many seeds settle every unresolved one; None where none would."""
    wanted = [each.seeds for each in verdicts if each.word is Word.UNRESOLVED]
    return None if None in wanted or not wanted else max(wanted)


@dataclass(frozen=True, init=False)
class Shape(Several):
    """All of several comparisons hold, each judged at an equal part of the error.

    Contradicted if one is, reproduced if all are, else unresolved. The numbers of
    the verdict are those of the comparison that decides, which the reason names:
    the contradicted one, else the one whose interval clears its bound by least,
    counted in its own delta or margin. Unresolved, `seeds` settles every part.

    It suits a claim of all: "the same for every depth". For one that parts may bear
    out and others not there is `Each`, for one of existence `Some`.
    """

    comparisons: tuple

    _called = "A shape"
    _first = (
        "Reproduced if all of these are, contradicted if one is, else unresolved, each "
        "at an equal part of the error:"
    )

    def _settled(self, words):
        return Word.CONTRADICTED in words

    def judged(self, reading):
        parts = self._verdicts(reading)
        contradicted = [each for each in parts if each.word is Word.CONTRADICTED]
        decides = least_certain(contradicted or parts)
        claim, seeds = decides.rule.said(reading.plain), decides.seeds
        match decides.word:
            case Word.CONTRADICTED:
                reason = f"{claim}: {decides.reason}"
            case Word.UNRESOLVED:
                reason, seeds = f"undecided: {claim}", seeds_of(parts)
            case _:
                reason = f"least certain: {claim}"
        return replace(decides, reason=reason, seeds=seeds, parts=parts)
