"""Batch normalization on few images, and what dropout adds with it and without."""

import keras

from study.lab.data import mnist
from study.lab.declare import measures
from study.lab.declare.controls import learned, overfits
from study.lab.declare.experiment import Anchor, Claim, Experiment
from study.lab.figures import Dots
from study.lab.rules.verdicts import (
    Control,
    Controlled,
    DoesNotRaise,
    Lowers,
    Margin,
    Shape,
    Stronger,
)
from study.layers import BatchNormalization, Dropout

UNITS, SHARE = (512, 512), 0.5
SLIGHTLY = Margin(
    1.05, "factor", because="the lecture says slightly: half of what else matters"
)


def model(normalization, dropout, shape, classes):
    layers = [keras.Input(shape)]
    for units in UNITS:
        layers.append(keras.layers.Dense(units, kernel_initializer="he_normal"))
        if normalization == "batch":
            layers.append(BatchNormalization(momentum=0.9))
        layers.append(keras.layers.Activation("relu"))
        layers.append(Dropout(dropout))
    return keras.Sequential([*layers, keras.layers.Dense(classes, "softmax")])


def optimizer(learning_rate):
    return keras.optimizers.SGD(learning_rate, momentum=0.9)


def arm(normalization, dropout):
    return {"normalization": normalization, "dropout": dropout}


PLAIN, BATCH = arm("none", 0.0), arm("batch", 0.0)

EXPERIMENT = Experiment(
    title="Batch normalization as a regularizer",
    about=(BatchNormalization, Dropout),
    claims=(
        Claim(
            "d4-55",
            verdict=Controlled(
                Shape(
                    Lowers(measure="test_loss", arm=BATCH, than=PLAIN),
                    DoesNotRaise(measure="test_error", arm=BATCH, than=PLAIN),
                    Stronger(
                        effect=Lowers(
                            measure="test_error",
                            arm={"dropout": SHARE},
                            than={"dropout": 0.0},
                        ),
                        where={"normalization": "none"},
                        than={"normalization": "batch"},
                        margin=SLIGHTLY,
                    ),
                ),
                learned(PLAIN),
                overfits(PLAIN),
                Control(
                    "without batch normalization dropout helps",
                    Lowers(measure="test_error", arm=arm("none", SHARE), than=PLAIN),
                    "more epochs, or wider layers",
                ),
            ),
        ),
    ),
    data=mnist(train=2_000, validation=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    epochs=60,
    evaluations=20,
    watch=("validation",),
    vary={"normalization": ("none", "batch"), "dropout": (0.0, SHARE)},
    tune={"learning_rate": (0.005, 0.02, 0.08)},
    measures=(
        measures.TrainError(),
        measures.TestError(),
        measures.TestLoss(),
        measures.ValidationError(),
        measures.Rise(),
    ),
    figures=(
        Dots(
            "test_error",
            rows="dropout",
            panels="normalization",
            title="Test error, batch normalization by dropout rate",
        ),
        Dots(
            "test_loss",
            rows="dropout",
            panels="normalization",
            title="Test loss, batch normalization by dropout rate",
        ),
    ),
    anchors=(
        Anchor(
            source="Kim, DeepLearningZeroToAll, notebook 10-7: one run of 784-4x512-10 "
            "on 55,000 images, dropout 0.3",
            measure="test_error",
            arm=arm("batch", SHARE),
            value=1.74,
            read=True,
        ),
    ),
    differences=(
        ("training images", "55,000 (Kim)", "2,000: on few a regularizer matters"),
        ("hidden layers", "4 of 512 (Kim)", "2 of 512"),
        (
            "a form of regularization",
            "said in words",
            "lowers the test loss, which rises without, and does not raise the error",
        ),
        (
            "less need for dropout",
            "slightly, maybe",
            f"half dropped lowers the test error by a factor {SLIGHTLY.value:g} less "
            "with batch normalization than without, where it helps without",
        ),
        (
            "learning rate",
            "0.001 (Kim, Adam)",
            "for each of the four networks the best of three on validation images",
        ),
    ),
    smoke={
        "data": mnist(train=100, validation=100),
        "epochs": 5,
        "evaluations": 1,
        "replicates": 2,
        "tune": {"learning_rate": (0.02,)},
        "measures": (measures.TrainError(), measures.ValidationError()),
        "claims": (),
        "anchors": (),
        "figures": (
            Dots("train_error", rows="dropout", panels="normalization", title="Error"),
        ),
    },
    paper={"data": mnist(train=50_000, validation=10_000), "epochs": 15},
)
