"""On few images, batch normalization lowers the test error more than dropout does."""

import keras

from study.lab.data import mnist
from study.lab.declare.experiment import Anchor, Claim, Experiment
from study.lab.declare.measures import Gap, TestError, TestLoss, TrainError
from study.lab.figures import Dots
from study.lab.rules.verdicts import Less, Shape
from study.layers import BatchNormalization, Dropout

UNITS = (512, 512)


def model(normalization, dropout):
    layers = [keras.Input((784,))]
    for units in UNITS:
        layers.append(keras.layers.Dense(units, kernel_initializer="he_normal"))
        if normalization == "batch":
            layers.append(BatchNormalization(momentum=0.9))
        layers.append(keras.layers.Activation("relu"))
        layers.append(Dropout(dropout))
    return keras.Sequential([*layers, keras.layers.Dense(10, "softmax")])


def optimizer():
    return keras.optimizers.SGD(0.05, momentum=0.9)


def arm(normalization, dropout):
    return {"normalization": normalization, "dropout": dropout}


EXPERIMENT = Experiment(
    title="Batch normalization as a regularizer",
    about=(BatchNormalization, Dropout),
    claims=(
        Claim(
            "d4-55",
            verdict=Shape(
                # it regularizes, and replaces dropout rather than needing it
                Less(measure="gap", arm=arm("batch", 0.0), than=arm("none", 0.0)),
                Less(
                    measure="test_error", arm=arm("batch", 0.0), than=arm("none", 0.3)
                ),
            ),
        ),
    ),
    data=mnist(train=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=50,
    epochs=12,
    vary={"normalization": ("none", "batch"), "dropout": (0.0, 0.3)},
    measures=(TrainError(), TestError(), Gap(), TestLoss()),
    figures=(
        Dots(
            "test_error",
            rows="dropout",
            panels="normalization",
            title="Test error, batch normalization by dropout rate",
        ),
        Dots(
            "gap",
            rows="dropout",
            panels="normalization",
            title="Test error minus training error",
        ),
    ),
    anchors=(
        Anchor(
            source="Kim, DeepLearningZeroToAll, notebook 10-7: one run of 784-4x512-10 "
            "on 55,000 images",
            measure="test_error",
            arm=arm("batch", 0.3),
            value=1.74,
            read=True,
        ),
    ),
    differences=(
        ("training images", "55,000 (Kim)", "1,000: on few a regularizer matters"),
        ("hidden layers", "4 of 512 (Kim)", "2 of 512"),
        ("seeds", "one", "10 paired ones"),
    ),
    smoke={
        "data": mnist(train=100),
        "epochs": 5,
        "evaluations": 1,
        "replicates": 2,
        "measures": (TrainError(),),
        "claims": (),
        "anchors": (),
        "figures": (
            Dots("train_error", rows="dropout", panels="normalization", title="Error"),
        ),
    },
    paper={"data": mnist(train=55_000), "batch_size": 100, "epochs": 15},
)
