"""Whether weight decay holds down the overfitting of a deep network on 300 images."""

from dataclasses import dataclass

import keras
from keras import ops

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.experiment import Anchor, Claim, Experiment
from study.lab.declare.measures import Gap, Probe, TestError, TrainError
from study.lab.declare.models import mlp
from study.lab.figures import Learning, Strip
from study.lab.rules.verdicts import Less, Rate, Shape
from study.probes import weight_norms
from study.regularizers import L2

HIDDEN = (100,) * 6
STRENGTHS = {"λ = 0": 0.0, "λ = 0.1": 0.1}
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
    return mlp(
        784,
        HIDDEN,
        10,
        kernel_initializer=He(),
        kernel_regularizer=L2(strength),
    )


def optimizer():
    return keras.optimizers.SGD(0.01)


def weight_norm(model, x, y):
    """Return the Euclidean norm of all kernels together."""
    return ops.sqrt(sum(ops.square(each) for each in weight_norms(model).values()))


def arm(strength):
    return {"strength": strength}


def lower(measure):
    return Less(measure=measure, arm=arm("λ = 0.1"), than=arm("λ = 0"))


EXPERIMENT = Experiment(
    title="Weight decay on few images",
    about=(L2, weight_norms),
    claims=(
        Claim("d3-25", verdict=Rate(measure="far_apart", arm=arm("λ = 0"), above=0.5)),
        Claim("d3-26", verdict=Shape(lower("weight_norm"), lower("gap"))),
    ),
    data=mnist(train=300, validation=2_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    replacement=True,
    steps=603,  # 201 times the images
    evaluations=10,
    watch=("train", "validation"),
    vary={"strength": STRENGTHS},
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
            title="Errors on training and validation images, by the strength λ",
        ),
        Strip("gap", by="strength"),
        Strip("test_error", by="strength"),
        Strip("weight_norm", by="strength"),
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
        "claims": (),
        "anchors": (),
    },
)
