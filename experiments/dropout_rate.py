"""How the share of units that dropout keeps decides the test error."""

import keras

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.experiment import Anchor, Claim, Experiment
from study.lab.declare.measures import Gap, TestError, TrainError
from study.lab.figures import Learning, Trend
from study.lab.rules.verdicts import Equivalent, Greater, Shape
from study.layers import Dropout

# The units of the hidden layers: as many for every p (n), or as many as p of them
# make this number of units kept (pn).
FIXED, KEPT = "n fixed", "pn fixed"
HELD = {FIXED: ((512, 512), False), KEPT: ((48, 48), True)}
PAPER = {FIXED: ((2_048,) * 3, False), KEPT: ((256, 256, 512), True)}
KEEPS = (0.1, 0.25, 0.4, 0.5, 0.65, 0.8, 1.0)
SOURCE = "Srivastava and others 2014, figure 9"


def hidden(keep, held):
    """Return the units of each hidden layer."""
    units, divided = held
    return tuple(round(each / keep) for each in units) if divided else units


def model(keep, held):
    layers = [keras.Input((784,))]
    for units in hidden(keep, held):
        layers.append(keras.layers.Dense(units, "relu", kernel_initializer=He()))
        layers.append(Dropout(1 - keep))
    layers.append(keras.layers.Dense(10, "softmax", kernel_initializer=He()))
    return keras.Sequential(layers)


def optimizer():
    return keras.optimizers.SGD(0.05, momentum=0.9)


def arm(keep, held=FIXED):
    return {"keep": keep, "held": held}


def worse(keep):
    return Greater(measure="test_error", arm=arm(keep), than=arm(0.5))


EXPERIMENT = Experiment(
    title="Dropout rate",
    about=(Dropout,),
    claims=(
        Claim(
            "d0-30",
            verdict=Shape(
                worse(0.1),
                worse(1.0),
                Equivalent(
                    measure="test_error", arm=arm(0.65), than=arm(0.5), margin=0.5
                ),
            ),
            scaled="two layers of 512 units in place of three of 2,048, 1,000 images "
            "in place of 60,000, and 300 steps",
        ),
    ),
    data=mnist(train=1_000, validation=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    epochs=30,
    watch=("validation",),
    vary={"keep": KEEPS, "held": HELD},
    measures=(TestError(), TrainError(), Gap()),
    figures=(
        Trend(
            "test_error",
            x="keep",
            hue="held",
            title="Test error by the share kept, p",
        ),
        Trend(
            "train_error",
            x="keep",
            hue="held",
            title="Training error by the share kept, p",
        ),
        Learning(
            panels="keep",
            where={"held": FIXED},
            title="Validation error while training with n fixed, by the share kept",
        ),
    ),
    anchors=tuple(
        Anchor(
            source=f"{SOURCE}, {held}",
            measure="test_error",
            arm=arm(0.1, held),
            value=value,
            read=False,
        )
        for held, value in ((FIXED, 2.7), (KEPT, 1.7))
    ),
    differences=(
        (
            "d0-30: an effect",
            "the test error is flat from 0.4 to 0.8 and rises to both ends (Srivastava "
            "and others 2014)",
            "higher by a tenth at 0.1 and at 1.0 than at 0.5, and at 0.65 the same to "
            "within 0.5 points",
        ),
        ("network", "784-2048-2048-2048-10", "784-512-512-10"),
        ("images", "60,000", "1,000: on few a network of this size overfits"),
        (
            "pn fixed",
            "256, 256 and 512 units kept of the three layers",
            "48 units kept of each of the two",
        ),
        ("inputs", "none dropped", "none dropped"),
        (
            "steps",
            "until the error no longer falls",
            "300 for every p: the less is kept, the more would be needed, as the "
            "validation errors show",
        ),
    ),
    smoke={
        "data": mnist(train=1_000, validation=500),
        "epochs": 4,
        "replicates": 2,
        "vary": {"keep": (0.5, 1.0), "held": {FIXED: ((64, 64), False)}},
        "claims": (),
        "anchors": (),
    },
    paper={
        "data": mnist(train=50_000, validation=10_000),
        "epochs": 200,
        "vary": {"keep": KEEPS, "held": PAPER},
    },
)
