"""Run findings: train what the store lacks, judge, extend where unresolved, record."""

import importlib.metadata
import io
import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from study.lab import fingerprint, judgement, machine, plan, record, tuning
from study.lab.engine.result import Result
from study.lab.errors import StudyError
from study.lab.experiment import Simulation
from study.lab.progress import Progress
from study.lab.registry import Entry
from study.lab.store import Store
from study.lab.supervisor import Listener, Supervisor, Task

PACKAGES = ("keras", "tensorflow", "numpy", "scipy", "pandas")


@dataclass(frozen=True)
class Runner:
    """Bring findings to their tables.

    Args:
        store: Where finished programs are kept.
        supervisor: Who trains the missing ones.
        progress: Who is told.
    """

    store: Store
    supervisor: Supervisor
    progress: Progress

    def run(self, entry: Entry, profile: str, folder: Path) -> None:
        """Run one finding at a profile and write its tables to `folder`."""
        definition = entry.definition.at(profile)
        simulated = isinstance(definition, Simulation)
        tables, facts = (self._simulate if simulated else self._train)(
            entry, definition, profile
        )
        provenance = {
            "experiment": entry.name,
            "profile": profile,
            "fingerprint": fingerprint.parts(definition),
            **environment(),
            **facts,
        }
        record.save(folder, tables, provenance)

    def _simulate(self, entry, definition, profile):
        key = _key(definition, {"settings": repr(definition.settings)})
        content = self.store.load(key)
        if content is None:
            start = time.perf_counter()
            table = definition.run(**definition.settings)
            _check_columns(entry, definition, table)
            seconds = round(time.perf_counter() - start, 3)
            content = f"{seconds}\n".encode() + record.to_csv(table)
            self.store.save(key, content)
        seconds, _, text = content.partition(b"\n")
        table = pd.read_csv(io.BytesIO(text), keep_default_na=True)
        return {"results": table}, {"seconds": float(seconds)}

    def _train(self, entry, experiment, profile):
        stage = "draft" if profile == "smoke" else "judge"
        work = _Work(self, entry, experiment, profile)
        experiment.data.prepare(self.progress.say)
        cells, edges = plan.cells(experiment.vary), []
        if experiment.tune:
            swept = plan.cells({**experiment.vary, **experiment.tune})
            tried = work.train("tune", swept, range(tuning.REPLICATES))
            cells, edges = tuning.choose(
                experiment, cells, record.table(experiment, tried)
            )
        finished = work.train(stage, cells, range(experiment.replicates))
        table = record.table(experiment, finished)
        may_extend = stage == "judge" and experiment.extension
        if may_extend and judgement.unresolved(experiment, table):
            self.progress.say(
                f"{entry.name}: unresolved at {experiment.replicates} seeds; "
                f"{experiment.extension} fresh ones decide"
            )
            last = experiment.replicates + experiment.extension
            finished += work.train(stage, cells, range(experiment.replicates, last))
            table = record.table(experiment, finished)
        seconds = sum(result.seconds for _, result in finished)
        tables = {
            "results": table,
            "curves": record.curves(experiment, finished),
            "errors": record.errors(experiment, finished),
            "outputs": record.outputs(experiment, finished),
        }
        return tables, {
            "seconds": round(seconds, 1),
            "edges": edges,
            "threads": sorted({program.threads for program, _ in finished}),
            "failed": work.failed,
            "retried": work.retried,
        }


class _Work:
    """Train the programs of one finding, and keep what went wrong on the way."""

    def __init__(self, runner, entry, experiment, profile):
        self.store, self.progress = runner.store, runner.progress
        self.supervisor = runner.supervisor
        self.entry, self.experiment, self.profile = entry, experiment, profile
        self.failed: list[str] = []
        self.retried: list[str] = []

    def train(self, stage, cells, replicates):
        """Return every program with its result, training those the store lacks."""
        programs = plan.programs(self.experiment, stage, cells, replicates)
        tasks, found = {}, {}
        for program in programs:
            key = _key(self.experiment, program.to_json(), program.threads)
            content = self.store.load(key)
            if content is None:
                task = Task(
                    self.entry.path,
                    self.profile,
                    program.to_json(),
                    program.threads,
                    f"{self.entry.name} {program.cells}",
                )
                tasks[task] = program, key
            else:
                found[key] = program, Result.from_bytes(content)

        def started(task):
            program = tasks[task][0]
            steps = self.experiment.budget(program.cells[0])
            self.progress.started(task, program, steps)

        def finished(task, content):
            program, key = tasks[task]
            self.store.save(key, content)
            found[key] = program, Result.from_bytes(content)
            self.progress.finished(task, found[key][1].seconds)

        def retried(task):
            self.retried.append(str(tasks[task][0]))
            self.progress.retried(task)

        def failed(task, why):
            self.failed.append(f"{tasks[task][0]}: {why.strip().splitlines()[-1]}")
            self.progress.failed(task, why)

        self.progress.begin(self.entry.name, len(tasks), len(programs))
        self.supervisor.run(
            tasks,
            Listener(started, self.progress.progressed, finished, retried, failed),
        )
        if not found:
            raise StudyError(f"{self.entry.name}: every program failed")
        return list(found.values())


def environment() -> dict:
    """Tell the versions and the device that results come from."""
    return {
        "versions": {"python": platform.python_version()}
        | {name: _version(name) for name in PACKAGES},
        "device": f"{machine.DEVICE.upper()}, {platform.machine()}",
    }


def _version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:  # another build of the package
        return importlib.metadata.version(f"{name}-cpu")


def _key(definition, work, threads="one") -> str:
    # With all threads a result may depend on how many there are.
    count = 1 if threads == "one" else os.cpu_count()
    parts = fingerprint.parts(definition), environment(), work, count
    return fingerprint.digest(parts)


def _check_columns(entry, definition, table):
    missing = {each.name for each in definition.measures} - {*table.columns}
    if missing:
        raise StudyError(
            f"{entry.path}: run: the table lacks a column that is declared. Received: "
            f"no {sorted(missing)[0]!r}; {', '.join(table.columns)}"
        )
