"""Judge each of several comparisons, and say on what it depends which of them hold."""

from dataclasses import dataclass, replace

from study.lab.rules.base import least_certain
from study.lab.rules.depends import depends
from study.lab.rules.shape import Several, seeds_of
from study.lab.rules.words import Word


@dataclass(frozen=True, init=False)
class Each(Several):
    """Each of several comparisons is judged by itself, at an equal part of the error.

    Reproduced if all are, contradicted if all are; *depends* if some are reproduced
    and others contradicted, for which the reason says where which; else unresolved.
    The numbers of the verdict are those of the comparison whose interval clears its
    bound by least, of a verdict that depends among the contradicted. Unresolved,
    `seeds` settles every part.
    """

    comparisons: tuple

    _called = "Such a claim"
    _first = (
        "Reproduced if all of these are, contradicted if all are, else it depends if "
        "some are this and others that, else unresolved, each at an equal part of the "
        "error:"
    )

    def words(self):
        several = {Word.DEPENDS} if len(self.comparisons) > 1 else set()
        return super().words() | several

    def _settled(self, words):
        return {Word.REPRODUCED, Word.CONTRADICTED} <= words

    def judged(self, reading):
        parts = self._verdicts(reading)
        words = [each.word for each in parts]
        against = [each for each in parts if each.word is Word.CONTRADICTED]
        where = depends(self.comparisons, words, reading.plain) if against else ""
        if self._settled({*words}):
            decides = least_certain(against)
            return replace(decides, word=Word.DEPENDS, reason=where, parts=parts)
        left = [each for each in parts if each.word is Word.UNRESOLVED]
        decides = least_certain(left or parts)
        claim = decides.rule.said(reading.plain)
        match decides.word:
            case Word.CONTRADICTED:
                reason = f"in all, farthest from it: {claim}: {decides.reason}"
            case Word.UNRESOLVED:
                reason = where or f"undecided: {claim}"
            case _:
                reason = f"least certain: {claim}"
        return replace(decides, reason=reason, seeds=seeds_of(parts), parts=parts)
