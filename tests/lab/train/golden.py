"""One run of each kind of program, and the numbers that it brought when last looked at.

`python tests/lab/train/golden.py` writes the numbers again, after ENGINE_VERSION was
raised for them.
"""

import dataclasses
import functools
import json
import sys
from pathlib import Path

import keras
import numpy as np

from study import layers, regularizers
from study.lab import data
from study.lab.declare.experiment import Experiment
from study.lab.declare.measures import FinalLoss, TestError
from study.lab.declare.models import mlp
from study.lab.declare.version import ENGINE_VERSION
from study.lab.train import plan
from study.lab.train.loop import Engine

FILE = Path(__file__).with_name("golden.json")
STEPS = 24


def tiny():
    return mlp(64, (4,), 10, kernel_initializer="he_normal")


def wide():
    return mlp(64, (48,), 10, kernel_initializer="he_normal")


def convolution():
    return keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Reshape((8, 8, 1)),
            keras.layers.Conv2D(3, 3, activation="relu"),
            layers.StochasticPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(10, "softmax"),
        ]
    )


def recurrence():
    return keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Reshape((8, 8)),
            layers.SimpleRecurrent(6),
            keras.layers.Dense(10, "softmax"),
        ]
    )


def random():
    return keras.Sequential(
        [
            keras.Input((64,)),
            layers.Dropout(0.2),
            layers.DropConnect(24, rate=0.4, activation="relu"),
            layers.BatchNormalization(),
            keras.layers.Dense(10, kernel_regularizer=regularizers.L2(0.01)),
            layers.Dropout(0.1, mask="epoch"),
            keras.layers.Activation("softmax"),
        ]
    )


def sgd():
    return keras.optimizers.SGD(0.2, momentum=0.5, weight_decay=0.001)


def averaged():
    return keras.optimizers.Adam(
        keras.optimizers.schedules.ExponentialDecay(0.02, 9, 0.5),
        clipnorm=0.5,
        use_ema=True,
        ema_momentum=0.8,
    )


def noisy(x, seed):
    return x + np.random.default_rng(seed).normal(0, 0.2, x.shape).astype(x.dtype)


def halved(model, x, y, seed):
    for each in model.trainable_variables:
        each.assign(each / 2)


def pretraining():
    return halved


def plateau():
    return keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=1, min_delta=0.1)


KINDS = {
    "stacked": {},
    "alone": {"model": wide},
    "convolution": {"model": convolution},
    "recurrence": {"model": recurrence},
    "random": {"model": random},
    "replacement": {"replacement": True},
    "full batch": {"batch_size": None},
    "augmented": {"augmentation": noisy},
    "pretrained": {"pretraining": pretraining},
    "patience": {"patience": 0, "optimizer": lambda: keras.optimizers.SGD(2.0)},
    "plateau": {"plateau": plateau, "optimizer": lambda: keras.optimizers.SGD(1.0)},
    "averaged": {"optimizer": averaged},
}


def program(kind: str):
    """Return the definition of a kind, and the program of two runs."""
    definition = Experiment(
        title=kind,
        claims=(),
        data=data.digits(train=57, validation=31),
        model=KINDS[kind].get("model", tiny),
        optimizer=sgd,
        batch_size=19,
        steps=STEPS,
        evaluations=6,
        watch=("validation",),
        vary={},
        replicates=2,
        measures=(FinalLoss(), TestError()),
    )
    definition = dataclasses.replace(definition, **KINDS[kind])
    (program,) = plan.programs(definition, "judge", [({}, 0), ({}, 1)])
    return definition, program


@functools.cache
def compiled(kind: str):
    """Return the engine of a kind, which compiles it once, and the program."""
    definition, runs = program(kind)
    return Engine(definition), runs


def numbers(kind: str) -> list[float]:
    """Train two runs of a kind; return losses on the way, where they end and how."""
    engine, runs = compiled(kind)
    result = engine.run(runs, lambda *_: None)
    found = [result.loss[:, 5], result.loss[:, -1], result.reads["end test loss"]]
    return np.concatenate([*found, result.stopped]).tolist()


if __name__ == "__main__":
    golden = {"engine": ENGINE_VERSION, "runs": {kind: numbers(kind) for kind in KINDS}}
    FILE.write_text(json.dumps(golden, indent=2) + "\n")
    print(f"{FILE}: written", file=sys.stderr)
