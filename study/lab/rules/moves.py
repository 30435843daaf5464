"""Judge whether an arm raises, or lowers, a measure by what matters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from study.lab.rules import arms, margins, pairs
from study.lab.rules.base import Comparison, own
from study.lab.rules.margins import Margin
from study.lab.scalars import settle


@dataclass(frozen=True, kw_only=True)
class Effect(Comparison):
    """What rules on two arms share that are held against a natural margin.

    Each end of the interval has all of the error: about no truth can both be wrong.
    """

    measure: str
    arm: Mapping
    than: Mapping
    margin: Margin | None = None
    center: str | None = None
    table: str = own()

    sides: ClassVar[int] = 1

    _sign: ClassVar[int] = 1

    def __post_init__(self):
        settle(self)
        arms.check(self.arm, self.than)
        margins.settle(self)
        pairs.check(self.center)

    def claim(self):
        arm, than = arms.name(self.arm), arms.name(self.than)
        return f"{self._quantity()} of {arm} {self._says} that of {than}"

    def said(self, plain):
        """Return the claim in plain words."""
        arm, than, shared = plain.two(self.arm, self.than)
        if self.margin.scale == "share":
            what = f"{self._plain_share} {plain.runs(self.measure)}"
        else:
            what = f"{plain.measure(self.measure)} {self._plain}"
        return f"{what} {arm} than {than}{shared}"

    def sentence(self):
        own = "its own margin, " if margins.departs(self) else ""
        by = f", by {self.center}s" if self.center else ""
        return f"{type(self).__name__}: {self.claim()}{by}; δ is {own}{self.margin}."

    def read(self, table, reading):
        return pairs.effect(self, self.arm, self.than, self._sign, table, reading)


class Raises(Effect):
    """The arm raises `measure` above that of the reference, by what matters.

    The effect is mean(d), d = arm - than within a replicate, or the median of a
    censored count, of which a run that never gets there may have come at any time
    after its budget; where the margin is a factor it is that of log(arm / than).
    With the ends of the interval each at 1 - α, and `null` the effect that is none:

        upper < margin                     contradicted: opposite (upper < null), weaker
                                           than claimed (lower > null), no such effect
        lower > null and effect >= margin  else reproduced
                                           else unresolved

    Args:
        measure: The measure's name.
        arm, than: The arms.
        margin: The smallest effect that matters. Defaults to the measure's natural one.
        center: `"median"`, of two-humped numbers, or `"restricted mean"`, of counts
            that end at the smaller of both budgets. Defaults to None: the mean, and
            the median of a censored measure.
        table: The table that is read, of several.
    """

    _says = "is above"
    _plain, _plain_share = "higher", "more"
    meaning = (
        "Raises and Lowers: reproduced if the effect reaches the margin δ and its "
        "lower end lies beyond no effect; contradicted if its upper end lies below δ. "
        "The two ends hold one by one, each at as much as an interval of this page."
    )

    def clearance(self, found):
        certain = super().clearance(found)
        reaches = (found.effect - found.null) / (found.delta - found.null) - 1
        return certain if reaches >= 0 else min(certain, reaches)


class Lowers(Raises):
    """The arm lowers `measure` below the reference's: `Raises`, d = than - arm."""

    _sign = -1
    _says = "is below"
    _plain, _plain_share = "lower", "fewer"
