"""Share work among worker processes and outlive any of them."""

import contextlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

from study.lab import machine, worker
from study.lab.errors import StudyError
from study.lab.tasks import Job, Listener, Task

# What a worker must compile for a task: nothing, a new network, or one that another
# worker has compiled, to which few tasks of a network are left.
OWN, NEW, SHARED, LEFT = range(4)
FEW = 2


class Workers:
    """Keep up to `workers` processes, a core each, and hand them tasks.

    A task that wants all threads has a process of its own, and nothing beside it. A
    worker that dies has its task tried once more in a fresh one; a task whose worker
    dies twice, or that raises, has failed. Leaving the context ends every worker.
    """

    def __init__(self, workers: int):
        self._workers = [_Worker(core) for core in range(workers)]
        self._wide = _Worker()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in self._all:
            each.stop()

    @property
    def _all(self):
        return *self._workers, self._wide

    def start(self) -> None:
        """Start a process before there is a task, so that it is ready for the first."""
        self._workers[0].start()

    def threads(self, wanted: str) -> int:
        """Return how many threads a task with `"one"` or `"all"` may use."""
        narrow = wanted == "one" and machine.narrows()
        return 1 if narrow else machine.usable()

    def run(self, jobs: Iterable[Job]) -> None:
        """Bring jobs to their ends.

        They begin in order, each as soon as nothing waits of those before it.
        """
        jobs, underway = iter(jobs), []
        while True:
            self._hand_out(jobs, underway)
            busy = {each.answers: each for each in self._all if each.task}
            if not busy:
                return
            for ready in wait(list(busy)):
                self._hear(busy[ready])

    def _hand_out(self, jobs, underway):
        while not self._wide.task:
            underway[:] = [job for job in underway if job.goes_on()]
            waiting = [(job, task) for job in underway for task in job.waiting]
            beside = [(job, task) for job, task in waiting if task.threads == "one"]
            idle = [each for each in self._workers if not each.task]
            cost, one, job, task = self._choose(idle, beside)
            if cost < LEFT:
                job.begin(task, one)
            elif waiting and not beside and len(idle) == len(self._workers):
                job, task = waiting[0]
                job.begin(task, self._wide)
            elif (task or not beside) and (steps := next(jobs, None)):
                underway.append(_Underway(steps))
            elif task:
                job.begin(task, one)
            else:
                return

    def _choose(self, idle, waiting):
        """Return who does what next, and what compiling it costs."""
        count = Counter(task.structure for _, task in waiting)
        choices = (
            (self._cost(task, one, count[task.structure]), one, job, task)
            for job, task in waiting
            for one in idle
        )
        nothing = LEFT, None, None, None
        return min(choices, key=lambda choice: choice[0], default=nothing)

    def _cost(self, task, one, waiting):
        if task.structure in one.structures:
            return OWN
        if not any(task.structure in each.structures for each in self._workers):
            return NEW
        return LEFT if waiting <= FEW else SHARED

    def _hear(self, each):
        """Take a worker's answer, or see that it died."""
        job, task = each.job, each.task
        try:
            content = each.answers.recv_bytes()
        except (EOFError, OSError):  # it died, perhaps while it answered
            each.stop()
            job.died(task)
            return
        kind, content = content[:1], content[1:]
        if kind == worker.PROGRESS:
            progress = json.loads(content)
            job.listener.progressed(task, progress["step"], progress["loss"])
            return
        each.task = None
        job.doing.remove(task)
        if kind == worker.RESULT:
            job.listener.finished(task, content)
        elif kind == worker.MISTAKE:
            raise StudyError(content.decode())
        else:
            job.listener.failed(task, content.decode())


class _Underway:
    """A job that has begun: what of it waits, is being done and was tried before."""

    def __init__(self, steps):
        self._steps = steps
        self.listener: Listener | None = None
        self.waiting: list[Task] = []
        self.doing: set[Task] = set()
        self._tried: set[Task] = set()

    def goes_on(self):
        """Fetch the next tasks where the last are done; return whether any are left."""
        while not self.waiting and not self.doing:
            tasks, self.listener = next(self._steps, (None, None))
            if tasks is None:
                return False
            self.waiting = list(tasks)
        return True

    def begin(self, task, one):
        """Have a worker do a task."""
        self.waiting.remove(task)
        self.doing.add(task)
        one.give(self, task)
        self.listener.started(task)

    def died(self, task):
        """Have a task whose worker died tried again, once."""
        self.doing.remove(task)
        if task in self._tried:
            self.listener.failed(task, "its worker process died twice")
        else:
            self._tried.add(task)
            self.listener.retried(task)
            self.waiting.insert(0, task)


@dataclass
class _Worker:
    """One process at most, started when it is first given a task.

    It has one thread on its core, or all threads where it has no core.
    """

    core: int | None = None
    task: Task | None = None
    job: _Underway | None = None
    path: Path | None = None
    structures: set[str] = field(default_factory=set)
    answers: Connection | None = None
    _requests: Connection | None = None
    _process: subprocess.Popen | None = field(default=None, repr=False)

    def give(self, job, task):
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self.start()
        if task.program and task.path != self.path:  # it keeps one definition's
            self.path = task.path
            self.structures = set()
        self.job, self.task = job, task
        self.structures.add(task.structure)
        with contextlib.suppress(BrokenPipeError):  # its answers tell that it died
            self._requests.send_bytes(task.to_bytes())

    def stop(self):
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._requests.close()
            self.answers.close()
        self._process = self.job = self.task = self.path = None
        self.structures = set()

    @property
    def _threads(self):
        return "all" if self.core is None else "one"

    def start(self):
        read, requests = os.pipe()
        answers, write = os.pipe()
        command = [sys.executable, "-m", "study.lab.worker", str(read), str(write)]
        self._process = subprocess.Popen(
            command,
            pass_fds=(read, write),
            env=os.environ | machine.environment(self._threads),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the supervisor, which ends it
        )
        os.close(read)
        os.close(write)
        if self.core is not None and machine.binds():
            cores = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(self._process.pid, {cores[self.core % len(cores)]})
        self._requests = Connection(requests, readable=False)
        self.answers = Connection(answers, writable=False)
