"""Commands that begin within a moment, so that many can be killed.

A server imports the study once, before it has threads; each command is a fork of it.
What a program trains to is answered by what it was trained to before: a kill needs a
command that plans, writes the store and draws pages, not one that trains.
"""

import contextlib
import hashlib
import os
import sys
import time
from multiprocessing import forkserver, get_context
from pathlib import Path

import numpy_stack
import pytest
from answers import Answers
from project import make

from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.execute import command, runner, supervisor
from study.lab.execute.executors import InProcess
from study.lab.execute.progress import Progress
from study.lab.train import loop, slices
from study.lab.train.loop import Engine
from study.lab.train.result import Result

PAUSE = 0.05  # seconds that an answer takes, so that kills fall between two of them
STRETCH = 0.02  # and a stretch of training


def answers(folder: Path, steps: int) -> Path:
    """Train the programs of a project once; return the folder of their answers."""
    project, answers = make(folder / "answered", steps), folder / "answers"
    answers.mkdir()
    finding = registry.load(project / "experiments" / "width_on_digits.py")
    engine = Engine(finding.definition.at("standard"))

    def train(program):
        result = engine.run(program, lambda *_: None)
        _file(answers, program).write_bytes(result.to_bytes())
        return result

    work = runner.Runner(None, Answers(train), Progress())
    work.table(finding, PROFILES["standard"])
    return answers


def run(folder: Path, answers: Path) -> None:
    """Do as `python -m study run` in a folder, and exit with its status."""

    def answer(program):
        time.sleep(PAUSE)
        return Result.from_bytes(_file(answers, program).read_bytes())

    _run(folder, Answers(answer))


def train(folder: Path) -> None:
    """Do the same and train, by NumPy, with a checkpoint after every stretch."""
    step = numpy_stack.Stack.train

    def slowly(*arguments):
        time.sleep(STRETCH)
        return step(*arguments)

    numpy_stack.Stack.train, loop.Stack, slices.EVERY = slowly, numpy_stack.Stack, 0.0
    _run(folder, InProcess())


def _run(folder, executor):
    os.chdir(folder)
    with open(os.devnull, "w") as nothing:
        os.dup2(nothing.fileno(), 1)
    supervisor.Workers = lambda count, hasty: contextlib.nullcontext(executor)
    os._exit(command.main(["run"]))


def _file(answers, program):
    return answers / hashlib.sha256(program.to_json().encode()).hexdigest()


def server():
    """Return a context whose processes are forks of one that has all imported."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["victims"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
        forkserver.ensure_running()
    return context
