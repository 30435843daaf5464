"""Run findings: train what the store lacks, judge, extend where unresolved, record."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from study.lab import machine, provenance, record
from study.lab.errors import StudyError
from study.lab.executors import Executor
from study.lab.experiment import Simulation
from study.lab.named import RESULTS, Tables
from study.lab.profiles import Profile
from study.lab.progress import Progress
from study.lab.registry import Entry
from study.lab.store import Store
from study.lab.work import Work


@dataclass(frozen=True)
class Runner:
    """Bring findings to their tables.

    Args:
        store: Where finished runs are kept; None keeps nothing.
        executor: Who trains the missing ones.
        progress: Who is told.
    """

    store: Store | None
    executor: Executor
    progress: Progress

    def run(
        self,
        entries: Iterable[Entry],
        profile: Profile,
        reports: Path,
        until: float = math.inf,
    ) -> list[Entry]:
        """Run findings at a profile and write each one's tables to its folder.

        While the last programs of one are trained, the next one begins. At `until`, by
        `time.monotonic`, all stop; the findings that are not finished then are
        returned.
        """
        if warning := machine.warning():
            self.progress.say(warning)
        left = [*entries]
        pages = [self._page(each, profile, reports, left) for each in left]
        self.executor.run(pages, until)
        return left

    def table(self, entry: Entry, profile: Profile) -> Tables:
        """Run a finding and return the table of its page, or the tables of several."""
        tables, _ = self._alone(self._work(entry, profile).tables())
        return tables.get(RESULTS, tables)

    def network(self, entry: Entry, profile: Profile, cell: dict) -> bytes:
        """Train the first replicate of a cell and return its network's file."""
        work = self._work(entry, profile)
        work.definition.data.prepare(self.progress.say)
        return self._alone(work.network(cell))

    def _page(self, entry, profile, reports, left):
        work, folder = self._work(entry, profile), reports / entry.name
        _refuse_seen(work, folder)
        tables, origin = yield from work.tables()
        record.save(folder, tables, origin)
        left.remove(entry)
        self.progress.end(entry.name)
        if work.ran and work.definition.figures:
            yield from work.figures(folder)

    def _work(self, entry, profile):
        return Work(self.store, self.executor, self.progress, entry, profile)

    def _alone(self, steps):
        """Have one job done and return what it returns."""
        found = []

        def job():
            found.append((yield from steps))

        self.executor.run([job()])
        return found[0]


def _refuse_seen(work, folder):
    """Refuse to judge by what changed after the same replicates were seen."""
    there = (folder / provenance.FILE).exists()
    if not there or not work.profile.judged or isinstance(work.definition, Simulation):
        return
    changed = provenance.seen(work.definition, provenance.load(folder))
    if changed:
        first = work.definition.first
        raise StudyError(
            f"{work.entry.path}: expected fresh replicates, for what judges them was "
            f"changed after results were seen. Received: {changed}, and replicates "
            f"{first.start} to {first.stop - 1} again; "
            f"`python -m study spend {work.entry.name} --why ...` says that they are "
            "spent"
        )
