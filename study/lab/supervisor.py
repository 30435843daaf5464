"""Share programs among worker processes and outlive any of them."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

from study.lab import machine, worker
from study.lab.errors import StudyError


@dataclass(frozen=True)
class Task:
    """Ask for one program of the definition at `path`.

    It is done by a worker with `"one"` thread beside others, or alone with `"all"`.
    Tasks of the same `network` need compiling once, where one worker does them all.
    """

    path: Path
    profile: str
    program: str
    threads: str = "one"
    network: str = ""

    def to_bytes(self) -> bytes:
        return json.dumps(
            {"path": str(self.path), "profile": self.profile, "program": self.program}
        ).encode()


@dataclass(frozen=True)
class Listener:
    """Functions that are told what happens; each gets the task first."""

    started: Callable[[Task], None]
    progressed: Callable[[Task, int, float], None]
    finished: Callable[[Task, bytes], None]
    retried: Callable[[Task], None]
    failed: Callable[[Task, str], None]


class Supervisor:
    """Keep up to `workers` processes, a core each, and hand them tasks.

    Tasks that want all threads follow, one at a time in a process of their own. A
    worker that dies has its task tried once more in a fresh one; a task whose worker
    dies twice, or that raises, has failed. Leaving the context ends every worker.
    """

    def __init__(self, workers: int):
        self._workers = [_Worker(core) for core in range(workers)]
        self._wide = _Worker()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in (*self._workers, self._wide):
            each.stop()

    def run(self, tasks: Iterable[Task], listener: Listener) -> None:
        """Run all tasks; return when each is finished or has failed."""
        tasks = list(tasks)
        for workers, threads in ((self._workers, "one"), ([self._wide], "all")):
            mine = [each for each in tasks if each.threads == threads]
            self._run(workers, mine, listener)

    def _run(self, workers, waiting, listener):
        tried: set[Task] = set()
        while waiting or any(each.task for each in workers):
            for each in workers:
                if waiting and not each.task:
                    task = _next(waiting, each, workers)
                    waiting.remove(task)
                    each.give(task)
                    listener.started(task)
            busy = {each.answers: each for each in workers if each.task}
            for ready in wait(list(busy)):
                each = busy[ready]
                try:
                    content = each.answers.recv_bytes()
                except (EOFError, OSError):  # it died, perhaps while it answered
                    task = each.task
                    each.stop()
                    if task in tried:
                        listener.failed(task, "its worker process died twice")
                    else:
                        tried.add(task)
                        listener.retried(task)
                        waiting.insert(0, task)
                else:
                    self._answer(each, content, listener)

    def _answer(self, each, content, listener):
        kind, content = content[:1], content[1:]
        if kind == worker.PROGRESS:
            progress = json.loads(content)
            listener.progressed(each.task, progress["step"], progress["loss"])
            return
        task, each.task = each.task, None
        if kind == worker.RESULT:
            listener.finished(task, content)
        elif kind == worker.MISTAKE:
            raise StudyError(content.decode())
        else:
            listener.failed(task, content.decode())


def _next(waiting, one, workers):
    """Choose a task of the network that a worker has compiled, else of a new one."""
    compiled = {each.network for each in workers}
    return min(
        waiting,
        key=lambda task: (task.network != one.network, task.network in compiled),
    )


@dataclass
class _Worker:
    """One process at most, started when it is first given a task.

    It has one thread on its core, or all threads where it has no core.
    """

    core: int | None = None
    task: Task | None = None
    network: str | None = None
    answers: Connection | None = None
    _requests: Connection | None = None
    _process: subprocess.Popen | None = field(default=None, repr=False)

    def give(self, task):
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._start()
        self.task, self.network = task, task.network
        with contextlib.suppress(BrokenPipeError):  # its answers tell that it died
            self._requests.send_bytes(task.to_bytes())

    def stop(self):
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._requests.close()
            self.answers.close()
        self._process = self.task = self.network = None

    @property
    def _threads(self):
        return "all" if self.core is None else "one"

    def _start(self):
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
        if self.core is not None and hasattr(os, "sched_setaffinity"):
            cores = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(self._process.pid, {cores[self.core % len(cores)]})
        self._requests = Connection(requests, readable=False)
        self.answers = Connection(answers, writable=False)
