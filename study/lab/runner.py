"""Run findings: train what the store lacks, judge, extend where unresolved, record."""

import importlib.metadata
import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from study.lab import (
    fingerprint,
    judgement,
    machine,
    plan,
    record,
    simulation,
    tuning,
)
from study.lab.engine.result import Result
from study.lab.errors import StudyError
from study.lab.experiment import Simulation
from study.lab.progress import Progress
from study.lab.registry import Entry
from study.lab.report import drawing
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

    def run(self, entries: Iterable[Entry], profile: str, reports: Path) -> None:
        """Run findings at a profile and write each one's tables to its folder.

        While the last programs of one are trained, the next one begins.
        """
        self.supervisor.run(self._job(each, profile, reports) for each in entries)

    def _job(self, entry, profile, reports):
        work = _Work(self, entry, profile)
        simulated = isinstance(work.definition, Simulation)
        tables, facts = yield from (self._simulate if simulated else self._train)(work)
        provenance = {
            "experiment": entry.name,
            "profile": profile,
            "fingerprint": work.fingerprint,
            **work.environment,
            **facts,
        }
        record.save(reports / entry.name, tables, provenance)
        self.progress.end(entry.name)
        if work.ran and work.definition.figures:
            yield self._draw(work, reports / entry.name)

    def _draw(self, work, folder):
        """Have the figures drawn beside what is trained; what fails is drawn later."""

        def finished(_, archive):
            drawing.unpack(archive, folder)

        task = work.task(folder=str(folder), network=f"{work.entry.name} figures")
        return [task], Listener(_ignore, _ignore, finished, _ignore, _ignore)

    def _simulate(self, work):
        alone = work.definition.timed and work.profile != "smoke"
        threads = "all" if alone else "one"
        task = work.task(threads=threads, network=work.entry.name)
        found = yield from work.done({task: ("simulation", None)})
        if not found:
            raise StudyError(f"{work.entry.name}: the simulation failed")
        seconds, table = simulation.read(found[task])
        return {"results": table}, {"seconds": seconds}

    def _train(self, work):
        experiment = work.definition
        stage = "draft" if work.profile == "smoke" else "judge"
        experiment.data.prepare(self.progress.say)
        cells, edges = plan.cells(experiment.vary), []
        if experiment.tune:
            swept = plan.cells({**experiment.vary, **experiment.tune})
            tried = yield from work.train("tune", swept, range(tuning.REPLICATES))
            cells, edges = tuning.choose(
                experiment, cells, record.table(experiment, tried)
            )
        finished = yield from work.train(stage, cells, experiment.first)
        table = record.table(experiment, finished)
        may_extend = stage == "judge" and experiment.extension
        opened = judgement.undecided_all(experiment, table) if may_extend else {}
        if opened:
            self.progress.say(
                f"{work.entry.name}: unresolved at {experiment.replicates} seeds: "
                f"{', '.join(opened)}; {experiment.extension} fresh ones decide"
            )
            wanted = [each for comparisons in opened.values() for each in comparisons]
            cells = judgement.compared(wanted, cells)
            finished += yield from work.train(stage, cells, experiment.fresh)
            table = record.table(experiment, finished)
        tables = {
            "results": table,
            "curves": record.curves(experiment, finished),
            "errors": record.errors(experiment, finished),
            "outputs": record.outputs(experiment, finished),
        }
        return tables, {
            "seconds": round(work.seconds, 1),
            "edges": edges,
            "threads": sorted({program.threads for program, _ in finished}),
            "failed": work.failed,
            "retried": work.retried,
        }


class _Work:
    """Have a finding's tasks done, and keep what that took and what went wrong."""

    def __init__(self, runner, entry, profile):
        self.store, self.progress = runner.store, runner.progress
        self.entry, self.profile = entry, profile
        self.definition = entry.definition.at(profile)
        self.fingerprint = fingerprint.parts(self.definition)
        self.environment = environment()
        self.seconds = 0
        self.ran = False
        self.failed: list[str] = []
        self.retried: list[str] = []

    def task(self, **what):
        return Task(self.entry.path, self.profile, **what)

    def done(self, wanted):
        """Yield the tasks that the store lacks; return what was found for each.

        `wanted` maps a task to its name and the number of its steps.
        """
        keys = {task: self._key(task) for task in wanted}
        stored = {task: self.store.load(key) for task, key in keys.items()}
        found = {task: each for task, each in stored.items() if each is not None}
        missing = [task for task in wanted if task not in found]
        self.ran = self.ran or bool(missing)

        def started(task):
            self.progress.started(task, self.entry.name, *wanted[task])

        def finished(task, content):
            self.store.save(keys[task], content)
            found[task] = content
            self.progress.finished(task)

        def retried(task):
            self.retried.append(wanted[task][0])
            self.progress.retried(task)

        def failed(task, why):
            self.failed.append(f"{wanted[task][0]}: {why.strip().splitlines()[-1]}")
            self.progress.failed(task, why)

        self.progress.begin(self.entry.name, len(missing), len(wanted))
        yield (
            missing,
            Listener(started, self.progress.progressed, finished, retried, failed),
        )
        # In the order of the plan, whoever was first: tables are the same every time.
        return {task: found[task] for task in wanted if task in found}

    def train(self, stage, cells, replicates):
        """Return every program with its result, once those that lack are trained."""
        programs = {
            self.task(
                program=each.to_json(),
                threads=each.threads,
                network=f"{self.entry.name} {each.network}",
            ): each
            for each in plan.programs(self.definition, stage, cells, replicates)
        }
        wanted = {
            task: (
                f"{each} ({len(each.runs)} runs)",
                self.definition.budget(each.cells[0]),
            )
            for task, each in programs.items()
        }
        contents = yield from self.done(wanted)
        if not contents:
            raise StudyError(f"{self.entry.name}: every program failed")
        found = [
            (programs[task], Result.from_bytes(content))
            for task, content in contents.items()
        ]
        self.seconds += sum(result.seconds for _, result in found)
        return found

    def _key(self, task):
        # With all threads a result may depend on how many there are.
        count = 1 if task.threads == "one" else os.cpu_count()
        parts = self.fingerprint, self.environment, task.program, count
        return fingerprint.digest(parts)


def _ignore(*_):
    """Tell nobody."""


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
