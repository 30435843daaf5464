"""Share work among worker processes and outlive any of them.

By hand: `concurrent.futures` and joblib give up all that is left when a worker is
killed, and pebble cannot hand work to the worker that has compiled it.
"""

import contextlib
import json
import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue

from study.lab import machine
from study.lab.errors import StudyError
from study.lab.execute import worker
from study.lab.execute.dealing import Deal, Hand, Place
from study.lab.execute.tasks import Job

DIED_TWICE = "its worker process died twice"


class Workers:
    """Keep up to `workers` processes, a core each, and hand them tasks.

    A task that wants all threads has a process of its own, and nothing beside it. A
    worker that dies has its task tried once more in a fresh one; a task whose worker
    dies twice, or that raises, has failed. Leaving the context ends every worker.

    Args:
        workers: How many.
        hasty: Whether they compile in haste, for drafts.
    """

    def __init__(self, workers: int, hasty: bool = False):
        self._workers = [Worker(core, hasty) for core in range(workers)]
        self._wide = Worker(hasty=hasty)
        self._all = *self._workers, self._wide

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in self._all:
            each.stop()

    def start(self) -> None:
        """Start a process before there is a task, so that it is ready for the first."""
        self._workers[0].start()

    def threads(self, wanted: str) -> int:
        """Return how many threads a task with `"one"` or `"all"` may use."""
        return machine.threads(wanted)

    def run(self, jobs: Iterable[Job], until: float = math.inf) -> None:
        """Bring jobs to their ends, or to a checkpoint at `until`."""
        deal = Deal(jobs, [Place(self._workers, self._wide)])
        while True:
            if time.monotonic() >= until:
                until = math.inf
                deal.close()
                for each in deal.busy:
                    each.ask_to_stop()
            deal.hand_out()
            busy = {each.answers: each for each in deal.busy}
            if not busy:
                return
            left = None if until == math.inf else max(0.0, until - time.monotonic())
            for ready in wait(list(busy), left):
                self._hear(deal, busy[ready])

    def _hear(self, deal, each):
        """Take a worker's answer, or see that it died."""
        answer = each.hear()
        if answer is None:
            deal.lost(each, DIED_TWICE)
            return
        kind, content = answer[:1], answer[1:]
        if kind == worker.PROGRESS:
            progress = json.loads(content)
            step, loss = progress["step"], progress["loss"]
            each.job.listener.progressed(each.task, step, loss)
        elif kind == worker.KEPT:
            each.job.listener.kept(each.task, content)
        else:
            end(deal, each, kind, content)


def end(deal: Deal, hand: Hand, kind: bytes, content: bytes) -> None:
    """Tell how a task has ended; a mistake of the user ends all."""
    if kind == worker.PAUSED:
        listener, task = deal.paused(hand)
        listener.paused(task, content)
        return
    listener, task = deal.finished(hand)
    if kind == worker.RESULT:
        listener.finished(task, content)
    elif kind == worker.MISTAKE:
        raise StudyError(content.decode())
    else:
        listener.failed(task, content.decode())


@dataclass(eq=False)
class Worker(Hand):
    """One process at most, started when it is first given a task.

    It has one thread on its core, or all threads where it has no core.
    """

    core: int | None = None
    hasty: bool = False
    answers: Connection | None = field(default=None, init=False)
    _requests: Connection | None = field(default=None, init=False)
    _process: subprocess.Popen | None = field(default=None, init=False, repr=False)
    _outgoing: SimpleQueue = field(default_factory=SimpleQueue, init=False, repr=False)
    _sender: threading.Thread | None = field(default=None, init=False, repr=False)

    def take(self, job, task):
        self.send(self.request(job, task))
        super().take(job, task)

    def send(self, request: bytes) -> None:
        """Have the process do a task; its answers tell where it died."""
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self.start()
        self._outgoing.put(request)

    def ask_to_stop(self) -> None:
        """Have the program under way stop at a checkpoint; other tasks go on."""
        self._outgoing.put(worker.STOP)

    def hear(self) -> bytes | None:
        """Wait for the next answer: its kind and content; None where it died."""
        try:
            return self.answers.recv_bytes()
        except (EOFError, OSError):  # perhaps while it answered
            self._end()
            return None

    def stop(self) -> None:
        """End the process."""
        self._end()
        self.forget()

    def _end(self):
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._outgoing.put(None)
            self._sender.join()
            self._requests.close()
            self.answers.close()
        self._process = None

    @property
    def _threads(self):
        return "all" if self.core is None else "one"

    def start(self):
        read, requests = os.pipe()
        answers, write = os.pipe()
        command = [
            sys.executable,
            "-m",
            "study.lab.execute.worker",
            str(read),
            str(write),
        ]
        self._process = subprocess.Popen(
            command,
            pass_fds=(read, write),
            env=os.environ | machine.environment(self._threads, self.hasty),
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
        # It hears nothing until it has imported Keras, and a checkpoint fills the pipe.
        sending = self._outgoing, self._requests
        self._sender = threading.Thread(target=_send, args=sending, daemon=True)
        self._sender.start()
        self.answers = Connection(answers, writable=False)


def _send(outgoing, requests):
    """Send what is asked of a process, in order; one that is gone hears nothing."""
    while (request := outgoing.get()) is not None:
        with contextlib.suppress(BrokenPipeError):
            requests.send_bytes(request)
