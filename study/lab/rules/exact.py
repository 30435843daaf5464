"""Judge a fact: in no row is a deviation larger than rounding explains."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

import numpy as np

from study.lab.rules import arms
from study.lab.rules.base import Single, Verdict, number, own
from study.lab.rules.named import one
from study.lab.rules.summaries import brief
from study.lab.rules.words import Word
from study.lab.scalars import settle


@dataclass(frozen=True, kw_only=True)
class Exact(Single):
    """A fact: `measure`, a deviation, is at most `tolerance` in all rows of `where`.

    One that is not a number refutes. A fact that lacks a boundary case has a
    `condition`, in words that go on from "provided that": `where` are the rows in which
    it holds, `without` those in which it does not. Where the deviation is larger there,
    the fact is exact with that condition; where it is not, none was lacking.
    """

    measure: str
    where: Mapping = field(default_factory=dict)
    tolerance: float
    condition: str = ""
    without: Mapping = field(default_factory=dict)
    table: str = own()

    def __post_init__(self):
        settle(self)
        arms.check(self.where)
        arms.check(self.without)
        if bool(self.condition) != bool(self.without):
            raise ValueError(
                "A condition is measured: expected both what it is and the rows "
                f"without it. Received: condition={self.condition!r}, "
                f"without={dict(self.without)!r}. Give both, or neither."
            )
        if not (number(self.tolerance) and 0 <= self.tolerance < inf):
            raise ValueError(
                "`tolerance` is the largest deviation that rounding explains: expected "
                f"a finite number >= 0. Received: tolerance={self.tolerance}. Take 0 "
                "for equality to the bit."
            )

    def measures(self):
        return {self.measure}

    def words(self):
        """Return the words that it may come to."""
        lacking = {Word.EXACT_CONDITION} if self.condition else set()
        return {Word.EXACT, Word.REFUTED} | lacking

    def arms(self):
        return (self.where, self.without) if self.condition else (self.where,)

    def sentence(self):
        runs = f" of {arms.name(self.where)}" if self.where else ""
        exact = (
            f"Exact if {self._quantity()} is at most {self.tolerance:g} in every "
            f"run{runs}, else refuted"
        )
        if not self.condition:
            return f"{exact}."
        return (
            f"{exact}; with a condition, provided that {self.condition}, if it is more "
            f"in one of {arms.name(self.without)}."
        )

    def judged(self, reading):
        table = one(reading.tables[0], self.table)
        deviations = self._deviations(table, self.where)
        largest = float(deviations.max())
        word = Word.EXACT if largest <= self.tolerance else Word.REFUTED
        reason = ""
        if self.condition and word is Word.EXACT:
            elsewhere = float(self._deviations(table, self.without).max())
            if not elsewhere <= self.tolerance:
                word = Word.EXACT_CONDITION
                reason = (
                    f"provided that {self.condition}; without it the deviation is "
                    f"{brief(elsewhere)}"
                )
        return Verdict(
            word=word,
            reason=reason,
            rule=self,
            effect=largest,
            lower=largest,
            upper=largest,
            delta=float(self.tolerance),
            unit=reading.units.get(self.measure, ""),
            replicates=len(deviations),
        )

    def _deviations(self, table, where):
        rows = arms.rows(table, where, self.measure)
        deviations = table[self.measure].to_numpy(float)[rows]
        if (deviations < 0).any():
            raise ValueError(
                f"`{self.measure}` is a deviation: expected numbers >= 0. Received: "
                f"{np.nanmin(deviations):g}. Store the absolute value."
            )
        return deviations
