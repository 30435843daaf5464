"""A finished run as a page's tables have it, and as a line of a file."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace

from study.lab.declare.experiment import Experiment
from study.lab.declare.measures import Measure
from study.lab.train import tabulate, tuning
from study.lab.train.tabulate import Run

# What a line has.
KINDS = {
    "run": str,
    "cell": dict,
    "replicate": int,
    "seconds": int | float,
    "measured": dict,
    "losses": dict,
    "errors": dict,
    "outputs": list,
}
SHOWN = {"losses", "errors", "outputs"}  # of these what is shown


@dataclass(frozen=True, kw_only=True)
class Tabled:
    """Hold what a page's tables have of one run; they are made of it as of a `Run`.

    Args:
        run: What the run is, as its line has it.
        cell: Swept name to label.
        replicate: The replicate's number.
        seconds: What it took.
        measured: `"diverged"` and measures to numbers; None where there is none.
        losses: Step to mean training loss, where a figure shows that.
        errors: Watched split to look to error.
        outputs: A list for each output of a network that is kept.
    """

    run: str
    cell: Mapping
    replicate: int
    seconds: float
    measured: Mapping[str, float | None]
    losses: Mapping[str, float] = field(default_factory=dict)
    errors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    outputs: list[list[float]] = field(default_factory=list)

    def numbers(self, experiment: Experiment, measures: Iterable[Measure]) -> dict:
        """Map `"diverged"` and measures to what a table has of it."""
        names = ("diverged", *(each.name for each in measures))
        return {name: self.measured[name] for name in names}

    def value(self, experiment: Experiment, measure: Measure) -> float:
        """Return one number that a measure read off it."""
        return self.measured[measure.name]

    def curve(self) -> Mapping[str, float]:
        """Map steps to the mean training loss of the stretch that they end."""
        return self.losses

    def looked(self, experiment: Experiment) -> dict[str, Mapping[str, float]]:
        """Map watched splits to looks and their errors."""
        return {split: self.errors[split] for split in experiment.watch}

    def answers(self) -> list[list[float]]:
        """List what each output is for the kept inputs."""
        return self.outputs

    def same(self, other: "Tabled") -> bool:
        """Say whether two are the same run with the same numbers."""
        return self.to_json() == replace(other, seconds=self.seconds).to_json()

    def to_json(self) -> str:
        """Return its line; what no figure and no table shows is left out."""
        there = {name: each for name, each in asdict(self).items() if each != []}
        there = {name: each for name, each in there.items() if each != {}}
        there["cell"] = {**self.cell}  # of an experiment that sweeps nothing, too
        plain = {name: _each(each, _plain) for name, each in there.items()}
        return json.dumps(
            plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )

    @classmethod
    def from_json(cls, line: str) -> "Tabled":
        """Read a line.

        Raises:
            ValueError: It is none.
        """
        values = json.loads(line)
        if not isinstance(values, dict) or {*KINDS} - {*values} - SHOWN:
            raise ValueError(f"Expected {', '.join(KINDS)}. Received: {line}")
        for name, value in values.items():
            if not isinstance(value, KINDS.get(name, ())) or isinstance(value, bool):
                raise ValueError(f"Expected another `{name}`. Received: {value!r}")
        numbers = {*values} & (SHOWN | {"measured"})
        row = cls(**values | {name: _each(values[name], _number) for name in numbers})
        flat = [row.measured, row.losses, *row.errors.values()]
        if "diverged" not in row.measured or not all(map(_flat, flat)):
            raise ValueError(f"Expected a number for each name. Received: {line}")
        if not all(isinstance(each, list) for each in row.outputs):
            raise ValueError(f"Expected lists of outputs. Received: {line}")
        return row


def tabled(
    experiment: Experiment, stage: str, run: Run, what: str, seconds: float
) -> Tabled:
    """Return what the tables of an experiment's page have of a run.

    Args:
        experiment: The experiment, at a profile.
        stage: The run's stage; of one that tuned, only what tuning reads is kept.
        run: The run.
        what: What it is.
        seconds: What it took.
    """
    shown = {}
    if stage != "tune":
        if tabulate.curved(experiment, run.cell):
            shown["losses"] = run.curve()
        if tabulate.watched(experiment):
            shown["errors"] = run.looked(experiment)
        if experiment.keeps_outputs(run.cell):
            shown["outputs"] = run.answers()
    return Tabled(
        run=what,
        cell={**run.cell},
        replicate=run.replicate,
        seconds=float(f"{seconds:.4g}"),
        measured=run.numbers(experiment, read(experiment, stage)),
        **shown,
    )


def read(experiment: Experiment, stage: str) -> list[Measure]:
    """List the measures that are read off the runs of a stage."""
    if stage != "tune":
        return [*experiment.measures]
    return [each for each in experiment.measures if each.name == tuning.READ]


def _each(value, change: Callable):
    """Change every number in lists and mappings."""
    if isinstance(value, Mapping):
        return {key: _each(each, change) for key, each in value.items()}
    if isinstance(value, list):
        return [_each(each, change) for each in value]
    return change(value)


def _flat(value):
    """Say whether a value maps names to numbers."""
    nested = dict | list
    return isinstance(value, dict) and not any(
        isinstance(each, nested) for each in value.values()
    )


def _plain(value):
    """Write what JSON has no number for as a text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _number(value):
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, float) or value in ("nan", "inf", "-inf"):
        return float(value)
    raise ValueError(f"Expected a number. Received: {value!r}")
