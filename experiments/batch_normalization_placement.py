"""Batch normalization in front of the activation and behind it, each at its rate."""

import keras

from study.lab.data import mnist
from study.lab.declare.finding import Experiment, Number, Takeaway
from study.lab.declare.measures import MeanLoss, TestError, ValidationError
from study.lab.figures import Curves, Points
from study.lab.rules.verdicts import DoesNotRaise, Each, Lowers
from study.layers import BatchNormalization

LAYERS, UNITS = 3, 100
PLACES = ("before", "after")


def model(placement, activation, shape, classes):
    layers = [keras.Input(shape)]
    for _ in range(LAYERS):
        hidden = [keras.layers.Dense(UNITS), keras.layers.Activation(activation)]
        if placement != "none":
            hidden.insert(1 if placement == "before" else 2, BatchNormalization())
        layers += hidden
    return keras.Sequential([*layers, keras.layers.Dense(classes, "softmax")])


def optimizer(learning_rate):
    return keras.optimizers.SGD(learning_rate)


def error(rule, placement, activation):
    """Compare the test error at a place with that without the step."""
    arms = (
        {"placement": each, "activation": activation} for each in (placement, "none")
    )
    return rule(measure="test_error", arm=next(arms), than=next(arms))


EXPERIMENT = Experiment(
    title="Batch normalization: placement",
    about=(BatchNormalization,),
    claims={
        "d3-22": Each(
            # at either place it serves where it is wanted, and harms nowhere
            *(error(Lowers, each, "sigmoid") for each in PLACES),
            *(error(DoesNotRaise, each, "relu") for each in PLACES),
        )
    },
    takeaway=Takeaway(
        holds="Batch normalization may stand before the activation or behind it",
        depends="Batch normalization serves {where}.",
        fails="Batch normalization serves neither before the activation nor behind it",
        open="Whether batch normalization may stand before the activation or behind it "
        "stays open",
        evidence="the test error of a sigmoid network is {none} without it, {before} "
        "with it before and {after} with it behind.",
        numbers={
            each: Number("test_error", {"activation": "sigmoid", "placement": each})
            for each in ("none", *PLACES)
        },
    ),
    data=mnist(train=59_000, validation=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=60,
    steps=1_000,
    vary={"activation": ("sigmoid", "relu"), "placement": ("none", *PLACES)},
    tune={"learning_rate": (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)},
    replicates=5,
    extension=10,
    measures=(MeanLoss(), TestError(), ValidationError()),
    figures=(
        Curves(
            panels="activation",
            hue="placement",
            title="Training loss of each seed and their mean",
        ),
        Points("test_error", rows="placement", panels="activation", title="Test error"),
    ),
    differences={
        "can stand": (
            "said in words",
            "at either place it lowers the test error of sigmoid networks, which "
            "learn slowly without, and does not raise that of ReLU networks",
        ),
        "learning rate": "for each network the best of seven on validation images",
    },
    smoke={
        "data": mnist(train=2_000, validation=100),
        "steps": 60,
        "replicates": 2,
        "vary": {"activation": ("relu",), "placement": ("before", "after")},
        "tune": {"learning_rate": (0.1,)},
        "claims": (),
    },
    paper={"data": mnist(train=50_000, validation=10_000), "steps": 50_000},
)
