"""Declare the one base of the findings about dropout: a wide network on few images.

Narrow networks and many images turn findings about dropout upside down: where nothing
overfits it only costs. Pages that take this base share its runs.
"""

import keras

from study.activations import Configured, leaky_relu
from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.controls import ROSE
from study.lab.declare.measures import (
    Gap,
    Probe,
    Rise,
    TestError,
    TestLoss,
    TrainError,
    ValidationError,
)
from study.lab.declare.scale import Size
from study.lab.rules.verdicts import Control, Level, Lowers
from study.layers import DropConnect, Dropout
from study.probes import active_share

ALL, HALF = {}, {"share": 0.5}
KEPT = {"all": ALL, "half": HALF}  # what most of these pages compare
# What the source trains: Srivastava and others 2014, section 6.1.1 and appendix B.
SOURCE = (1_024, 1_024, 2_048)
MNIST = Size(examples=60_000, units=sum(SOURCE))


def network(kept, shape, classes):
    """Build a network that keeps a part of itself in each step of training.

    Args:
        kept: What is kept, all where it is not named: the `share` of the hidden units,
            of the `inputs`, of the hidden layers' `weights`; what shares a `mask`, as
            in `Dropout`; the units of the `hidden` layers; and their `slope` below 0,
            where that of ReLU is 0.
        shape, classes: Of an example, and how many, as the data have them.
    """
    slope, mask = kept.get("slope"), kept.get("mask", "example")
    activation = Configured(leaky_relu, negative_slope=slope) if slope else "relu"
    layers = [keras.Input(shape)]
    if "inputs" in kept:
        layers.append(Dropout(1 - kept["inputs"], mask=mask))
    for units in kept.get("hidden", (512, 512)):
        options = {"activation": activation, "kernel_initializer": He()}
        if "weights" in kept:
            dropped = 1 - kept["weights"]
            layers.append(DropConnect(units, dropped, mask="batch", **options))
        else:
            layers.append(keras.layers.Dense(units, **options))
            layers.append(Dropout(1 - kept.get("share", 1.0), mask=mask))
    output = keras.layers.Dense(classes, "softmax", kernel_initializer=He())
    return keras.Sequential([*layers, output])


def momentum(learning_rate):
    """Make the optimizer, whose rate each network has chosen on validation images."""
    return keras.optimizers.SGD(learning_rate, momentum=0.9)


class RisenLoss(Rise):
    """`Rise`, by the name that the rules of these pages were declared with."""

    name = "risen_loss"


def active(model, x, y):
    """Return how many of all hidden outputs are not 0, in percent."""
    shares = active_share(model, x).values()
    return 100 * sum(shares) / len(shares)


ACTIVE = Probe("active", active, unit="%", label="active hidden outputs")
MEASURES = (
    TestError(),
    TestLoss(),
    TrainError(),
    ValidationError(),
    Gap(),
    RisenLoss(),
)
BASE = {
    "data": mnist(train=2_000, validation=1_000),
    "model": network,
    "optimizer": momentum,
    "batch_size": 100,
    "epochs": 60,
    "evaluations": 30,
    "watch": ("validation",),
    "tune": {"learning_rate": (0.002, 0.01, 0.05, 0.1, 0.25, 0.5)},
    "replicates": 5,
    "extension": 5,
    "size": Size(units=1_024),
}
DRAFT = {
    "data": mnist(train=500, validation=500),
    "epochs": 4,
    "evaluations": 2,
    "replicates": 2,
    "tune": {"learning_rate": (0.05,)},
    "claims": (),
}
PAPER = {"data": mnist(train=10_000, validation=10_000)}


def pays(arm, than, what="dropout pays"):
    """Return the control that dropout lowers the test error of a network."""
    return Control(
        what,
        Lowers(measure="test_error", arm=arm, than=than),
        "as in the source, on 60,000 images in layers of 1,024 units and more",
    )


def overfits(arm):
    """Return the control that the network of an arm overfits."""
    return Control(
        "where all is kept the network overfits: its validation loss rises",
        Level(measure="risen_loss", arm=arm, above=ROSE),
        "more epochs, or fewer images",
    )
