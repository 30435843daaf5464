"""Choose nuisance values for each arm, on the validation set alone."""

import pandas as pd

from study.lab.declare import fields
from study.lab.declare.experiment import Experiment
from study.lab.declare.rows import at_edge
from study.lab.rules import arms
from study.lab.train import plan

READ = "validation_error"  # the measure that it chooses by


def choose(
    experiment: Experiment, cells: list[dict], table: pd.DataFrame
) -> tuple[list[dict], list[dict]]:
    """Return each cell with its best tuned values, and those at the grid's edge.

    The best have the smallest mean `validation_error`; of equals, the first. An arm
    was tried with values of its own: where none of them changes it with one, which is
    at no edge. Numbers lie in their order, other values as the grid lists them.
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
        _, tuned = min(tried, key=lambda each: each[0])
        chosen.append({**cell, **tuned})
        for name, value in tuned.items():
            grid = _ordered(experiment, name, [each[name] for _, each in tried])
            # by their places, since a value may itself be None
            place, places = grid.index(value), range(len(grid))
            if len(grid) > 1 and at_edge(place, places) is not None:
                edges.append({**cell, name: value})
    return chosen, edges


def _ordered(experiment, name, labels):
    """Return labels, each once, by value where all are numbers."""
    values = {each: experiment.value(name, each) for each in labels}
    numbers = all(map(fields.number, values.values()))
    return sorted(values, key=values.get) if numbers else [*values]
