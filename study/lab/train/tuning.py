"""Choose nuisance values for each arm, on the validation set alone."""

import pandas as pd

from study.lab.declare import fields
from study.lab.declare.experiment import Experiment
from study.lab.rules import arms
from study.lab.train import plan

READ = "validation_error"  # the measure that it chooses by


def choose(
    experiment: Experiment, cells: list[dict], table: pd.DataFrame
) -> tuple[list[dict], list[dict]]:
    """Return each cell with its best tuned values, and those at the grid's edge.

    The best have the smallest mean `validation_error`; of equals, the first that lie
    at no edge, else the first. An arm was tried with values of its own: where none of
    them changes it with one, which is at no edge, nor is one that never changed its
    error. Numbers lie in their order, other values as the grid lists them.
    """
    chosen, edges = [], []
    for cell in cells:
        tried = [
            (rows[READ].mean(), values)
            for values in plan.cells(experiment.tune)
            if len(rows := table[arms.equal(table, {**cell, **values})])
        ]
        if not tried:  # all its programs failed: it has no values and no runs
            continue
        least = min(error for error, _ in tried)
        best = [values for error, values in tried if error == least]
        ends = [_at_ends(experiment, each, tried) for each in best]
        tuned, ended = min(zip(best, ends, strict=True), key=lambda x: bool(x[1]))
        chosen.append({**cell, **tuned})
        edges += [{**cell, name: tuned[name]} for name in ended]
    return chosen, edges


def _at_ends(experiment, values, tried):
    """List the names whose value lies at an end of what was tried, and matters."""
    found = []
    for name, value in values.items():
        grid = _ordered(experiment, name, [each[name] for _, each in tried])
        at_end = len(grid) > 1 and value in (grid[0], grid[-1])
        if at_end and _matters(name, tried):
            found.append(name)
    return found


def _matters(name, tried):
    """Say whether other values of one setting, all else alike, bring other errors."""
    alike = {}
    for error, values in tried:
        others = str({key: value for key, value in values.items() if key != name})
        alike.setdefault(others, []).append(error)
    compared = [each for each in alike.values() if len(each) > 1]
    return not compared or any(len({*each}) > 1 for each in compared)


def _ordered(experiment, name, labels):
    """Return labels, each once, by value where all are numbers."""
    values = {each: experiment.value(name, each) for each in labels}
    numbers = all(map(fields.number, values.values()))
    return sorted(values, key=values.get) if numbers else [*values]
