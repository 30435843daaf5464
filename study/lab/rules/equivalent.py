"""Judge whether a measure of two arms is the same, to within a margin."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from study.lab.rules import arms
from study.lab.rules.base import Comparison, number, own
from study.lab.rules.difference import Greater
from study.lab.scalars import settle


@dataclass(frozen=True, kw_only=True)
class Equivalent(Comparison):
    """Both arms have the same `measure`, to within `margin`.

    With d = arm - than within a replicate and the interval of its mean (its median
    for a censored step count):

        -margin < lower and upper < margin     reproduced
        lower > margin or upper < -margin      contradicted: different
                                               else unresolved

    `because` says why a smaller difference does not matter, which the page prints.
    """

    measure: str
    arm: Mapping
    than: Mapping
    margin: float
    because: str = field(repr=False)
    table: str = own()

    def __post_init__(self):
        settle(self)
        arms.check(self.arm, self.than)
        if not (number(self.margin) and 0 < self.margin < inf):
            raise ValueError(
                "`margin` is the largest difference that still counts as none: "
                f"expected a finite number > 0. Received: margin={self.margin}. "
                "For equality without a margin use Exact."
            )
        if not self.because.strip():
            raise ValueError(
                "`because` says why a smaller difference does not matter: expected a "
                f"reason. Received: because={self.because!r}. Write one, which the "
                "page prints."
            )

    def claim(self):
        arm, than = arms.name(self.arm), arms.name(self.than)
        return (
            f"{self._quantity()} of {arm} is that of {than} to within {self.margin:g}"
        )

    def said(self, plain):
        """Return the claim in plain words."""
        arm, than, shared = plain.two(self.arm, self.than)
        return (
            f"{plain.measure(self.measure)} the same {arm} as {than}, to within "
            f"{plain.margin(self.measure, self.margin)}{shared}"
        )

    def sentence(self):
        return (
            f"{self.claim()} ({self.because}): reproduced if the simultaneous 95 % "
            f"interval of the difference lies inside ±{self.margin:g}, contradicted if "
            "it lies wholly outside, else unresolved."
        )

    def read(self, table, reading):
        difference = Greater(
            measure=self.measure, arm=self.arm, than=self.than, delta=self.margin
        )
        return difference.read(table, reading)

    def contradiction(self, found):
        outside = found.lower > found.delta or found.upper < -found.delta
        return "different" if outside else ""

    def clearance(self, found):
        return (found.delta - max(-found.lower, found.upper)) / found.delta
