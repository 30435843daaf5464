"""Batch normalization helps in front of the activation as well as behind it."""

import keras

from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import MeanLoss, TestError
from study.lab.figures import Curves, Dots
from study.lab.rules.verdicts import Less, Shape
from study.layers import BatchNormalization

LAYERS, UNITS = 3, 100


def model(placement, activation):
    layers = [keras.Input((784,))]
    for _ in range(LAYERS):
        hidden = [keras.layers.Dense(UNITS), keras.layers.Activation(activation)]
        if placement != "none":
            hidden.insert(1 if placement == "before" else 2, BatchNormalization())
        layers += hidden
    return keras.Sequential([*layers, keras.layers.Dense(10, "softmax")])


def optimizer():
    return keras.optimizers.SGD(0.1)


def arm(placement, activation):
    return {"placement": placement, "activation": activation}


EXPERIMENT = Experiment(
    title="Batch normalization: placement",
    about=(BatchNormalization,),
    claims=(
        Claim(
            "d3-22",
            verdict=Shape(
                *(
                    Less(
                        measure="test_error",
                        arm=arm(placement, activation),
                        than=arm("none", activation),
                    )
                    for activation in ("sigmoid", "relu")
                    for placement in ("before", "after")
                )
            ),
        ),
    ),
    data=mnist(),
    model=model,
    optimizer=optimizer,
    batch_size=60,
    steps=1_000,
    vary={
        "activation": ("sigmoid", "relu"),
        "placement": ("none", "before", "after"),
    },
    measures=(MeanLoss(), TestError()),
    figures=(
        Curves(
            panels="activation",
            hue="placement",
            title="Training loss of each seed and their mean",
        ),
        Dots("test_error", rows="placement", panels="activation", title="Test error"),
    ),
    smoke={
        "data": mnist(train=2_000),
        "steps": 60,
        "replicates": 2,
        "vary": {"activation": ("relu",), "placement": ("before", "after")},
        "claims": (),
    },
    paper={"steps": 50_000},
)
