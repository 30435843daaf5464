"""What dropout costs: the steps until a network is at its best."""

from dataclasses import dataclass

import keras
import numpy as np

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import Measure
from study.lab.figures import Learning, Strip
from study.lab.rules.verdicts import Greater
from study.layers import Dropout

UNITS, RATE = 512, 0.5
NEAR = 1.02  # of the lowest validation error: at its best


@dataclass(frozen=True)
class StepsToBest(Measure):
    """First look whose validation error is close to the lowest of the run."""

    name = "steps_to_best"
    label = "steps until the validation error is within a fiftieth of its lowest"
    unit = "steps"

    def read(self, history):
        errors = history.watched["validation"]["error"]
        near = errors <= NEAR * errors.min(axis=1, keepdims=True)
        return history.ends[near.argmax(axis=1)].astype(float)


@dataclass(frozen=True)
class DoublingsToBest(StepsToBest):
    """Base-2 logarithm of the steps to the best."""

    name = "log2_steps_to_best"
    label = "log2 of the steps to the best validation error"
    unit = "doublings"

    def read(self, history):
        return np.log2(super().read(history))


@dataclass(frozen=True)
class LowestError(Measure):
    """Lowest validation error of all looks."""

    name = "lowest_error"
    label = "lowest validation error"
    unit = "%"

    def read(self, history):
        return 100 * history.watched["validation"]["error"].min(axis=1)


def model(rate):
    """Build 784-512-512-10; a rate of 0 drops nothing."""
    layers = [keras.Input((784,))]
    for _ in range(2):
        layers.append(keras.layers.Dense(UNITS, "relu", kernel_initializer=He()))
        layers.append(Dropout(rate))
    output = keras.layers.Dense(10, "softmax", kernel_initializer=He())
    return keras.Sequential([*layers, output])


def optimizer():
    return keras.optimizers.SGD(0.05, momentum=0.9)


EXPERIMENT = Experiment(
    title="Dropout: the cost",
    about=(Dropout,),
    claims=(
        Claim(
            "d0-33",
            verdict=Greater(
                measure="log2_steps_to_best",
                arm={"rate": "dropout"},
                than={"rate": "none"},
                delta=1.0,  # a doubling, the least that the slide says
            ),
            scaled="two layers of 512 units, 500 images and 500 steps",
        ),
    ),
    data=mnist(train=500, validation=2_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    steps=500,
    evaluations=25,
    watch=("validation",),
    vary={"rate": {"none": 0.0, "dropout": RATE}},
    measures=(DoublingsToBest(), StepsToBest(), LowestError()),
    figures=(
        Strip("log2_steps_to_best", by="rate"),
        Strip("lowest_error", by="rate"),
        Learning(panels="rate", title="Validation error while training"),
    ),
    differences=(
        (
            "d0-33: two to three times slower",
            "a network of the same size takes two to three times as long to train, as "
            "its gradients are noisy (Srivastava and others 2014, not re-read)",
            "the steps to come within a fiftieth of its own lowest validation error, "
            "seen every 20 steps, at least doubled",
        ),
        (
            "which clock",
            "not said",
            "steps, the same on every machine; what a step takes in seconds has a page "
            "of its own",
        ),
    ),
    smoke={
        "data": mnist(train=500, validation=500),
        "steps": 60,
        "evaluations": 3,
        "replicates": 2,
        "claims": (),
    },
)
