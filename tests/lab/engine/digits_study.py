"""A small experiment on drawn digits, which the engine's tests change."""

import contextlib
import dataclasses
from unittest import mock

import keras

from study import regularizers
from study.lab import data, plan, thresholds
from study.lab.engine import loop
from study.lab.experiment import Experiment
from study.lab.measures import FinalLoss
from study.lab.models import mlp

STEPS = 40
LIMIT = thresholds.limit


def model():
    return mlp(64, (13, 7), 10, kernel_initializer=keras.initializers.HeNormal())


def softmax():
    return mlp(64, (), 10, kernel_initializer=keras.initializers.HeNormal())


def penalised_softmax(strength):
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


def train(
    definition, replicates=range(3), stage="judge", engine=None, cells=None, told=None
):
    """Train cells in one program; return it, its result, stack and last state."""
    cells = cells or plan.cells(definition.vary)
    (program,) = plan.programs(definition, stage, cells, replicates)
    engine = engine or loop.Engine(definition)
    return program, *engine.train(program, told or (lambda *_: None))


@contextlib.contextmanager
def stacks_of(runs):
    """Let a stack hold so many runs, also of networks that are best trained alone."""

    def limit(model):
        return dataclasses.replace(LIMIT(model), runs=runs)

    with mock.patch.object(thresholds, "limit", limit):
        yield
