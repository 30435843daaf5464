"""Turn finished programs into a page's tables, which everything else reads."""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from study.lab.engine.result import Result
from study.lab.experiment import Experiment
from study.lab.plan import Program
from study.lab.store import write

LOOKS = 40

Finished = Iterable[tuple[Program, Result]]


def table(experiment: Experiment, finished: Finished) -> pd.DataFrame:
    """Return one row a run: its cell, replicate, divergence and measures.

    Rows stand in the order of the sweep, whatever the order of the programs.
    """
    rows = []
    for program, result in finished:
        for run, (cell, replicate) in enumerate(program.runs):
            diverged = int(result.diverged[run])
            row = {**cell, "replicate": replicate, "diverged": diverged or None}
            for name, values in result.measures.items():
                row[name] = _rounded(values[run])
            rows.append(row)
    return _sorted(experiment, pd.DataFrame(rows)).astype({"diverged": "Int64"})


def curves(experiment: Experiment, finished: Finished) -> pd.DataFrame | None:
    """Return one row a run that a figure shows, one column a step; None for none."""
    shown = [each.where for each in experiment.figures if hasattr(each, "panels")]
    rows = [
        {
            **cell,
            "replicate": replicate,
            **{
                str(step): _rounded(result.curves[run, i], 4)
                for i, step in enumerate(result.steps)
            },
        }
        for program, result in finished
        for run, (cell, replicate) in enumerate(program.runs)
        if any(where.items() <= cell.items() for where in shown)
    ]
    return _sorted(experiment, pd.DataFrame(rows)) if rows else None


def errors(experiment: Experiment, finished: Finished) -> pd.DataFrame | None:
    """Return the watched errors, a row a run and split, a column a look; None for none.

    They are shares, of at most `LOOKS` looks, the last one among them.
    """
    if not experiment.watch:
        return None
    rows = []
    for program, result in finished:
        last = len(result.looks) - 1
        kept = np.unique(np.linspace(0, last, min(last + 1, LOOKS)).astype(int))
        for run, (cell, replicate) in enumerate(program.runs):
            for split in experiment.watch:
                seen = result.watched[split][run]
                looks = {
                    str(result.looks[i]): _rounded(seen[i], 4) for i in kept.tolist()
                }
                rows.append({**cell, "replicate": replicate, "split": split, **looks})
    return _sorted(experiment, pd.DataFrame(rows))


def outputs(experiment: Experiment, finished: Finished) -> pd.DataFrame | None:
    """Return the kept networks' outputs, one row an input; None where none are kept."""
    wanted = experiment.outputs
    if wanted is None:
        return None
    inputs = np.asarray(wanted.inputs())
    kept: dict[float, pd.DataFrame] = {}
    runs = [
        (replicate, run, cell, result)
        for program, result in finished
        for run, (cell, replicate) in enumerate(program.runs)
        if wanted.arm.items() <= cell.items()
    ]
    for replicate, run, cell, result in sorted(runs, key=lambda each: each[0]):
        value = float(result.measures[wanted.per][run])
        if value not in kept:
            columns = {**cell, "replicate": replicate, wanted.per: value}
            columns |= {f"input_{i}": each.round(6) for i, each in enumerate(inputs.T)}
            found = result.outputs[run].T
            columns |= {
                f"output_{i}": [_rounded(x, 4) for x in each]
                for i, each in enumerate(found)
            }
            kept[value] = pd.DataFrame(columns)
    return pd.concat([kept[value] for value in sorted(kept)])


def save(
    folder: Path,
    tables: dict[str, pd.DataFrame | None],
    provenance: dict,
) -> None:
    """Write each table as `<name>.csv`, and where they come from beside them."""
    for name, each in tables.items():
        path = folder / f"{name}.csv"
        if each is not None:
            write(path, to_csv(each))
        elif path.exists():
            path.unlink()
    text = json.dumps(provenance, indent=2, ensure_ascii=False)
    write(folder / "provenance.json", (text + "\n").encode())


def to_csv(each: pd.DataFrame) -> bytes:
    return each.to_csv(index=False, lineterminator="\n").encode()


def _sorted(experiment, rows):
    order = {
        name: {label: i for i, label in enumerate(values)}
        for name, values in experiment.vary.items()
    }
    return rows.sort_values(
        [*experiment.vary, "replicate"],
        key=lambda column: column.map(order.get(column.name, lambda x: x)),
        ignore_index=True,
    )


def _rounded(value, digits=7):
    """Round to significant digits: what a float32 measure knows."""
    return float(f"{float(value):.{digits}g}")
