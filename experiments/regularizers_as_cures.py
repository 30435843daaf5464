"""Early stopping, weight decay and dropout against overfitting, alone and together."""

import keras

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import Gap, Stopped, TestError, TestLoss, TrainError
from study.lab.figures import Dots
from study.lab.rules.verdicts import Less, Shape
from study.layers import Dropout
from study.regularizers import L2

# Each cure with its weight decay and its dropout rate.
REGULARIZERS = {"none": (0.0, 0.0), "L2": (0.01, 0.0), "dropout": (0.0, 0.5)}
STOPPING = {"no early stopping": None, "early stopping": 5}


def model(regularizer):
    """Build 784-256-256-10."""
    strength, rate = regularizer
    layers = [keras.Input((784,))]
    for units in (256, 256):
        layers.append(dense(units, "relu", strength))
        layers.append(Dropout(rate))
    return keras.Sequential([*layers, dense(10, "softmax", strength)])


def dense(units, activation, strength):
    return keras.layers.Dense(
        units, activation, kernel_initializer=He(), kernel_regularizer=L2(strength)
    )


def optimizer():
    return keras.optimizers.SGD(0.05, momentum=0.9)


def arm(regularizer, patience):
    return {"regularizer": regularizer, "patience": patience}


NOTHING = arm("none", "no early stopping")
CURES = (
    arm("none", "early stopping"),
    arm("L2", "no early stopping"),
    arm("dropout", "no early stopping"),
)

EXPERIMENT = Experiment(
    title="Cures for overfitting",
    about=(L2, Dropout),
    claims=(
        Claim(
            "d4-22",
            verdict=Shape(
                *(
                    Less(measure=measure, arm=cure, than=NOTHING)
                    for measure in ("gap", "test_loss")
                    for cure in CURES
                )
            ),
        ),
    ),
    data=mnist(train=500, validation=500),
    model=model,
    optimizer=optimizer,
    batch_size=50,
    epochs=40,
    evaluations=40,
    watch=("validation",),
    vary={"regularizer": REGULARIZERS, "patience": STOPPING},
    measures=(TestError(), TestLoss(), TrainError(), Gap(), Stopped()),
    figures=tuple(
        Dots(measure, rows="regularizer", panels="patience", title=title)
        for measure, title in (
            ("gap", "Test error minus training error"),
            ("test_loss", "Test loss"),
            ("test_error", "Test error"),
        )
    ),
    differences=(
        (
            "cure",
            "said in words, with 99 % right in training and 85 % in the test as the "
            "symptom",
            "the gap between test and training error is a tenth smaller, and so is "
            "the test loss, by each cure alone",
        ),
        ("setting", "not said", "784-256-256-10 on 500 images of MNIST"),
        (
            "strengths",
            "weight decay from 0.00001 to 0.01, dropout with probability p",
            "weight decay 0.01, dropout rate 0.5; early stopping after 5 epochs "
            "without a smaller validation loss, with the best weights",
        ),
    ),
    smoke={
        "data": mnist(train=500, validation=500),
        "epochs": 4,
        "evaluations": 4,
        "replicates": 2,
        "claims": (),
    },
)
