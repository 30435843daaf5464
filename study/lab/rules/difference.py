"""Judge whether a measure of one arm is greater, or less, than that of another."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import ClassVar

import numpy as np

from study.lab.rules import arms, intervals
from study.lab.rules.base import Comparison, Evidence, number, own
from study.lab.scalars import settle


@dataclass(frozen=True, kw_only=True)
class Greater(Comparison):
    """The arm's `measure` is greater than the reference's.

    The effect is mean(d), d = arm - than within a replicate, and its Student interval
    decides. For a step count censored at the budget it is median(d), with the
    interval of the sign test. In either case

        upper < delta   contradicted: opposite (upper < 0),
                        weaker than claimed (lower > 0), no such effect (else)
        lower > 0       else reproduced
                        else unresolved

    Without `delta` it is 0.1 · mean(|than|), at least 0.1 where the unit is %.
    """

    measure: str
    arm: Mapping
    than: Mapping
    delta: float | None = None
    table: str = own()

    _sign: ClassVar[int] = 1
    _word: ClassVar[str] = "greater"
    _plain: ClassVar[str] = "higher"

    def __post_init__(self):
        settle(self)
        arms.check(self.arm, self.than)
        if self.delta is not None and not (number(self.delta) and 0 < self.delta < inf):
            raise ValueError(
                "`delta` is the smallest effect of interest: expected a finite number "
                f"> 0. Received: delta={self.delta}. Leave it out for a tenth of the "
                "reference arm's mean."
            )

    def claim(self):
        arm, than = arms.name(self.arm), arms.name(self.than)
        return f"{self._quantity()} of {arm} is {self._word} than that of {than}"

    def said(self, plain):
        """Return the claim in plain words."""
        arm, than, shared = plain.two(self.arm, self.than)
        return f"{plain.measure(self.measure)} {self._plain} {arm} than {than}{shared}"

    def read(self, table, reading):
        arm, than = arms.pairs(table, self.measure, self.arm, self.than)
        differences = self._sign * (arm - than)
        unit = reading.units.get(self.measure, "")
        delta = self.delta
        if delta is None:
            delta = max(0.1 * np.abs(than).mean(), 0.1 if unit == "%" else 0.0)
        if self.measure in reading.censored:
            effect, interval = np.median(differences), intervals.sign_test
        else:
            effect, interval = differences.mean(), intervals.student
        return Evidence(
            effect=effect,
            delta=delta,
            unit=unit,
            replicates=len(differences),
            interval=partial(interval, differences),
        )


class Less(Greater):
    """The arm's `measure` is less than the reference's: `Greater`, d = than - arm."""

    _sign = -1
    _word = "less"
    _plain = "lower"
