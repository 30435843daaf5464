"""Judge whether a measure of one arm is two to three times that of another."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import ClassVar

from study.lab.rules import arms, pairs
from study.lab.rules.base import Comparison, own
from study.lab.rules.margins import Margin
from study.lab.scalars import settle


@dataclass(frozen=True, kw_only=True)
class Band(Comparison):
    """The arm's `measure` is from `low` to `high` times that of the reference.

    With the interval of exp(mean(log(arm / than))), of the median for a censored
    count, as in `Raises`:

        low < lower and upper < high   reproduced
        upper < low                    contradicted: smaller than claimed
        lower > high                   contradicted: larger than claimed
                                       else unresolved

    Args:
        measure: The measure's name, a number above 0.
        arm, than: The arms.
        low, high: The factors that the claim names, > 0.
        center: As in `Raises`.
        table: The table that is read, of several.
    """

    measure: str
    arm: Mapping
    than: Mapping
    low: float
    high: float
    center: str | None = None
    table: str = own()

    meaning: ClassVar[str] = (
        "Band: reproduced if the interval of the factor lies inside the band, "
        "contradicted if outside."
    )

    def __post_init__(self):
        settle(self)
        arms.check(self.arm, self.than)
        pairs.check(self.center)
        if not 0 < self.low < self.high < inf:
            raise ValueError(
                "`low` and `high` are the factors that a claim names: expected 0 < low "
                f"< high. Received: low={self.low}, high={self.high}. For an open side "
                "take Raises or Lowers with a margin that is a factor."
            )

    def claim(self):
        arm, than = arms.name(self.arm), arms.name(self.than)
        return (
            f"{self._quantity()} of {arm} is {self.low:g} to {self.high:g} times that "
            f"of {than}"
        )

    def said(self, plain):
        """Return the claim in plain words."""
        arm, than, shared = plain.two(self.arm, self.than)
        return (
            f"{plain.measure(self.measure)} {arm} {self.low:g} to {self.high:g} times "
            f"that {than}{shared}"
        )

    def sentence(self):
        return f"Band: {self.claim()}."

    @property
    def margin(self):
        """The claim's larger factor, by which the effect is read as one."""
        return Margin(max(self.high, 1 / self.low), "factor", "the claim names it")

    def read(self, table, reading):
        return pairs.effect(self, self.arm, self.than, 1, table, reading)

    @property
    def stretches(self):
        return False

    def contradiction(self, found):
        if found.upper < self.low:
            return "smaller than claimed"
        return "larger than claimed" if found.lower > self.high else ""

    def clearance(self, found):
        return min(found.lower / self.low, self.high / found.upper) - 1
