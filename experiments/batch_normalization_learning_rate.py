"""With batch normalization, networks still train at rates where plain ones break."""

import keras
from keras import ops

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import Probe
from study.lab.figures import Trend
from study.lab.rules.verdicts import Rate, Shape
from study.layers import BatchNormalization

LAYERS, UNITS, STEPS = 3, 100, 250
RATES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
FAILS = 10  # percent of training examples predicted wrongly


def model(initializer, normalization):
    layers = [keras.Input((784,))]
    for _ in range(LAYERS):
        layers.append(keras.layers.Dense(UNITS, kernel_initializer=initializer.clone()))
        if normalization == "batch":
            layers.append(BatchNormalization(momentum=0.9))
        layers.append(keras.layers.Activation("relu"))
    output = keras.layers.Dense(10, "softmax", kernel_initializer=initializer.clone())
    return keras.Sequential([*layers, output])


def optimizer(learning_rate):
    return keras.optimizers.SGD(learning_rate)


def error(model, x, y):
    """Return the share of the examples predicted wrongly, in percent."""
    found = ops.argmax(model(x, training=False), axis=-1)
    wrong = ops.not_equal(found, ops.cast(y, found.dtype))
    return 100 * ops.mean(ops.cast(wrong, "float32"))


def trains(model, x, y):
    """Return 1 if more than 90 % of the examples are predicted correctly, else 0."""
    return ops.cast(error(model, x, y) < FAILS, "float32")


def arm(normalization, initializer, learning_rate):
    return {
        "normalization": normalization,
        "initializer": initializer,
        "learning_rate": learning_rate,
    }


EXPERIMENT = Experiment(
    title="Batch normalization: learning rate",
    about=(BatchNormalization,),
    claims=(
        Claim(
            "d4-53",
            verdict=Shape(
                Rate(measure="trains", arm=arm("none", "He", 0.1), above=0.5),
                Rate(measure="trains", arm=arm("none", "He", 1.0), below=0.5),
                Rate(measure="trains", arm=arm("batch", "He", 1.0), above=0.5),
            ),
        ),
    ),
    data=mnist(),
    model=model,
    optimizer=optimizer,
    batch_size=60,
    steps=STEPS,
    vary={
        "learning_rate": RATES,
        "normalization": ("none", "batch"),
        "initializer": {
            "std 0.01": keras.initializers.RandomNormal(0.0, 0.01),
            "He": He(),
            "std 1": keras.initializers.RandomNormal(0.0, 1.0),
        },
    },
    measures=(
        Probe("trains", trains, label="trained to less than 10 % training error"),
        Probe("error", error, unit="%", label="training error of 1,000 images"),
    ),
    figures=(
        Trend(
            "error",
            x="learning_rate",
            hue="normalization",
            panels="initializer",
            log=True,
        ),
    ),
    differences=(
        (
            "networks",
            "Inception on ImageNet, rates 5 and 30 times as large (Ioffe and Szegedy)",
            "784-3x100-10 ReLU on MNIST, rates from 0.03 to 10",
        ),
        (
            "the largest rate that trains",
            "not defined",
            "less than 10 % training error after 250 steps of 60 images",
        ),
    ),
    smoke={
        "data": mnist(train=2_000),
        "steps": 20,
        "replicates": 2,
        "vary": {
            "learning_rate": RATES,
            "normalization": ("none", "batch"),
            "initializer": {"He": He()},
        },
        "claims": (),
    },
)
