"""Batch-normalized networks learn at scales of the weights where plain ones fail."""

from dataclasses import dataclass

import keras
import numpy as np

from study.lab.data import mnist
from study.lab.declare.experiment import Anchor, Claim, Experiment
from study.lab.declare.measures import Measure, TestError, TrainError
from study.lab.figures import Curves, Trend
from study.lab.rules.verdicts import Equivalent, Greater, Less, Shape
from study.layers import BatchNormalization

LAYERS, UNITS = 5, 100
STDS = tuple(float(f"{each:.3g}") for each in np.logspace(0, -4, 16))
WIDE = STDS[:2]  # 1 and 0.541: outputs spread so much that plain networks break
SMALL, SMALLEST = 0.0136, STDS[-1]
# The best scale of each in drafts, with seeds of their own, and those four steps of the
# grid away, a factor of 11.7; there is none above for plain networks but 1.
BEST = {"none": 0.158, "batch": 0.00736}
AWAY = {"none": (1.0, 0.0136), "batch": (0.0858, 0.000631)}
# Points of training error after 20 epochs that a choice of the scale makes matter.
MATTERS = 20


@dataclass(frozen=True)
class MeanError(Measure):
    """Training error, meaned over all steps: the area over the curve of accuracy."""

    name = "mean_error"
    label = "training error, mean of all steps"
    unit = "%"

    def read(self, history):
        wrong = np.where(history.sound(), 1 - history.hits, history.chance_error)
        return 100 * wrong.mean(axis=1)


def model(std, normalization):
    layers = [keras.Input((784,))]
    for _ in range(LAYERS):
        layers.append(dense(UNITS, std))
        if normalization == "batch":
            layers.append(
                BatchNormalization(
                    momentum=0.9, epsilon=1e-6, moving_variance_initializer="zeros"
                )
            )
        layers.append(keras.layers.Activation("relu"))
    return keras.Sequential([*layers, dense(10, std), keras.layers.Softmax()])


def dense(units, std):
    initializer = keras.initializers.RandomNormal(0.0, std)
    return keras.layers.Dense(units, kernel_initializer=initializer)


def optimizer():
    return keras.optimizers.SGD(0.01)


def arm(std, normalization):
    return {"std": std, "normalization": normalization}


def better(measure, std):
    """Batch normalization against none, at one scale of the weights."""
    return Less(measure=measure, arm=arm(std, "batch"), than=arm(std, "none"))


def matters(std):
    """Leaving the best scale for this one costs plain networks much."""
    return Greater(
        measure="train_error",
        arm=arm(std, "none"),
        than=arm(BEST["none"], "none"),
        delta=MATTERS,
    )


def does_not_matter(std):
    """Leaving the best scale for this one costs normalized networks little."""
    return Equivalent(
        measure="train_error",
        arm=arm(std, "batch"),
        than=arm(BEST["batch"], "batch"),
        margin=MATTERS,
    )


EXPERIMENT = Experiment(
    title="Batch normalization: initial scale",
    about=(BatchNormalization,),
    claims=(
        Claim("d3-24", verdict=Shape(*(better("mean_error", std) for std in STDS))),
        Claim(
            "d0-44",
            verdict=Shape(
                *(better("mean_error", std) for std in WIDE),
                *(better("train_error", std) for std in WIDE),
            ),
        ),
        Claim(
            "d1-06",
            verdict=Shape(
                # each at its best scale: performance; where plain ones break: stability
                Less(
                    measure="test_error",
                    arm=arm(BEST["batch"], "batch"),
                    than=arm(BEST["none"], "none"),
                ),
                *(better("test_error", std) for std in AWAY["none"]),
            ),
        ),
        Claim(
            "d4-19",
            verdict=Shape(
                *(better("train_error", std) for std in (STDS[0], SMALL, SMALLEST))
            ),
        ),
        Claim(
            "d4-54",
            verdict=Shape(
                *map(matters, AWAY["none"]), *map(does_not_matter, AWAY["batch"])
            ),
        ),
    ),
    data=mnist(train=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    replacement=True,
    epochs=20,
    vary={"std": STDS, "normalization": ("none", "batch")},
    measures=(MeanError(), TrainError(), TestError()),
    figures=(
        Curves(
            panels="std",
            hue="normalization",
            title="Training loss of each seed and their mean at 16 standard deviations "
            "of the initial weights",
        ),
        Trend("mean_error", x="std", hue="normalization", log=True),
        Trend("test_error", x="std", hue="normalization", log=True),
    ),
    anchors=(
        Anchor(
            source="Saito 2016, Deep Learning from Scratch, figure 6-19 (a plot): no "
            "learning at the smallest scale",
            measure="train_error",
            arm=arm(SMALLEST, "none"),
            value=90.0,
            read=False,
        ),
    ),
    differences=(
        ("images", "the first 1,000", "1,000 of its own for each seed"),
        ("seeds", "one, not set", "10 paired ones"),
        ("standard deviations", "logspace(0, -4, 16)", "the same, to three digits"),
        ("judged by", "16 plots of training accuracy", "its mean over all steps"),
    ),
    smoke={
        "epochs": 2,
        "evaluations": 2,
        "replicates": 3,
        "vary": {"std": (1.0, 0.158, SMALLEST), "normalization": ("none", "batch")},
        "claims": (),
        "anchors": (),
    },
)
