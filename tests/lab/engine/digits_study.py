"""A small experiment on drawn digits, which the engine's tests change."""

import keras

from study.lab import data, plan
from study.lab.engine import loop
from study.lab.experiment import Experiment
from study.lab.measures import FinalLoss
from study.lab.models import mlp

STEPS = 40


def model():
    return mlp(64, (13, 7), 10, kernel_initializer=keras.initializers.HeNormal())


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


def train(definition, monkeypatch=None, replicates=range(3), stage="judge"):
    """Train all cells in one program; return it, its result, stack and last state."""
    if monkeypatch:  # a curve of one point a step
        monkeypatch.setattr(loop, "POINTS", definition.budget({}))
    (program,) = plan.programs(
        definition, stage, plan.cells(definition.vary), replicates
    )
    return program, *loop.Engine(definition).train(program, lambda *_: None)
