"""Commands that begin within a moment, so that many can be killed.

A server imports the study once, before it has threads; each command is a fork of it.
What a program trains to is answered by what it was trained to before: a kill needs a
command that plans, writes the store and draws pages, not one that trains.
"""

import hashlib
import os
import sys
import time
from multiprocessing import forkserver, get_context
from pathlib import Path

import pytest
from project import make

from study.lab import command, registry, runner, supervisor
from study.lab.executors import InProcess
from study.lab.profiles import PROFILES
from study.lab.progress import Progress
from study.lab.tasks import Hands

PAUSE = 0.05  # seconds that an answer takes, so that kills fall between two of them


class Answers(Hands):
    """Answer programs by files of a folder; what has none is done and kept there."""

    def __init__(self, folder: Path):
        super().__init__()
        self.folder = folder

    def do(self, task, report=lambda *_: None):
        if not task.program:
            return super().do(task, report)
        path = self.folder / hashlib.sha256(task.program.encode()).hexdigest()
        if not path.exists():
            path.write_bytes(super().do(task, report))
        time.sleep(PAUSE)
        return path.read_bytes()


class Answering(InProcess):
    """Do tasks in this process, from a folder of answers, as workers would."""

    def __init__(self, folder: Path):
        super().__init__()
        self._hands = Answers(folder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def threads(self, wanted):
        return 1


def answers(folder: Path, steps: int) -> Path:
    """Train the programs of a project once; return the folder of their answers."""
    project, answers = make(folder / "answered", steps), folder / "answers"
    answers.mkdir()
    entry = registry.load(project / "experiments" / "width_on_digits.py")
    work = runner.Runner(None, Answering(answers), Progress())
    work.table(entry, PROFILES["standard"])
    return answers


def run(folder: Path, answers: Path) -> None:
    """Do as `python -m study run` in a folder, and exit with its status."""
    os.chdir(folder)
    with open(os.devnull, "w") as nothing:
        os.dup2(nothing.fileno(), 1)
    supervisor.Workers = lambda count: Answering(answers)
    os._exit(command.main(["run"]))


def server():
    """Return a context whose processes are forks of one that has all imported."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["victims"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
        forkserver.ensure_running()
    return context
