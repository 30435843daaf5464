"""Blocks arranged in three ways, each against a network without any, on MNIST."""

import math

import keras

from study.lab.data import mnist
from study.lab.declare.controls import Control, Controlled
from study.lab.declare.finding import Experiment, Number, Takeaway
from study.lab.declare.measures import TestError, ValidationError
from study.lab.figures import Curves, Points
from study.lab.rules.verdicts import Each, Lowers
from study.layers import FastForward, SimpleRecurrent, SplitAndMerge

UNITS, BRANCHES = 64, 4
NONE, CHAIN = "no block", "chain"
FORWARD, SPLIT, RECURRENT = "fast forward", "split and merge", "recurrent"
ARCHITECTURES = (NONE, CHAIN, FORWARD, SPLIT, RECURRENT)
NAMES = ("none", "chain", "forward", "split", "recurrent")


def dense(units=UNITS):
    return keras.layers.Dense(units, "relu", kernel_initializer="he_normal")


def layers(architecture, pixels):
    """List the hidden layers of an architecture."""
    if architecture == RECURRENT:  # the rows of a square image, one after the other
        rows = math.isqrt(pixels)
        return [keras.layers.Reshape((rows, pixels // rows)), SimpleRecurrent(UNITS)]
    if architecture == FORWARD:
        return [dense(), FastForward(dense()), FastForward(dense())]
    if architecture == SPLIT:
        branches = [dense(UNITS // BRANCHES) for _ in range(BRANCHES)]
        return [dense(), SplitAndMerge(branches), dense()]
    return [] if architecture == NONE else [dense(), dense(), dense()]


def model(architecture, shape, classes):
    last = keras.layers.Dense(classes, "softmax")
    return keras.Sequential([keras.Input(shape), *layers(architecture, *shape), last])


def optimizer(learning_rate):
    return keras.optimizers.Adam(learning_rate)


def better_than_none(architecture):
    return Lowers(
        measure="test_error",
        arm={"architecture": architecture},
        than={"architecture": NONE},
    )


EXPERIMENT = Experiment(
    title="Architectures of blocks",
    about=(FastForward, SimpleRecurrent, SplitAndMerge),
    claims={
        "d4-37": Controlled(
            Each(*map(better_than_none, (FORWARD, SPLIT, RECURRENT))),
            Control(
                "a chain of dense layers does better than none",
                better_than_none(CHAIN),
                "more steps, or more images",
            ),
        )
    },
    takeaway=Takeaway(
        holds="Blocks in any of three arrangements beat a network without any",
        depends="Blocks do not beat a network without any in every arrangement: "
        "{where}.",
        fails="Blocks in none of three arrangements beat a network without any, or "
        "hardly",
        open="Whether blocks beat a network without any stays open",
        evidence="its test error is {none}, that of fast forward {forward}, of split "
        "and merge {split} and of a recurrent network {recurrent}. A plain chain comes "
        "to {chain}.",
        numbers={
            name: Number("test_error", {"architecture": architecture})
            for name, architecture in zip(NAMES, ARCHITECTURES, strict=True)
        },
    ),
    data=mnist(train=10_000, validation=5_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    steps=1_000,
    evaluations=4,
    vary={"architecture": ARCHITECTURES},
    tune={"learning_rate": (0.0003, 0.001, 0.003, 0.01, 0.03)},
    replicates=5,
    extension=10,
    measures=(ValidationError(), TestError()),
    figures=(Points("test_error", rows="architecture"), Curves(panels="architecture")),
    differences={
        "blocks": (
            "sketches",
            f"{UNITS} units: inputs beside outputs, twice; {BRANCHES} branches of a "
            "quarter of the units; a state carried over the rows of an image",
        ),
        "d4-37: arranged freely": (
            "said in words",
            "each of the three makes fewer mistakes than the output layer alone, on "
            "as many images after as many steps, each at the best of the same rates. "
            "No control asks whether each has learned to its end by then",
        ),
    },
    smoke={"vary": {"architecture": (FORWARD, SPLIT)}},
)
