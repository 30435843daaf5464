"""Whoever does jobs can be asked for all that a command asks of them."""

import math
import time
from pathlib import Path

import pytest
from answers import Answers

from study.lab.execute.cluster import Cluster
from study.lab.execute.executors import Executor, InProcess
from study.lab.execute.supervisor import Workers
from study.lab.execute.tasks import Listener, Task
from study.lab.train.slices import Paused


@pytest.mark.parametrize("kind", [InProcess, Workers, Cluster, Answers])
def test_an_executor_and_what_stands_for_one_have_every_method_of_executors(kind):
    asked = {name for name in vars(Executor) if not name.startswith("_")}
    assert {"run", "start", "threads"} <= asked
    assert {name for name in asked if not callable(getattr(kind, name, None))} == set()


class Told(Listener):
    """Note what is told, and have tasks go on from what was kept."""

    def __init__(self):
        self.events = []
        names = ("started", "progressed", "finished", "retried", "failed")
        super().__init__(*(self._note(name) for name in names))
        self.kept, self.paused = self._note("kept"), self._note("paused")
        self.begun = lambda task: f"begun {task.program}".encode()

    def _note(self, name):
        return lambda task, *more: self.events.append((name, task.program, *more))


Told.__setattr__ = object.__setattr__


class Hands:
    """Do by a task's word what it says, and what it goes on from."""

    def do(self, task, report, keep, over):
        report(1.0, 0.5)
        if task.program == "cut":
            keep(task.begun + b", on")
            raise Paused(task.begun + b", over")
        return task.begun


def run(*programs, until=math.inf):
    """Return what is told of jobs with a task each, and which went on."""

    def job(program):
        yield [Task(Path("mine.py"), "smoke", program)], told
        told.events.append(("went on", program))

    told, executor = Told(), InProcess()
    executor._hands = Hands()
    executor.run(map(job, programs), until)
    return told.events


def test_in_this_process_a_task_goes_on_from_what_was_kept_and_tells_what_it_keeps():
    assert run("a", "cut", "b") == [
        ("started", "a"),
        ("progressed", "a", 1.0, 0.5),
        ("finished", "a", b"begun a"),
        ("went on", "a"),
        ("started", "cut"),
        ("progressed", "cut", 1.0, 0.5),
        ("kept", "cut", b"begun cut, on"),
        ("paused", "cut", b"begun cut, over"),
    ]


def test_in_this_process_nothing_is_begun_when_time_is_over():
    assert run("a", until=time.monotonic()) == []
