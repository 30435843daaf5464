"""Judge whether a measure of one arm lies above, or below, a number."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import ClassVar

import numpy as np

from study.lab.rules import arms, intervals, pairs
from study.lab.rules.base import Evidence, number, own
from study.lab.rules.threshold import Threshold
from study.lab.scalars import settle


@dataclass(frozen=True, kw_only=True)
class Level(Threshold):
    """The arm's `measure` is above, or below, a number that the claim names.

    With the interval of the mean, of the median for a censored count, whose ends are
    each at 1 - α, and cut to what its unit allows (% and shares):

        above   lower > above reproduced, upper < above contradicted
        below   upper < below reproduced, lower > below contradicted

    Args:
        measure: The measure's name. Of one that is 0 or 1 the rule is `Rate`.
        arm: The arm.
        above, below: The number, in the measure's unit; one of the two.
        center: `"median"`, of two-humped numbers. Defaults to None: the mean, and the
            median of a censored measure.
        table: The table that is read, of several.
    """

    measure: str
    arm: Mapping
    above: float | None = None
    below: float | None = None
    center: str | None = None
    table: str = own()

    sides: ClassVar[int] = 1
    than: ClassVar[None] = None

    _less, _more = "lower than claimed", "higher than claimed"
    meaning: ClassVar[str] = (
        "Level: reproduced if the interval lies wholly on the side that is named, "
        "contradicted if wholly on the other. The two ends hold one by one, each at as "
        "much as an interval of this page."
    )

    def __post_init__(self):
        settle(self)
        arms.check(self.arm)
        given = [each for each in (self.above, self.below) if each is not None]
        if not (len(given) == 1 and number(given[0]) and isfinite(given[0])):
            raise ValueError(
                "A level is held against one number: expected `above` or `below`. "
                f"Received: above={self.above}, below={self.below}. Hold it against "
                "two with two rules in a Shape."
            )
        if self.center not in (None, pairs.MEDIAN):
            raise ValueError(
                "`center` says what is held against the number: expected None or "
                f"{pairs.MEDIAN!r}. Received: center={self.center!r}. Leave it out for "
                "the mean, and for the median of a censored measure."
            )

    def claim(self):
        what = f"{self._quantity()} of {arms.name(self.arm)}"
        return f"{what} is {self._side} {self._bound:g}"

    def said(self, plain):
        """Return the claim in plain words."""
        bound = plain.level(self.measure, self._bound)
        what = f"{plain.measure(self.measure)} {self._side} {bound}"
        return f"{what} {plain.arm(self.arm)}".rstrip()

    def sentence(self):
        by = f", by {self.center}s" if self.center else ""
        return f"Level: {self.claim()}{by}."

    def read(self, table, reading):
        _, values = arms.by_replicate(table, self.measure, self.arm)
        unit = reading.units.get(self.measure, "")
        censored = self.measure in reading.censored
        never = censored and values >= reading.budget(self.measure, self.arm)
        most = np.where(never, np.inf, values)
        by_median = self.center == pairs.MEDIAN or censored
        if by_median:
            find = partial(intervals.sign_test_between, values, most)
        else:
            find = partial(intervals.student, values)
        return Evidence(
            effect=(np.median if by_median else np.mean)(values),
            delta=self._bound,
            null=self._bound,
            unit=unit,
            replicates=len(values),
            interval=partial(_cut, find, intervals.ENDS.get(unit)),
        )


def _cut(find, ends, alpha, n):
    """Return an interval, cut to what a unit allows."""
    lower, upper = find(alpha, n)
    if ends is None:
        return lower, upper
    return max(lower, ends[0]), min(upper, ends[1])
