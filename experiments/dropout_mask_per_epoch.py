"""Dropout with a new mask for every example, every batch or every epoch."""

import keras

from study.callbacks import RenewMasks
from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import Gap, TestError, TestLoss, TrainError
from study.lab.figures import Learning, Strip
from study.lab.rules.verdicts import Equivalent
from study.layers import Dropout

# Each way with its dropout rate and what shares a mask.
MASKS = {
    "no dropout": (0.0, "example"),
    "each example": (0.5, "example"),
    "each batch": (0.5, "batch"),
    "each epoch": (0.5, "epoch"),
}


def model(mask):
    """Build 784-512-512-10."""
    rate, shared = mask
    layers = [keras.Input((784,))]
    for _ in range(2):
        layers.append(keras.layers.Dense(512, "relu", kernel_initializer=He()))
        layers.append(Dropout(rate, mask=shared))
    output = keras.layers.Dense(10, "softmax", kernel_initializer=He())
    return keras.Sequential([*layers, output])


def optimizer():
    return keras.optimizers.SGD(0.05, momentum=0.9)


def arm(mask):
    return {"mask": mask}


EXPERIMENT = Experiment(
    title="Dropout: how long a mask lasts",
    about=(Dropout, RenewMasks),
    claims=(
        Claim(
            "d0-26",
            verdict=Equivalent(
                measure="test_error",
                arm=arm("each epoch"),
                than=arm("each example"),
                # half of what dropout took off the error of such a network before
                margin=0.6,
            ),
        ),
    ),
    data=mnist(train=2_000, validation=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=50,
    epochs=8,
    evaluations=4,
    watch=("validation",),
    vary={"mask": MASKS},
    measures=(TestError(), TestLoss(), TrainError(), Gap()),
    figures=(
        Strip("test_error", by="mask"),
        Strip("test_loss", by="mask"),
        Learning(panels="mask", title="Validation error while training"),
    ),
    differences=(
        (
            "anew at each epoch",
            "said to be what dropout does",
            "done so, and held against a mask for each example, which is what the "
            "paper does: the test errors would be the same to within 0.6 points",
        ),
        ("network", "not said", "784-512-512-10 on 2,000 images, 8 epochs"),
        ("rate", "usually one half", "one half on hidden units, inputs not dropped"),
    ),
    smoke={
        "data": mnist(train=500, validation=500),
        "epochs": 4,
        "evaluations": 2,
        "replicates": 2,
        "vary": {"mask": {each: MASKS[each] for each in ("no dropout", "each epoch")}},
        "claims": (),
    },
)
