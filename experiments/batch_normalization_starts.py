"""Good and poor starts of a deep network, with batch normalization and without."""

from dataclasses import dataclass

import keras
import numpy as np

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.controls import Control, Controlled
from study.lab.declare.finding import Experiment, Number, Takeaway
from study.lab.declare.measures import (
    Measure,
    StepsTo,
    TestError,
    TrainError,
    ValidationError,
)
from study.lab.figures import Learning, Points
from study.lab.rules.verdicts import Each, Lowers, Raises, Stronger
from study.layers import BatchNormalization

LAYERS, UNITS = 5, 100
GOOD, WIDE = "He", "std 1"
STARTS = {
    WIDE: keras.initializers.RandomNormal(0.0, 1.0),
    GOOD: He(),
    "std 0.01": keras.initializers.RandomNormal(0.0, 0.01),
    "std 0.001": keras.initializers.RandomNormal(0.0, 0.001),
}
POOR = [each for each in STARTS if each != GOOD]
NORMALIZATIONS = ("none", "batch")


@dataclass(frozen=True)
class Unsteady(Measure):
    """How much the validation error goes up and down over the last half of the looks.

    It is their standard deviation from the run's own line, so that an error which
    falls steadily is steady, and chance level for what diverged.
    """

    name = "unsteady"
    label = "ups and downs of the validation error about its trend, last half"
    unit = "percentage points"

    def read(self, history):
        error = history.watched["validation"]["error"]
        last = error[:, error.shape[1] // 2 :].T  # looks by runs
        looks = np.arange(len(last))
        away = (
            last
            - np.polynomial.polynomial.polyval(
                looks, np.polynomial.polynomial.polyfit(looks, last, 1)
            ).T
        )
        spread = np.sqrt((away**2).sum(axis=0) / (len(last) - 2))
        return 100 * np.where(history.diverged(), history.chance_error, spread)


def model(start, normalization, shape, classes):
    layers = [keras.Input(shape)]
    for _ in range(LAYERS):
        layers.append(keras.layers.Dense(UNITS, kernel_initializer=start.clone()))
        if normalization == "batch":
            layers.append(BatchNormalization(momentum=0.9))
        layers.append(keras.layers.Activation("relu"))
    output = keras.layers.Dense(classes, "softmax", kernel_initializer=start.clone())
    return keras.Sequential([*layers, output])


def optimizer(learning_rate):
    return keras.optimizers.Adam(learning_rate)


def arm(start, normalization):
    return {"start": start, "normalization": normalization}


def batch(measure, start):
    """Batch normalization lowers a measure against none, from one start."""
    return Lowers(measure=measure, arm=arm(start, "batch"), than=arm(start, "none"))


def poor(measure, start, what):
    """Demand that a start is worse than the good one without batch normalization."""
    rule = Raises(measure=measure, arm=arm(start, "none"), than=arm(GOOD, "none"))
    return Control(what, rule, "more layers, or a start farther from the good one")


def matters(start):
    """Leaving the good start costs more without batch normalization than with it."""
    cost = Raises(measure="test_error", arm={"start": start}, than={"start": GOOD})
    where, than = ({"normalization": each} for each in NORMALIZATIONS)
    return Stronger(effect=cost, where=where, than=than)


def error(start, normalization):
    return Number("test_error", arm(start, normalization))


EXPERIMENT = Experiment(
    title="Batch normalization: starts",
    about=(BatchNormalization, He),
    claims={
        "d0-44": Controlled(
            Each(batch("steps_to_10", WIDE), batch("unsteady", WIDE)),
            poor("steps_to_10", WIDE, "wide outputs make learning slow"),
            poor("unsteady", WIDE, "wide outputs make it unsteady"),
        ),
        "d1-06": Each(
            # performance; stability in time; stability wherever it starts
            batch("test_error", GOOD),
            batch("unsteady", GOOD),
            *(batch("test_error", each) for each in (WIDE, "std 0.01")),
        ),
        "d4-19": Controlled(
            Each(*(batch("test_error", each) for each in POOR)),
            *(
                poor("test_error", each, f"{each} is a poor start without it")
                for each in POOR
            ),
        ),
        "d4-54": Each(*map(matters, POOR)),
    },
    takeaway=Takeaway(
        of="d4-54",
        holds="With batch normalization the initial weights matter less",
        depends="With batch normalization the initial weights matter less {where}.",
        fails="With batch normalization the initial weights matter no less",
        open="Whether the initial weights matter less with batch normalization stays "
        "open",
        evidence="from weights of 0.01 in place of He's the test error goes from {he} "
        "to {small} without it, and from {he_batch} to {small_batch} with it.",
        numbers={
            "he": error(GOOD, "none"),
            "he_batch": error(GOOD, "batch"),
            "small": error("std 0.01", "none"),
            "small_batch": error("std 0.01", "batch"),
        },
    ),
    data=mnist(train=5_000, validation=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    epochs=12,
    evaluations=12,
    watch=("validation",),
    vary={"start": STARTS, "normalization": NORMALIZATIONS},
    tune={
        "learning_rate": (
            *(0.00001, 0.00003, 0.0001, 0.0003, 0.001),
            *(0.003, 0.01, 0.03, 0.1, 0.3),
        )
    },
    measures=(TestError(), StepsTo(10), Unsteady(), TrainError(), ValidationError()),
    figures=(
        *(
            Points(measure, rows="start", panels="normalization", title=title)
            for measure, title in (
                ("test_error", "Test error after 12 epochs, by start"),
                ("steps_to_10", "Steps to 10 % training error, by start"),
                ("unsteady", "Ups and downs of the validation error, by start"),
            )
        ),
        *(
            Learning(
                panels="start",
                where={"normalization": each},
                title=f"Validation error by start, normalization {each}",
            )
            for each in NORMALIZATIONS
        ),
    ),
    differences={
        "networks": (
            "not said",
            "784-5x100-10 ReLU on 5,000 images, at the profile paper on 50,000, from "
            "He's weights, which suit it, and from N(0, std²)",
        ),
        "training": (
            "not said",
            "Adam, for each start and network at the best of ten rates on validation "
            "images",
        ),
        "slow and unstable (d0-44)": (
            "said of wide outputs",
            f"{WIDE}: steps to 10 % training error, and how much the validation error "
            "goes up and down about its trend in the last six epochs, each by itself. "
            "Each network has a rate of its own",
        ),
        "performance and stability (d1-06)": (
            "said in words",
            "test error from the good start; stability in time, as above, and from "
            "poor starts; each by itself. The steps to 10 % are shown and not judged. "
            "d4-19 judges the test error of the same poor starts, by seeds of its own "
            "where the first leave it open",
        ),
        "depends less (d4-54)": (
            "said in words",
            "the factor by which a poor start raises the test error is smaller",
        ),
    },
    smoke={"evaluations": 6},
    paper={"data": mnist(train=50_000, validation=10_000)},
)
