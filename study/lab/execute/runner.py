"""Run findings: train what the store lacks, judge, extend where unresolved, record."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from study.lab import machine
from study.lab.declare.experiment import Experiment
from study.lab.declare.profiles import Profile
from study.lab.declare.registry import Finding
from study.lab.declare.simulation import Simulation
from study.lab.errors import StudyError
from study.lab.execute.carried import Carried
from study.lab.execute.executors import Executor
from study.lab.execute.progress import Progress
from study.lab.execute.work import Work
from study.lab.files.store import Store
from study.lab.rules.named import RESULTS, Tables
from study.lab.show import packages, sizes
from study.lab.train import provenance, runtables, tabulate


@dataclass(frozen=True)
class Runner:
    """Bring findings to their tables.

    Args:
        store: Where finished runs are kept; None keeps nothing.
        executor: Who trains the missing ones.
        progress: Who is told.
        fresh: Whether all is made anew, whatever is at hand.
        bare: Whether of a page the table of its runs alone is written, and nothing
            drawn.
    """

    store: Store | None
    executor: Executor
    progress: Progress
    fresh: bool = False
    bare: bool = False

    def run(
        self,
        findings: Iterable[Finding],
        profile: Profile,
        reports: Path,
        until: float = math.inf,
    ) -> list[Finding]:
        """Run findings at a profile and write each one's tables to its folder.

        While the last programs of one are trained, the next one begins. At `until`, by
        `time.monotonic`, all stop; the findings that are not finished then are
        returned.
        """
        if warning := machine.warning():
            self.progress.say(warning)
        if self.fresh and self.store is not None:
            self.store.overlook()
        left = [*findings]
        pages = [self._page(each, profile, reports, left) for each in left]
        self.executor.run(pages, until)
        return left

    def table(self, finding: Finding, profile: Profile) -> Tables:
        """Run a finding and return the table of its page, or the tables of several."""
        tables, _ = self._alone(self._work(finding, profile).tables())
        return tables.get(RESULTS, tables)

    def network(self, finding: Finding, profile: Profile, cell: dict) -> bytes:
        """Train the first replicate of a cell and return its network's file."""
        work = self._work(finding, profile)
        work.definition.data.prepare(self.progress.say)
        return self._alone(work.network(cell))

    def _page(self, finding, profile, reports, left):
        folder = reports / finding.name
        work = self._work(finding, profile, folder)
        _refuse_seen(work, folder)
        if self._stands(work, folder):
            self.progress.begin(finding.name, 0, 1)
            self.progress.end(finding.name)
            left.remove(finding)
            return
        tables, origin = yield from work.tables()
        if self.bare:
            tables = {RESULTS: tables[RESULTS]}
        tabulate.save(folder, tables, origin, anew=self.fresh)
        left.remove(finding)
        self.progress.end(finding.name)
        drawn = not (self.bare or packages.lacking())
        if work.ran and work.definition.figures and drawn:
            yield from work.figures(folder)

    def _stands(self, work, folder):
        """Say whether a simulation's tables are there, of whatever machine."""
        simulated = isinstance(work.definition, Simulation)
        if self.fresh or not (simulated and work.profile.source):
            return False
        return not sizes.unfinished(work.definition, work.profile, folder)

    def _work(self, finding, profile, folder=None):
        arguments = self.store, self.executor, self.progress, finding, profile
        trained = isinstance(finding.definition, Experiment)
        if folder and profile.source and trained:
            return Carried(folder, self.fresh, *arguments)
        return Work(*arguments)

    def _alone(self, steps):
        """Have one job done and return what it returns."""
        found = []

        def job():
            found.append((yield from steps))

        self.executor.run([job()])
        return found[0]


def _refuse_seen(work, folder):
    """Refuse to judge by what changed after the same replicates were seen."""
    if not work.profile.judged:
        return
    recorded = runtables.declarations(folder)  # runs of a page that is not finished
    if (folder / provenance.FILE).exists():
        recorded.append(provenance.load(folder))
    changes = (provenance.seen(work.definition, each) for each in recorded)
    if changed := next(filter(None, changes), ""):
        first = work.definition.first
        raise StudyError(
            f"{work.finding.path}: expected fresh replicates, for what judges them was "
            f"changed after results were seen. Received: {changed}, and replicates "
            f"{first.start:,} to {first.stop - 1:,} again; "
            f"`python -m study spend {work.finding.name} --why ...` says that they are "
            "spent"
        )
