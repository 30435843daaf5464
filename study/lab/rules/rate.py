"""Judge how often something happens, against a threshold or another arm."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from study.lab.rules import arms, intervals
from study.lab.rules.base import Evidence, number, own
from study.lab.rules.threshold import Threshold
from study.lab.scalars import settle


@dataclass(frozen=True, kw_only=True)
class Rate(Threshold):
    """The share of runs with `measure` 1, not 0, is above, below or more than another.

    A single arm's exact (Clopper-Pearson) interval is held against the threshold:

        above   lower > above reproduced, upper < above contradicted
        below   upper < below reproduced, lower > below contradicted

    Two arms are decided as in `Greater`, on the difference of their shares; each
    arm's exact interval has half the error. Rates have no unit: `delta` is a share.
    """

    measure: str
    arm: Mapping
    than: Mapping | None = None
    above: float | None = None
    below: float | None = None
    delta: float | None = None
    table: str = own()

    _less, _more = "rarer than claimed", "more frequent than claimed"

    def __post_init__(self):
        settle(self)
        bounds = {"than": self.than, "above": self.above, "below": self.below}
        given = {key: value for key, value in bounds.items() if value is not None}
        if len(given) != 1:
            received = ", ".join(f"{key}={value}" for key, value in given.items())
            raise ValueError(
                "A rate is held against one thing: expected exactly one of `than`, "
                f"`above` and `below`. Received: {received or 'none of them'}. Hold "
                "it against two with two rules in a Shape."
            )
        arms.check(self.arm, self.than)
        ((key, bound),) = given.items()
        if key == "than":
            if not (number(self.delta) and 0 < self.delta <= 1):
                raise ValueError(
                    "`delta` is the smallest difference of interest between two rates: "
                    "expected a share above 0, at most 1. Received: "
                    f"delta={self.delta}. Ten percentage points are delta=0.1."
                )
        elif not (number(bound) and 0 <= bound <= 1):
            raise ValueError(
                f"`{key}` is a rate: expected a number from 0 to 1. Received: "
                f"{key}={bound}. Give a share, not a percentage."
            )
        elif self.delta is not None:
            raise ValueError(
                f"`delta` goes with `than`: expected none beside `{key}`. Received: "
                f"delta={self.delta}. Leave it out: the threshold decides."
            )

    def claim(self):
        rate = f"the rate of {self._quantity()} in {arms.name(self.arm)} is"
        if self.than is not None:
            return f"{rate} greater than that in {arms.name(self.than)}"
        return f"{rate} {self._side} {self._bound:g}"

    def said(self, plain):
        """Return the claim in plain words."""
        runs = plain.runs(self.measure)
        if self.than is not None:
            arm, than, shared = plain.two(self.arm, self.than)
            return f"more {runs} {arm} than {than}{shared}"
        side = "more" if self._side == "above" else "less"
        share = "half" if self._bound == 0.5 else f"{100 * self._bound:g} %"
        return f"{side} than {share} of the {runs} {plain.arm(self.arm)}".rstrip()

    def sentence(self):
        if self.than is not None:
            return super().sentence()
        return (
            f"{self.claim()}: reproduced if its exact simultaneous 95 % interval lies "
            "wholly on that side, contradicted if wholly on the other, else unresolved."
        )

    def read(self, table, reading):
        if self.than is None:
            runs = (arms.by_replicate(table, self.measure, self.arm)[1],)
        else:
            runs = arms.pairs(table, self.measure, self.arm, self.than)
        arms.check_binary(self.measure, np.concatenate(runs))
        shares = [run.mean() for run in runs]
        if self.than is None:
            effect, delta = shares[0], self._bound
            interval = partial(intervals.clopper_pearson, effect)
        else:
            effect, delta = shares[0] - shares[1], self.delta
            interval = partial(intervals.share_difference, shares)
        return Evidence(
            effect=effect,
            delta=delta,
            unit="",
            replicates=len(runs[0]),
            interval=interval,
        )
