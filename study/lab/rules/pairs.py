"""Read effects off pairs of runs: differences, factors, shares, also of counts cut."""

from functools import partial

import numpy as np

from study.lab.rules import arms, intervals
from study.lab.rules.base import Evidence

MEDIAN, RESTRICTED = "median", "restricted mean"
CENTERS = (None, MEDIAN, RESTRICTED)


def check(center) -> None:
    """Raise where `center` names no way to sum up runs."""
    if center not in CENTERS:
        raise ValueError(
            f"`center` says what is compared: expected None, {MEDIAN!r} or "
            f"{RESTRICTED!r}. Received: center={center!r}. Leave it out for the mean, "
            "and for the median of a censored measure."
        )


def effect(rule, arm, than, sign, table, reading) -> Evidence:
    """Return by how much, or by what factor, a measure is more in an arm.

    Args:
        rule: It has a `measure`, a `margin` and a `center`.
        arm, than: The arms.
        sign: 1 for more, -1 for less.
        table: The rows.
        reading: How the rule reads them.
    """
    pairs = arms.pairs(table, rule.measure, arm, than)
    if rule.margin.scale == "share":
        return _shares(rule.measure, pairs, sign, rule.margin.value)
    gains = between(rule, arm, than, sign, pairs, reading)
    return summed(rule, *gains, reading)


def between(rule, arm, than, sign, runs, reading):
    """Return the least, the seen and the most that each pair may have gained.

    Of a pair they are one number, unless a run of it was censored: it got there some
    time after its budget, or never. Factors are given by their logarithms.
    """
    one, other = (_scaled(rule, each) for each in runs)
    seen = sign * (one - other)
    if rule.measure not in reading.censored:
        if rule.center == RESTRICTED:
            raise ValueError(
                "A restricted mean is one of censored counts: expected "
                f"`{rule.measure}` to be one. Received: center={rule.center!r}. Leave "
                "it out."
            )
        return seen, seen, seen
    ends = [reading.budget(rule.measure, each) for each in (arm, than)]
    if rule.center == RESTRICTED:
        one, other = (_scaled(rule, np.minimum(each, min(ends))) for each in runs)
        seen = sign * (one - other)
        return seen, seen, seen
    late, later = (
        np.where(each >= end, np.inf, 0.0) for each, end in zip(runs, ends, strict=True)
    )
    if sign < 0:
        late, later = later, late
    return seen - later, seen, seen + late


def summed(rule, least, seen, most, reading) -> Evidence:
    """Return the mean or the median of effects, with its interval and margin."""
    censored = rule.measure in reading.censored
    by_median = rule.center == MEDIAN or (censored and rule.center is None)
    center = np.median if by_median else np.mean
    unit = reading.units.get(rule.measure, "")
    low, high = _reach(unit)
    factor = rule.margin.scale == "factor"

    def interval(alpha, n):
        if by_median:
            lower, upper = intervals.sign_test_between(least, most, alpha, n)
        else:
            lower, upper = intervals.student(seen, alpha, n)
        if factor:
            return np.exp(lower), np.exp(upper)
        return max(lower, low), min(upper, high)

    return Evidence(
        effect=np.exp(center(seen)) if factor else center(seen),
        delta=_delta(rule, reading),
        unit="times" if factor else unit,
        replicates=len(seen),
        interval=interval,
        null=1.0 if factor else 0.0,
    )


def _shares(measure, pairs, sign, delta):
    arms.check_binary(measure, np.concatenate(pairs))
    shares = [run.mean() for run in pairs][::sign]
    return Evidence(
        effect=shares[0] - shares[1],
        delta=delta,
        unit="",
        replicates=len(pairs[0]),
        interval=partial(intervals.share_difference, shares),
    )


def _scaled(rule, values):
    if rule.margin.scale != "factor":
        return values
    if (values <= 0).any():
        raise ValueError(
            f"A factor compares numbers above 0: expected `{rule.measure}` to be so in "
            f"each run. Received: {values.min():g}. Give the rule a margin of "
            'differences: margin=Margin(0.5, because="...").'
        )
    return np.log(values)


def _delta(rule, reading):
    if rule.margin.scale != "chance":
        return rule.margin.value
    if reading.chance is None:
        raise ValueError(
            "A share of chance needs the loss of a guess that knows nothing: expected "
            "classes under a cross-entropy. Received: other data or another loss. Give "
            'the rule a margin in its own unit: margin=Margin(0.5, because="...").'
        )
    return rule.margin.value * reading.chance


def _reach(unit):
    """Return the least and the most that a difference in a unit can be."""
    least, most = intervals.ENDS.get(unit, (-np.inf, np.inf))
    return least - most, most - least
