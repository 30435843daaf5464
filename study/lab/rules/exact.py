"""Judge a fact: in no row is a deviation larger than rounding explains."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

import numpy as np

from study.lab.rules import arms
from study.lab.rules.base import Single, Verdict, number, own
from study.lab.rules.named import one
from study.lab.rules.words import Word
from study.lab.scalars import settle


@dataclass(frozen=True, kw_only=True)
class Exact(Single):
    """A fact: `measure`, a deviation, is at most `tolerance` in all rows of `where`.

    One that is not a number refutes.
    """

    measure: str
    where: Mapping = field(default_factory=dict)
    tolerance: float
    table: str = own()

    def __post_init__(self):
        settle(self)
        arms.check(self.where)
        if not (number(self.tolerance) and 0 <= self.tolerance < inf):
            raise ValueError(
                "`tolerance` is the largest deviation that rounding explains: expected "
                f"a finite number >= 0. Received: tolerance={self.tolerance}. Take 0 "
                "for equality to the bit."
            )

    def measures(self):
        return {self.measure}

    def arms(self):
        return (self.where,)

    def sentence(self):
        runs = f" of {arms.name(self.where)}" if self.where else ""
        return (
            f"Exact if {self._quantity()} is at most {self.tolerance:g} in every "
            f"run{runs}, else refuted."
        )

    def judged(self, reading):
        table = one(reading.tables[0], self.table)
        rows = arms.rows(table, self.where, self.measure)
        deviations = table[self.measure].to_numpy(float)[rows]
        if (deviations < 0).any():
            raise ValueError(
                f"`{self.measure}` is a deviation: expected numbers >= 0. Received: "
                f"{np.nanmin(deviations):g}. Store the absolute value."
            )
        largest = float(deviations.max())
        return Verdict(
            word=Word.EXACT if largest <= self.tolerance else Word.REFUTED,
            rule=self,
            effect=largest,
            lower=largest,
            upper=largest,
            delta=float(self.tolerance),
            unit=reading.units.get(self.measure, ""),
            replicates=len(deviations),
        )
