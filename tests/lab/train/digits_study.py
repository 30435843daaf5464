"""A small experiment on drawn digits, which the engine's tests change."""

import contextlib
import dataclasses
from unittest import mock

import keras
import numpy as np

from study import regularizers
from study.lab import data
from study.lab.declare.experiment import Experiment
from study.lab.declare.measures import FinalLoss
from study.lab.declare.models import mlp
from study.lab.train import loop, plan, thresholds
from study.lab.train.tabulate import Run

STEPS = 40
LIMIT = thresholds.limit


def model():
    return mlp(64, (13, 7), 10, kernel_initializer=keras.initializers.HeNormal())


def softmax():
    return mlp(64, (), 10, kernel_initializer=keras.initializers.HeNormal())


def penalized_softmax(strength):
    return mlp(
        64,
        (),
        10,
        kernel_initializer=keras.initializers.HeNormal(),
        kernel_regularizer=regularizers.L2(strength),
    )


def sgd():
    return keras.optimizers.SGD(0.1)


def experiment(**changes):
    fields = {
        "title": "digits",
        "claims": (),
        "data": data.digits(train=97, validation=31),
        "model": model,
        "optimizer": sgd,
        "batch_size": 19,
        "steps": STEPS,
        "evaluations": 8,
        "vary": {},
        "replicates": 3,
        "measures": (FinalLoss(),),
    }
    return Experiment(**fields | changes)


def program_of(definition, cells, replicates, stage="judge"):
    """Return the one program of cells and replicates."""
    runs = [(cell, replicate) for cell in cells for replicate in replicates]
    (program,) = plan.programs(definition, stage, runs)
    return program


def train(
    definition, replicates=range(3), stage="judge", engine=None, cells=None, told=None
):
    """Train cells in one program; return it, what is measured, stack and last state."""
    cells = cells or plan.cells(definition.vary)
    program = program_of(definition, cells, replicates, stage)
    engine = engine or loop.Engine(definition)
    result, stack, state = engine.train(program, told or (lambda *_: None))
    return program, Measured(definition, program, result), stack, state


class Measured:
    """What a page reads off the result of a program, run by run."""

    def __init__(self, definition, program, result):
        self.result, self.curves, self.looks = result, result.loss, result.looks
        histories = [
            Run(*run, result, row).history(definition)
            for row, run in enumerate(program.runs)
        ]
        self.diverged = np.array([int(each.diverged()[0]) for each in histories])
        self.measures = {
            measure.name: np.array([measure.read(each)[0] for each in histories])
            for measure in definition.measures
        }
        self.watched = {
            split: result.reads[f"look {split} error"] for split in definition.watch
        }


class Unfilled(thresholds.Limit):
    """A limit whose stacks hold the runs that are asked for and no copies of them."""

    def stack(self, count):
        return count


@contextlib.contextmanager
def stacks_of(runs):
    """Let a stack hold so many runs, also of networks that are best trained alone."""

    def limit(model):
        return Unfilled(**dataclasses.asdict(LIMIT(model)) | {"runs": runs})

    with mock.patch.object(thresholds, "limit", limit):
        yield
