"""Whether weight decay holds down the overfitting of a deep network on 300 images."""

from dataclasses import dataclass

import keras
from keras import ops

from study.initializers import He
from study.lab.data import mnist
from study.lab.experiment import Anchor, Claim, Experiment
from study.lab.figures import Dots, Learning
from study.lab.measures import Gap, Probe, TestError, TrainError
from study.lab.verdicts import Equivalent, Less, Rate, Shape
from study.probes import weight_norms
from study.regularizers import L2

HIDDEN = (100,) * 6
STRENGTHS = {
    "λ = 0": 0.0,
    "λ = 1e-6": 1e-6,
    "λ = 1e-5": 1e-5,
    "λ = 1e-4": 1e-4,
    "λ = 1e-3": 1e-3,
    "λ = 0.01": 1e-2,
    "λ = 0.1": 1e-1,
}
BOOK, FAST = "rate 0.01", "rate 0.1"
HALF_OF_SOURCE = 12.5  # percentage points: half of 25


@dataclass(frozen=True)
class FarApart(Gap):
    """1 if the test error lies far above the training error, else 0."""

    name = "far_apart"
    label = f"test error {HALF_OF_SOURCE} points above training error"
    unit = ""
    split = None

    def read(self, history):
        return (Gap.read(self, history) > HALF_OF_SOURCE).astype(float)


def model(strength):
    layers = [keras.Input((784,))]
    for units in (*HIDDEN, 10):
        layers.append(
            keras.layers.Dense(
                units,
                "softmax" if units == 10 else "relu",
                kernel_initializer=He(),
                kernel_regularizer=L2(strength),
            )
        )
    return keras.Sequential(layers)


def optimizer(learning_rate):
    return keras.optimizers.SGD(learning_rate)


def weight_norm(model, x, y):
    """Return the Euclidean norm of all kernels together."""
    return ops.sqrt(sum(ops.square(each) for each in weight_norms(model).values()))


def arm(strength, learning_rate=BOOK):
    return {"strength": strength, "learning_rate": learning_rate}


def lower(measure, strength, than, learning_rate=BOOK, delta=None):
    return Less(
        measure=measure,
        arm=arm(strength, learning_rate),
        than=arm(than, learning_rate),
        delta=delta,
    )


EXPERIMENT = Experiment(
    title="Weight decay on few images",
    about=(L2, weight_norms),
    claims=(
        Claim("d3-25", verdict=Rate(measure="far_apart", arm=arm("λ = 0"), above=0.5)),
        Claim(
            "d3-26",
            verdict=Shape(
                lower("weight_norm", "λ = 0.1", "λ = 0"),
                lower("gap", "λ = 0.1", "λ = 0"),
            ),
        ),
        Claim(
            "d4-25",
            verdict=Shape(
                # the strongest of the range helps, stronger harms, weaker does nothing
                lower("test_error", "λ = 0.01", "λ = 0", FAST, delta=0.5),
                lower("test_error", "λ = 0.01", "λ = 0.1", FAST, delta=0.5),
                Equivalent(
                    measure="test_error",
                    arm=arm("λ = 1e-6", FAST),
                    than=arm("λ = 0", FAST),
                    margin=1.0,
                ),
            ),
        ),
    ),
    data=mnist(train=300, validation=2_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    replacement=True,
    steps=603,  # 201 times the images
    evaluations=10,
    watch=("train", "validation"),
    vary={"strength": STRENGTHS, "learning_rate": {BOOK: 0.01, FAST: 0.1}},
    first_replicate=30,  # past those whose comparisons were judged together
    measures=(
        TrainError(),
        TestError(),
        Gap(),
        FarApart(),
        Probe("weight_norm", weight_norm, examples=10, label="norm of all weights"),
    ),
    figures=(
        Learning(
            panels="strength",
            where={"learning_rate": BOOK},
            title="Errors at the learning rate 0.01, by the strength λ",
        ),
        *(
            Dots(each, rows="strength", panels="learning_rate", title=title)
            for each, title in (
                ("test_error", "Test error by strength and learning rate"),
                ("gap", "Test error minus training error"),
                ("weight_norm", "How large the weights are at the end"),
            )
        ),
    ),
    anchors=(
        Anchor(
            source="Saito, Deep Learning from Scratch, chapter 6, no weight decay, "
            "read off a figure",
            measure="test_error",
            arm=arm("λ = 0"),
            value=25.0,
            read=False,
        ),
    ),
    differences=(
        (
            "d3-25: far above",
            "training accuracy 1, test accuracy some 0.75 (Saito)",
            "more than half of these 25 points apart, in most runs",
        ),
        (
            "d3-26: holds overfitting down",
            "λ = 0.1 at the learning rate 0.01 (Saito)",
            "the same: a tenth less of the weights' norm and of the gap",
        ),
        (
            "d4-25: is chosen from",
            "no network or learning rate named",
            "the same network at ten times the book's learning rate, as 600 steps at "
            "the book's shrink weights by 6 % for λ = 0.01: at the range's upper end "
            "the test error is lower than without decay and than at ten times that "
            "end; below its lower end decay does nothing",
        ),
        (
            "images watched",
            "those of the test set (Saito)",
            "2,000 of the training set that no run trains on",
        ),
        ("seeds", "one, not fixed", "10 paired ones, each with images of its own"),
    ),
    smoke={
        "steps": 60,
        "evaluations": 6,
        "replicates": 2,
        "vary": {
            "strength": {"λ = 0": 0.0, "λ = 0.1": 0.1},
            "learning_rate": {BOOK: 0.01, FAST: 0.1},
        },
        "claims": (),
        "anchors": (),
    },
)
