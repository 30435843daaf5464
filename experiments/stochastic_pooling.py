"""Stochastic pooling against max and average, and beside dropout and weight decay."""

import keras

from study.lab.data import mnist
from study.lab.declare.experiment import Anchor, Claim, Experiment
from study.lab.declare.measures import Gap, TestError, TrainError
from study.lab.figures import Strip
from study.lab.rules.verdicts import Less, Shape
from study.layers import DropConnect, Dropout, StochasticPooling2D
from study.regularizers import L2

FILTERS, UNITS = 8, 128
NETWORKS = (
    "max",
    "average",
    "stochastic",
    "max, weight decay",
    "max, dropout",
    "max, DropConnect",
)
POOLING = {
    "average": keras.layers.AveragePooling2D,
    "stochastic": StochasticPooling2D,
}


def model(network):
    """Build two convolutions, each with its pooling, and a hidden layer."""
    pooling = POOLING.get(network, keras.layers.MaxPooling2D)
    decay = 0.01 if network == "max, weight decay" else 0.0
    layers = [keras.Input((784,)), keras.layers.Reshape((28, 28, 1))]
    for _ in range(2):
        layers += [convolution(decay), pooling(2)]
    layers += [keras.layers.Flatten(), hidden(network, decay)]
    layers.append(Dropout(0.5 if network == "max, dropout" else 0.0))
    output = keras.layers.Dense(10, "softmax", kernel_regularizer=L2(decay))
    return keras.Sequential([*layers, output])


def convolution(decay):
    return keras.layers.Conv2D(
        FILTERS,
        5,
        activation="relu",
        kernel_initializer="he_normal",
        kernel_regularizer=L2(decay),
    )


def hidden(network, decay):
    if network == "max, DropConnect":
        return DropConnect(
            UNITS, 0.5, "relu", mask="batch", kernel_initializer="he_normal"
        )
    return keras.layers.Dense(
        UNITS, "relu", kernel_initializer="he_normal", kernel_regularizer=L2(decay)
    )


def optimizer():
    return keras.optimizers.Adam(0.003)


def arm(network):
    return {"network": network}


ZEILER = {"max": (0.55, 0.04), "average": (0.83, 0.40), "stochastic": (0.47, 0.33)}

EXPERIMENT = Experiment(
    title="Stochastic pooling, and what else regularizes by structure",
    about=(StochasticPooling2D, DropConnect, Dropout, L2),
    claims=(
        Claim(
            "d0-23",
            verdict=Shape(
                *(
                    Less(measure="gap", arm=arm(each), than=arm("max"))
                    for each in NETWORKS[2:]
                )
            ),
        ),
    ),
    data=mnist(train=300),
    model=model,
    optimizer=optimizer,
    batch_size=50,
    epochs=30,
    vary={"network": NETWORKS},
    measures=(TestError(), TrainError(), Gap()),
    figures=(
        Strip("gap", by="network"),
        Strip("test_error", by="network"),
        Strip("train_error", by="network"),
    ),
    anchors=tuple(
        Anchor(
            source="Zeiler and Fergus 2013: three convolutions of 64 filters, all "
            "images, 280 epochs",
            measure=measure,
            arm=arm(network),
            value=value,
            read=measure == "test_error" and network == "stochastic",
        )
        for network, values in ZEILER.items()
        for measure, value in zip(("test_error", "train_error"), values, strict=True)
    ),
    differences=(
        (
            "d0-23: regularize by structure",
            "said in words",
            "each makes the gap between test and training error a tenth smaller than "
            "max pooling alone",
        ),
        (
            "network",
            "three convolutions 5x5x64, pooling 3x3 by 2 (Zeiler and Fergus)",
            f"two convolutions 5x5x{FILTERS}, pooling 2x2, a hidden layer of {UNITS}",
        ),
        ("images", "60,000, 280 epochs", "300, 30 epochs: few, so that all overfit"),
        (
            "strengths",
            "not said",
            "weight decay 0.01; half of the hidden layer's units, or of its weights",
        ),
        ("inference", "mean by the shares of the entries", "the same"),
    ),
    smoke={
        "data": mnist(train=100),
        "epochs": 3,
        "evaluations": 1,
        "replicates": 1,
        "vary": {"network": ("stochastic",)},
        "measures": (TrainError(),),
        "figures": (Strip("train_error", by="network"),),
        "claims": (),
        "anchors": (),
    },
)
