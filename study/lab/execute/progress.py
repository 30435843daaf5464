"""Show a person what trains: bars on a terminal, lines elsewhere."""

import time

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.table import Column


class Progress:
    """Tell what each worker trains, how far it is and how long it will take."""

    def __init__(self, console: Console | None = None):
        self.console = console or Console(highlight=False)
        # On a narrow terminal names and bars give way, so that times are read whole.
        name = Column(ratio=2, no_wrap=True, overflow="ellipsis")
        self._bars = Bars(
            TextColumn("{task.description}", markup=False, table_column=name),
            BarColumn(None, table_column=Column(ratio=1)),
            MofNCompleteColumn(table_column=Column(no_wrap=True)),
            TextColumn("{task.fields[note]}", table_column=Column(no_wrap=True)),
            TimeElapsedColumn(table_column=Column(no_wrap=True)),
            TimeRemainingColumn(table_column=Column(no_wrap=True)),
            console=self.console,
            disable=not self.console.is_terminal,
            expand=True,
        )
        self._begun: dict = {}
        self._findings: dict = {}

    def __enter__(self):
        self._bars.start()
        return self

    def __exit__(self, *_):
        self._bars.stop()

    def say(self, line: str) -> None:
        """Print one line above the bars."""
        self._bars.console.print(line, markup=False, soft_wrap=True)

    def begin(self, finding: str, missing: int, total: int) -> None:
        """Tell how many of a finding's runs are to be done."""
        self.end(finding)
        self._findings[finding] = self._bars.add_task(
            finding, total=total, completed=total - missing, note="runs"
        )
        self.say(
            f"{finding}: {missing} of {total} runs to make"
            if missing
            else f"{finding}: all {total} runs are at hand"
        )

    def end(self, finding: str) -> None:
        """Take a finding off the screen."""
        if finding in self._findings:
            self._bars.remove_task(self._findings.pop(finding))

    def started(
        self, task, finding: str, name: str, steps: int | None, done: float = 0.0
    ) -> None:
        """Show what a worker has begun: a program of steps is compiled first.

        Some of them may be `done`, which says nothing of how long the others take.
        """
        note = "compiling" if steps else "running"
        row = self._bars.add_task(
            f"  {name}", total=steps, completed=int(done), note=note
        )
        if done:
            self.say(f"{finding}: {name}: goes on after step {done:,.0f} of {steps:,}")
        self._begun[task] = row, finding, name, time.perf_counter()

    def progressed(self, task, step: int, loss: float) -> None:
        """Move a program's bar."""
        note = f"loss {loss:.4f}"
        self._bars.update(self._begun[task][0], completed=step, note=note)

    def finished(self, task, runs: int = 1) -> None:
        """Take what is finished off the screen."""
        _, finding, _, start = self._begun[task]
        self._bars.advance(self._findings[finding], runs)
        self._leave(task, f"done in {time.perf_counter() - start:.1f} s")

    def paused(self, task, step: float) -> None:
        """Tell after which step a program stopped, with all that it has."""
        self._leave(task, f"stopped after step {step:,.0f}, which is kept")

    def retried(self, task) -> None:
        """Tell that a program is tried again."""
        self._leave(task, "its worker died; trying once more")

    def halved(self, task, runs: int, fewer: int) -> None:
        """Tell that a program is tried again in smaller stacks."""
        self._leave(task, f"no memory for {runs:,} runs at once; trying {fewer:,}")

    def failed(self, task, why: str) -> None:
        """Tell why a program failed."""
        self._leave(task, f"failed: {why}")

    def _leave(self, task, what):
        row, finding, name, _ = self._begun.pop(task)
        self._bars.remove_task(row)
        self.say(f"{finding}: {name}: {what}")
