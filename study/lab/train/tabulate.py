"""Turn finished runs into a page's tables, which everything else reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from study.lab.declare import labels, losses
from study.lab.declare.experiment import Experiment
from study.lab.declare.measures import History, Measure, Probe, first_broken
from study.lab.files.store import write
from study.lab.train import provenance
from study.lab.train.result import Result

LOOKS = 40
POINTS = 60


@dataclass(frozen=True)
class Run:
    """One finished run: which it is, and where its program's result has it.

    Args:
        cell: Swept name to label.
        replicate: The replicate's number.
        result: What the program brought.
        row: The run's row there.
        names: Name of what was read to the one it has in the result, where another
            finding had it read.
    """

    cell: Mapping
    replicate: int
    result: Result
    row: int
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def stopped(self) -> int:
        """Return the step after which it ended; later ones count nowhere."""
        return int(self.result.stopped[self.row])

    @property
    def loss(self) -> np.ndarray:
        """Return the training loss of each of its steps, (stopped,)."""
        return np.ascontiguousarray(self.result.loss[self.row][: self.stopped])

    @property
    def diverged(self) -> int:
        """Return the step (from 1) of the first non-finite loss, or 0 if none."""
        return int(first_broken(self.loss[None])[0])

    def read(self, name: str, value: str = "") -> np.ndarray:
        """Return what was read, or one value of it, in one row."""
        there = self.names.get(name, name)
        return self.result.reads[f"{there} {value}".strip()][self.row][None]

    def _has(self, name):
        return self.names.get(name, name) in self.result.reads

    def history(self, experiment: Experiment) -> History:
        """Return what measures read: a run by itself, so that company changes nothing.

        Of a tuned run that is the end on the validation examples. There are no steps
        and no looks after its end.
        """
        there = {" ".join(name.split(" ")[:2]) for name in self.result.reads}
        return History(
            loss=self.loss[None],
            hits=np.ascontiguousarray(self.result.hits[self.row][: self.stopped])[None],
            evaluations=self._both("end", there),
            chance_loss=float(self.result.chance[0]),
            chance_error=float(self.result.chance[1]),
            watched=self._both("look", there),
            ends=self.result.looks[: self._looks],
            stopped=self.result.stopped[self.row][None],
            probes={
                each.name: self.read(f"probe {each.name}")
                for each in experiment.measures
                if isinstance(each, Probe) and self._has(f"probe {each.name}")
            },
        )

    def measured(self, measure: Measure, history: History) -> float:
        """Return one number, what a measure reads off the run's history."""
        lacking = self.result.loss.shape[1] - self.stopped
        if measure.censored and lacking:  # it counts up to the budget
            room = ((0, 0), (0, lacking))
            history = replace(
                history,
                loss=np.pad(history.loss, room, mode="edge"),
                hits=np.pad(history.hits, room),
            )
        return float(measure.read(history)[0])

    def value(self, experiment: Experiment, measure: Measure) -> float:
        """Return one number that a measure reads off it."""
        return self.measured(measure, self.history(experiment))

    def numbers(self, experiment: Experiment, measures: Iterable[Measure]) -> dict:
        """Map `"diverged"` and measures to what a table has of it."""
        history = self.history(experiment)
        read = {each.name: _rounded(self.measured(each, history)) for each in measures}
        return {"diverged": self.diverged or None, **read}

    def curve(self) -> dict[str, float]:
        """Map steps to the mean training loss of the stretch that they end."""
        steps, means = _thin(self.loss, self.result.loss.shape[1])
        points = zip(steps.tolist(), means, strict=True)
        return {str(step): _rounded(mean, 4) for step, mean in points}

    def looked(self, experiment: Experiment) -> dict[str, dict[str, float]]:
        """Map watched splits to looks and their errors."""
        steps = self.result.looks
        final = len(steps) - 1
        kept = np.unique(np.linspace(0, final, min(final + 1, LOOKS)).astype(int))
        last = self.diverged - 1 if self.diverged else self.stopped
        found = {}
        for split in experiment.watch:
            seen = self.read(f"look {split}", "error")[0]
            seen = np.where(steps <= last, seen, np.nan)
            found[split] = {str(steps[i]): _rounded(seen[i], 4) for i in kept.tolist()}
        return found

    def answers(self) -> list[list[float]]:
        """List what each output is for the kept inputs."""
        return [[_rounded(x, 4) for x in each] for each in self.read("outputs")[0].T]

    @property
    def _looks(self):
        return int((self.result.looks <= self.stopped).sum())

    def _both(self, kind, there):
        splits = [
            split
            for split in ("train", "validation", "test")
            if f"{kind} {split}" in there
        ]
        most = self._looks if kind == "look" else None
        return {
            split: {
                value: self.read(f"{kind} {split}", value)[..., :most]
                for value in ("loss", "error")
            }
            for split in splits
        }


