"""Show a person what trains: bars on a terminal, lines elsewhere."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars


class Progress:
    """Tell what each worker trains, how far it is and how long it will take."""

    def __init__(self, console: Console | None = None):
        self.console = console or Console(highlight=False)
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self.console,
            disable=not self.console.is_terminal,
        )
        self._rows: dict = {}
        self._names: dict = {}
        self._finding = None

    def __enter__(self):
        self._bars.start()
        return self

    def __exit__(self, *_):
        self._bars.stop()

    def say(self, line: str) -> None:
        """Print one line above the bars."""
        self._bars.console.print(line, markup=False, soft_wrap=True)

    def begin(self, finding: str, missing: int, total: int) -> None:
        """Tell how much of a finding is to be trained."""
        if self._finding is not None:
            self._bars.remove_task(self._finding)
        self._finding = self._bars.add_task(
            finding, total=total, completed=total - missing, note="programs"
        )
        self.say(
            f"{finding}: {missing} of {total} programs to train"
            if missing
            else f"{finding}: all {total} programs are at hand"
        )

    def started(self, task, program, steps: int) -> None:
        """Show a program that a worker has begun."""
        self._names[task] = f"  {program} ({len(program.runs)} runs)"
        self._rows[task] = self._bars.add_task(
            self._names[task], total=steps, note="steps"
        )

    def progressed(self, task, step: int, loss: float) -> None:
        """Move a program's bar."""
        note = f"steps, loss {loss:.4f}"
        self._bars.update(self._rows[task], completed=step, note=note)

    def finished(self, task, seconds: float) -> None:
        """Take a finished program off the screen."""
        self._bars.remove_task(self._rows.pop(task))
        self._bars.advance(self._finding)
        self.say(f"{self._names[task]}: done in {seconds:.1f} s")

    def retried(self, task) -> None:
        """Tell that a program is tried again."""
        self._bars.remove_task(self._rows.pop(task))
        self.say(f"{self._names[task]}: its worker died; trying once more")

    def failed(self, task, why: str) -> None:
        """Tell why a program failed."""
        self._bars.remove_task(self._rows.pop(task))
        self.say(f"{self._names[task]}: failed: {why}")
