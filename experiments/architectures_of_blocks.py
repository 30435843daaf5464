"""Blocks arranged in three ways, and layers of mixed activations, learn MNIST."""

import keras
from keras import ops

from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import Probe, TestError
from study.lab.figures import Curves, Strip
from study.lab.rules.verdicts import Rate, Shape
from study.layers import FastForward, SimpleRecurrent, SplitAndMerge

UNITS, BRANCHES = 64, 4
LEARNS = 20  # percent of test images predicted wrongly; a guess has 90
CHAIN, MIXED = "chain", "mixed activations"
FORWARD, SPLIT, RECURRENT = "fast forward", "split and merge", "recurrent"


def dense(units=UNITS, activation="relu"):
    return keras.layers.Dense(units, activation, kernel_initializer="he_normal")


def layers(architecture):
    """List the hidden layers of an architecture."""
    if architecture == RECURRENT:  # an image's rows, one after the other
        return [keras.layers.Reshape((28, 28)), SimpleRecurrent(UNITS)]
    if architecture == FORWARD:
        return [dense(), FastForward(dense()), FastForward(dense())]
    if architecture == SPLIT:
        branches = [dense(UNITS // BRANCHES) for _ in range(BRANCHES)]
        return [dense(), SplitAndMerge(branches), dense()]
    if architecture == MIXED:
        return [dense(), dense(activation="tanh"), dense(activation="sigmoid")]
    return [dense(), dense(), dense()]


def model(architecture):
    return keras.Sequential(
        [keras.Input((784,)), *layers(architecture), keras.layers.Dense(10, "softmax")]
    )


def optimizer():
    return keras.optimizers.Adam(0.001)


def learns(model, x, y):
    """Return 1 if less than 20 % of the examples are predicted wrongly, else 0."""
    found = ops.argmax(model(x, training=False), axis=-1)
    wrong = ops.cast(ops.not_equal(found, ops.cast(y, found.dtype)), "float32")
    return ops.cast(100 * ops.mean(wrong) < LEARNS, "float32")


def learned(architecture):
    return Rate(measure="learns", arm={"architecture": architecture}, above=0.5)


EXPERIMENT = Experiment(
    title="Architectures of blocks",
    about=(FastForward, SimpleRecurrent, SplitAndMerge),
    claims=(Claim("d4-37", verdict=Shape(*map(learned, (FORWARD, SPLIT, RECURRENT)))),),
    data=mnist(train=10_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    steps=400,
    evaluations=4,
    vary={"architecture": (CHAIN, MIXED, FORWARD, SPLIT, RECURRENT)},
    measures=(
        Probe(
            "learns",
            learns,
            on="test",
            label="with less than 20 % error on 1,000 test images",
        ),
        TestError(),
    ),
    figures=(
        Strip("test_error", by="architecture"),
        Curves(panels="architecture"),
    ),
    differences=(
        (
            "blocks",
            "sketches",
            f"{UNITS} units: inputs beside outputs, twice; {BRANCHES} branches of a "
            "quarter of the units; a state carried over the 28 rows of an image",
        ),
        (
            "d4-37: arranged freely",
            "said in words",
            "each of the three learns MNIST to less than 20 % error, where a guess has "
            "90, in 400 steps, in more than half of all seeds",
        ),
    ),
    smoke={
        "data": mnist(train=2_000),
        "steps": 30,
        "replicates": 2,
        "vary": {"architecture": (FORWARD, SPLIT)},
        "claims": (),
    },
)
