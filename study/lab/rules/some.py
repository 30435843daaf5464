"""Judge whether at least one of several comparisons holds."""

from dataclasses import dataclass, replace

from study.lab.rules.shape import Several, seeds_of
from study.lab.rules.words import Word


@dataclass(frozen=True, init=False)
class Some(Several):
    """At least one of several comparisons holds: the claim says "can", or "some".

    Reproduced if one is, contradicted if all are, else unresolved. To look in several
    places costs: each is judged at an equal part of the error. The numbers of the
    verdict are those of the comparison whose interval clears its bound by most.
    """

    comparisons: tuple

    _called = "A claim of some"
    _first = (
        "Reproduced if one of these is, contradicted if all are, else unresolved, each "
        "at an equal part of the error:"
    )

    def _settled(self, words):
        return Word.REPRODUCED in words

    def judged(self, reading):
        parts = self._verdicts(reading)
        words = {each.word for each in parts}
        order = (Word.REPRODUCED, Word.UNRESOLVED, Word.CONTRADICTED)
        word = next(each for each in order if each in words)
        decides = max(
            (each for each in parts if each.word is word),
            key=lambda each: each.rule.clearance(each),
        )
        claim = decides.rule.said(reading.plain)
        reason = {
            Word.REPRODUCED: f"for one, {claim}",
            Word.UNRESOLVED: f"undecided, nearest to it: {claim}",
            Word.CONTRADICTED: f"in none, nearest to it: {claim}: {decides.reason}",
        }[word]
        seeds = seeds_of(parts) if word is Word.UNRESOLVED else None
        return replace(decides, reason=reason, seeds=seeds, parts=parts)
