"""Do jobs in this process; a supervisor does the same with worker processes."""

import contextlib
import math
import time
import traceback
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Protocol

from study.lab import machine
from study.lab.errors import StudyError
from study.lab.execute.tasks import Hands, Job
from study.lab.train.slices import Paused


class Executor(Protocol):
    """Bring jobs to their ends; bytes come back, and whoever asked keeps them."""

    def start(self) -> None:
        """Begin what takes a while before the first task, without waiting for it."""

    def run(self, jobs: Iterable[Job], until: float = math.inf) -> None:
        """Do the tasks of each job, and tell its listener what happens.

        At `until`, by `time.monotonic`, programs stop at a checkpoint, other tasks
        under way are brought to their ends, and no task is begun any more.
        """

    def threads(self, wanted: str) -> int:
        """Return how many threads a task with `"one"` or `"all"` may use."""


class InProcess:
    """Do every task at once, in this process: in notebooks, for exports and tests.

    Args:
        findings: Findings that stand in no file, or are loaded already.
    """

    def __init__(self, findings: Iterable = ()):
        self._hands = Hands(findings)

    def start(self) -> None:
        """Begin nothing: this process is there."""

    def run(self, jobs: Iterable[Job], until: float = math.inf) -> None:
        def over():
            return time.monotonic() >= until

        with contextlib.suppress(Paused):
            for job in jobs:
                for tasks, listener in job:
                    for task in tasks:
                        if over():
                            return
                        self._do(task, listener, over)

    def threads(self, wanted: str) -> int:
        return machine.usable()

    def _do(self, task, listener, over):
        asked = replace(task, begun=listener.begun(task))
        listener.started(task)
        told = partial(listener.progressed, task), partial(listener.kept, task)
        try:
            content = self._hands.do(asked, *told, over)
        except StudyError:
            raise
        except Paused as pause:
            listener.paused(task, pause.checkpoint)
            raise
        except Exception:
            listener.failed(task, traceback.format_exc())
        else:
            listener.finished(task, content)