def table(
    experiment: Experiment, runs: Iterable[Run], measures: Iterable | None = None
) -> pd.DataFrame:
    """Return one row a run: its cell, replicate, divergence and measures.

    Rows stand in the order of the sweep, whatever the order of the runs.
    """
    measures = experiment.measures if measures is None else [*measures]
    rows = [
        {
            **run.cell,
            "replicate": run.replicate,
            **run.numbers(experiment, measures),
        }
        for run in runs
    ]
    return _sorted(experiment, rows).astype({"diverged": "Int64"})


def curves(experiment: Experiment, runs: Iterable[Run]) -> pd.DataFrame | None:
    """Return one row a run whose curve a figure reads, one column a step, or None."""
    rows = [
        {**run.cell, "replicate": run.replicate, **run.curve()}
        for run in runs
        if curved(experiment, run.cell)
    ]
    return _sorted(experiment, rows) if rows else None


def curved(experiment: Experiment, cell: Mapping) -> bool:
    """Say whether a figure reads the curves of a cell's runs."""
    reading = [each for each in experiment.figures if each.reads("curves")]
    return any(getattr(each, "where", {}).items() <= cell.items() for each in reading)


def _thin(loss, steps):
    """Average the losses over at most POINTS stretches of the steps there might be."""
    points = min(POINTS, steps)
    ends = np.linspace(0, steps, points + 1).astype(int)
    taken = [loss[a:b] for a, b in pairwise(ends)]
    return ends[1:], np.array([x.mean() if len(x) else np.nan for x in taken])


def errors(experiment: Experiment, runs: Iterable[Run]) -> pd.DataFrame | None:
    """Return the watched errors, a row a run and split, a column a look; None for none.

    They are shares, of at most `LOOKS` looks, the last one among them; empty once a run
    has ended or diverged. There are none either under a loss by which errors cannot be
    counted.
    """
    if not watched(experiment):
        return None
    rows = [
        {**run.cell, "replicate": run.replicate, "split": split, **looks}
        for run in runs
        for split, looks in run.looked(experiment).items()
    ]
    return _sorted(experiment, rows)


def watched(experiment: Experiment) -> tuple[str, ...]:
    """Name the splits whose errors are watched and can be counted."""
    return () if losses.uncounted(experiment.loss) else experiment.watch


def outputs(experiment: Experiment, runs: Iterable[Run]) -> pd.DataFrame | None:
    """Return the kept networks' outputs, one row an input; None where none are kept."""
    wanted = experiment.outputs
    if wanted is None:
        return None
    inputs = np.asarray(wanted.inputs())
    (measure,) = (each for each in experiment.measures if each.name == wanted.per)
    kept: dict[float, pd.DataFrame] = {}
    mine = [run for run in runs if experiment.keeps_outputs(run.cell)]
    for run in sorted(mine, key=lambda each: each.replicate):
        value = run.value(experiment, measure)
        value = value if np.isfinite(value) else np.nan  # one object: no NaN is equal
        if value not in kept:
            columns = {**run.cell, "replicate": run.replicate, wanted.per: value}
            columns |= {f"input_{i}": each.round(6) for i, each in enumerate(inputs.T)}
            columns |= {f"output_{i}": each for i, each in enumerate(run.answers())}
            kept[value] = pd.DataFrame(columns)
    return pd.concat([kept[value] for value in sorted(kept, key=_numbers_first)])


def _numbers_first(value):
    return np.isnan(value), value


def save(
    folder: Path,
    tables: Mapping[str, pd.DataFrame | None],
    origin: Mapping,
    anew: bool = False,
) -> None:
    """Write each table as `<name>.csv`, and where they come from beside them.

    Tables that were there before and are no more go. Where the same come out again, of
    the same code and on the same machine, it stands what they took the first time.

    Args:
        folder: The page's folder.
        tables: The tables by name.
        origin: Where they come from.
        anew: Whether what they took is written down in any case.
    """
    files = {
        f"{name}.csv": to_csv(each) for name, each in tables.items() if each is not None
    }
    for name, content in files.items():
        write(folder / name, content)
    record = provenance.to_json(origin, files)
    if anew or not provenance.stands(folder, record):
        write(folder / provenance.FILE, record)
    for path in folder.glob("*.csv"):
        if path.name not in files:
            path.unlink()


def to_csv(each: pd.DataFrame) -> bytes:
    return each.to_csv(index=False, lineterminator="\n").encode()


def _sorted(experiment, rows):
    order = {
        name: {label: i for i, label in enumerate(values)}
        for name, values in experiment.vary.items()
    }
    found = pd.DataFrame(rows)
    for name, values in {**experiment.vary, **experiment.tune}.items():
        if name in found:
            found[name] = labels.column([row[name] for row in rows], values)
    return found.sort_values(
        [*experiment.vary, "replicate"],
        key=lambda column: column.map(order.get(column.name, lambda x: x)),
        ignore_index=True,
    )


def _rounded(value, digits=7):
    """Round to significant digits: what a float32 measure knows."""
    return float(f"{float(value):.{digits}g}")
