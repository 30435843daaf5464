"""He initialization against Xavier and a standard deviation of 0.01, ReLU on MNIST."""

import keras

from study.initializers import He, Xavier
from study.lab.data import mnist
from study.lab.declare.experiment import Anchor, Claim, Experiment
from study.lab.declare.measures import LossAt, TestError
from study.lab.declare.models import mlp
from study.lab.figures import Curves, Strip
from study.lab.rules.verdicts import Less, Shape


def model(initializer):
    return mlp(784, (100, 100, 100, 100), 10, kernel_initializer=initializer)


def optimizer():
    return keras.optimizers.SGD(0.01)


def arm(initializer):
    return {"initializer": initializer}


EXPERIMENT = Experiment(
    title="Initialization on MNIST",
    about=(He, Xavier),
    claims=(
        Claim(
            "d3-20",
            verdict=Shape(
                Less(measure="loss_at_2000", arm=arm("He"), than=arm("Xavier")),
                Less(measure="loss_at_2000", arm=arm("He"), than=arm("std 0.01")),
            ),
        ),
    ),
    data=mnist(),
    model=model,
    optimizer=optimizer,
    batch_size=128,
    replacement=True,
    steps=2_000,
    vary={
        "initializer": {
            "std 0.01": keras.initializers.RandomNormal(0.0, 0.01),
            "Xavier": Xavier(),
            "He": He(),
        }
    },
    measures=(LossAt(100), LossAt(500), LossAt(2_000), TestError()),
    figures=(
        Curves(hue="initializer", title="Training loss of each seed and their mean"),
        Strip("loss_at_2000", by="initializer"),
    ),
    anchors=(
        Anchor(
            source="Saito 2016, Deep Learning from Scratch, figure 6-15 (a plot)",
            measure="loss_at_2000",
            arm=arm("std 0.01"),
            value=2.3,
            read=False,
        ),
    ),
    differences=(
        ("seeds", "one, not set", "10 paired ones"),
        ("judged by", "a plot of the smoothed loss", "the loss of the last 50 steps"),
    ),
    smoke={
        "data": mnist(train=2_000),
        "steps": 100,
        "replicates": 5,
        "measures": (LossAt(100), TestError()),
        "claims": (),
        "anchors": (),
        "figures": (Curves(hue="initializer"), Strip("loss_at_100", by="initializer")),
    },
)
