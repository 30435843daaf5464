"""Tell numbers that are made again from those of a page's tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from study.lab.judge import judge_all
from study.lab.rules.arms import name
from study.lab.rules.named import RESULTS, named
from study.lab.train import tabulate

# Rounding of 1e-16 that a chain of operations has carried to half of the digits.
ROUNDED = float(np.sqrt(np.finfo(float).eps))

# What a float32 measure knows, of which tables have seven digits.
WRITTEN = 1e-6


@dataclass
class Checked:
    """What came of the runs of one page that were made again.

    Args:
        page: The finding.
        origin: Where its tables come from.
        same: Runs that are the same to the bit, or tables where nothing is trained.
        rounded: Runs that rounding alone may have made otherwise.
        intervals: Claims of timed pages whose intervals meet.
        differing: What is different, in words.
        left_out: Why nothing was made again; empty where something was.
    """

    page: str
    origin: Mapping
    same: int = 0
    rounded: int = 0
    intervals: int = 0
    differing: list[str] = field(default_factory=list)
    left_out: str = ""


def of(table, cell, replicate):
    """Return the row of a run, or None."""
    if table is None:
        return None
    mine = table["replicate"] == replicate
    for each, label in cell.items():
        mine &= table[each] == label
    return table[mine].iloc[0] if mine.any() else None


def _numbers(experiment):
    return ["diverged", *experiment.units()]


def equal(experiment, one, other):
    return all(_same(one[each], other[each]) for each in _numbers(experiment))


def _same(one, other):
    return (pd.isna(one) and pd.isna(other)) or bool(one == other)


def beyond(experiment, row, mine, others):
    """Say which number rounding alone cannot have made; empty for none."""
    for each in _numbers(experiment):
        if _same(row[each], mine[each]):
            continue
        around = [_number(each, x) for x in (mine, *others) if x is not None]
        there = _number(each, row)
        low, high = min(around), max(around)
        width = max(high - low, WRITTEN * max(abs(low), abs(high)))
        if not low - width <= there <= high + width:  # a NaN lies nowhere
            return (
                f"{each} is {there:.7g} in the table and {around[0]:.7g} here; "
                f"rounding carries it from {low:.7g} to {high:.7g}"
            )
    return ""


def _number(name, row):
    """Return a number of a run; a run that did not diverge did so at step 0."""
    return 0.0 if name == "diverged" and pd.isna(row[name]) else float(row[name])


def compare_tables(page, again, checked):
    """Compare the tables of a simulation cell by cell."""
    tables = named(again)
    if {*tables} != {*named(page.table)}:
        checked.differing.append(f"{page.name}: it has other tables")
        return
    files = {each: page.folder / f"{each}.csv" for each in tables}
    if all(tabulate.to_csv(tables[each]) == files[each].read_bytes() for each in files):
        checked.same += 1
        return
    for table, path in files.items():
        place = page.name if table == RESULTS else f"{page.name}: {table}"
        if why := _difference(pd.read_csv(path), tables[table]):
            checked.differing.append(f"{place}: {why}")
            return
    checked.rounded += 1


def _difference(before, again):
    """Say in what a table differs by more than rounding; empty for nothing."""
    if list(before.columns) != list(again.columns) or len(before) != len(again):
        return "its table has another shape"
    for column in before:
        one, other = before[column], again[column]
        if pd.api.types.is_numeric_dtype(one) and pd.api.types.is_numeric_dtype(other):
            same = np.isclose(one, other, rtol=0, atol=_off(one), equal_nan=True)
        else:
            same = (one == other) | (one.isna() & other.isna())
        bad = np.flatnonzero(~np.asarray(same))
        if len(bad):
            row = bad[0]
            return (
                f"{column} of row {row + 1} is {one[row]} in the table and "
                f"{other[row]} here"
            )
    return ""


def _off(numbers):
    """Return by how much rounding may move any of some numbers."""
    sizes = np.abs(np.asarray(numbers, float))
    return ROUNDED * sizes.max(initial=1.0, where=np.isfinite(sizes))


def compare_intervals(page, again, checked):
    """Compare the intervals that decide the claims of a page that takes times."""
    now = judge_all(page.definition, again, told=page.words.arms)
    judged = zip(page.judged, now, strict=True)
    for (claim, before), (_, now) in judged:
        if before.lower is None or now.lower is None:
            met = before.word == now.word
        else:
            off = _off([before.lower, before.upper, now.lower, now.upper])
            met = before.lower <= now.upper + off and now.lower <= before.upper + off
        if met:
            checked.intervals += 1
        else:
            checked.differing.append(
                f"{page.name}: {claim.id}: {_interval(before)} in the table and "
                f"{_interval(now)} here do not meet"
            )


def _interval(verdict):
    return f"{verdict.effect:.3g} [{verdict.lower:.3g}, {verdict.upper:.3g}]"


def name_of(cell, replicate):
    return f"{name(cell)}, replicate {replicate}"
