"""Read arms, mappings from swept name to value, from a table with one row a run."""

from collections.abc import Mapping

import numpy as np


def name(arm):
    """An arm in words: keep=0.5, width=512."""
    return ", ".join(f"{key}={value}" for key, value in arm.items()) or "all runs"


def check(arm, than=None):
    for each in (arm, {} if than is None else than):
        if not isinstance(each, Mapping):
            raise TypeError(
                "An arm selects runs: expected a mapping from swept name to value. "
                f"Received: {each!r}. Write it like {{'keep': 0.5}}."
            )
    if arm == than:
        raise ValueError(
            "A comparison needs two arms: expected `than` to differ from `arm`. "
            f"Received: {name(arm)} twice. Name the reference in `than`."
        )


def check_binary(measure, values):
    other = values[(values != 0) & (values != 1)]
    if len(other):
        raise ValueError(
            f"A rate counts runs: expected `{measure}` to be 0 or 1 in each. Received: "
            f"{other[0]:g}. Use Greater or Less for a measured quantity."
        )


def equal(table, arm):
    """Which rows equal the arm; None also stands for a missing value."""
    equal = np.ones(len(table), dtype=bool)
    for key, value in arm.items():
        column = table[key]
        if value is None:
            equal &= column.isna().to_numpy()
        else:  # an array is compared in a fifth of the time that a column takes
            equal &= column.to_numpy() == value
    return equal


def rows(table, arm, *columns):
    """Which rows are the arm's, at least one, in a table that has the columns."""
    for column in (*arm, *columns):
        if column not in table.columns:
            raise ValueError(
                f"Expected a column `{column}` in the table. Received: "
                f"{', '.join(table.columns)}. Correct the rule, or add the column."
            )
    found = equal(table, arm)
    if not found.any():
        raise ValueError(
            f"Expected runs with {name(arm)}. Received: none. {_arms_there(table, arm)}"
        )
    return found


def _arms_there(table, arm):
    records = table[list(arm)].drop_duplicates().to_dict("records")
    return f"Arms in the table: {'; '.join(map(name, records)) or 'none'}."


def in_order(table, measure, arm):
    """The arm's replicates, in order, and the measure in the one run of each."""
    found = rows(table, arm, measure, "replicate")
    replicates, first, runs = np.unique(
        table["replicate"].to_numpy()[found], return_index=True, return_counts=True
    )
    for replicate, count in zip(replicates, runs, strict=True):
        if count > 1:
            raise ValueError(
                f"Expected one run a replicate with {name(arm)}. Received: {count} "
                f"runs of replicate {replicate}. Name every swept value that tells "
                f"them apart. {_arms_there(table, arm)}"
            )
    return replicates, table[measure].to_numpy(float)[found][first]


def by_replicate(table, measure, arm):
    """The same, where every run has a number."""
    replicates, values = in_order(table, measure, arm)
    for replicate, value in zip(replicates, values, strict=True):
        if not np.isfinite(value):
            raise ValueError(
                f"Expected a finite `{measure}` in every run. Received: {value} for "
                f"{name(arm)}, replicate {replicate}. Give a diverged run chance "
                "level, or the budget for a step count."
            )
    return replicates, values


def pairs(table, measure, arm, than, read=by_replicate):
    """The measure in both arms, in the same order of replicates."""
    here, first = read(table, measure, arm)
    there, second = read(table, measure, than)
    if not np.array_equal(here, there):
        alone = np.setxor1d(here, there)
        raise ValueError(
            f"Expected the same replicates with {name(arm)} and with {name(than)}, to "
            f"pair them. Received: {', '.join(map(str, alone))} in one arm only. Run "
            f"what is missing. {_arms_there(table, arm)}"
        )
    return first, second


def diverged(table, arms):
    if "diverged" not in table.columns:
        return 0
    read = np.any([equal(table, arm) for arm in arms], axis=0)
    return int(table["diverged"][read].notna().sum())
