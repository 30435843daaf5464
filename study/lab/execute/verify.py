"""Train some runs of every page again, and compare them with the committed tables.

A run that comes out otherwise is trained a few times more with its initial weights
moved by one unit in the last place, which is what another processor's rounding does at
each of its steps. How far these runs lie apart says how far rounding alone carries it.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from study.lab.declare.profiles import Profile
from study.lab.declare.registry import Finding
from study.lab.declare.simulation import Simulation
from study.lab.execute.executors import Executor
from study.lab.execute.progress import Progress
from study.lab.execute.work import Work
from study.lab.show.compared import (
    Checked,
    beyond,
    compare_intervals,
    compare_tables,
    equal,
    name_of,
    of,
)
from study.lab.show.page import load_page
from study.lab.train import plan, provenance, tabulate
from study.lab.train.result import Result
from study.lab.train.tabulate import Run

NUDGES = 4
LONG = 60.0  # seconds of a run of the profile paper that is left out unless asked for


class Verifier:
    """Make runs of pages again, without the store.

    Args:
        executor: Who makes them.
        progress: Who is told.
        profile: Whose pages are looked at.
        share: The share of each page's runs to draw, at least one run.
        seed: Which are drawn.
        long: Whether runs of over a minute are made as well.
    """

    def __init__(
        self,
        executor: Executor,
        progress: Progress,
        profile: Profile,
        share: float,
        seed: int,
        long: bool,
    ):
        self.executor, self.progress, self.profile = executor, progress, profile
        self.share, self.seed, self.long = share, seed, long

    def verify(self, findings: Iterable[Finding], reports: Path) -> list[Checked]:
        """Return what came of each page that has tables."""
        found: list[Checked] = []
        self.executor.run(
            self._page(each, reports / each.name, found)
            for each in findings
            if (reports / each.name / provenance.FILE).exists()
        )
        return sorted(found, key=lambda each: each.page)

    def _page(self, finding, folder, found):
        origin = provenance.load(folder)
        checked = Checked(finding.name, origin)
        found.append(checked)
        work = Work(None, self.executor, self.progress, finding, self.profile)
        why = provenance.staleness(work.definition, self.profile, origin)
        if why:
            checked.left_out = f"stale: changed since it ran: {why}"
            return
        page = load_page(finding, folder, self.profile)
        if isinstance(work.definition, Simulation):
            yield from self._simulated(work, page, checked)
            self.progress.end(finding.name)
            return
        seconds = origin["seconds"] / len(page.table)
        if self.profile.name == "paper" and seconds > LONG and not self.long:
            checked.left_out = f"{seconds:.0f} s a run; ask for it with --long"
            return
        work.definition.data.prepare(self.progress.say)
        yield from self._trained(work, page, checked)
        self.progress.end(finding.name)

    def _simulated(self, work, page, checked):
        again = yield from work.simulated()
        if again is None:
            checked.differing.append(f"{page.name}: the simulation failed")
        elif work.definition.timed:
            compare_intervals(page, again, checked)
        else:
            compare_tables(page, again, checked)

    def _trained(self, work, page, checked):
        drawn = self._drawn(work.definition, page.table)
        again = yield from self._again(work, drawn)
        apart = []
        for row, (cell, replicate) in drawn:
            mine = of(again, cell, replicate)
            if mine is None:
                checked.differing.append(
                    f"{page.name}: {name_of(cell, replicate)}: failed"
                )
            elif equal(work.definition, row, mine):
                checked.same += 1
            else:
                apart.append((row, (cell, replicate), mine))
        if apart:
            runs = [(row, run) for row, run, _ in apart]
            nudged = []
            for nudge in range(1, NUDGES + 1):
                nudged.append((yield from self._again(work, runs, nudge)))
            for row, run, mine in apart:
                others = [of(each, *run) for each in nudged]
                why = beyond(work.definition, row, mine, others)
                if why:
                    words = f"{page.name}: {name_of(*run)}: {why}"
                    checked.differing.append(words)
                else:
                    checked.rounded += 1

    def _drawn(self, experiment, table):
        """Draw rows of a page's table, and the runs that they are."""
        random = np.random.default_rng([self.seed, len(table)])
        count = max(1, round(self.share * len(table)))
        rows = sorted(random.choice(len(table), count, replace=False))
        swept = {**experiment.vary, **experiment.tune}
        return [
            (
                table.iloc[row],
                (
                    {
                        name: next(x for x in labels if x == table[name].iloc[row])
                        for name, labels in swept.items()
                    },
                    int(table["replicate"].iloc[row]),
                ),
            )
            for row in rows
        ]

    def _again(self, work, drawn, nudge=0):
        """Train runs once more; return their table."""
        programs = plan.programs(
            work.definition, self.profile.stage, [run for _, run in drawn], nudge
        )
        contents = yield from work.programs(programs)
        runs = [
            Run(*run, Result.from_bytes(content), row)
            for program, content in contents
            for row, run in enumerate(program.runs)
        ]
        return tabulate.table(work.definition, runs) if runs else None
