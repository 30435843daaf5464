"""Weight penalties, sparsity, max-norm and dropout on one network, each at its best."""

from dataclasses import dataclass

import keras
import numpy as np

from study.constraints import MaxNorm
from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.experiment import Anchor, Claim, Experiment
from study.lab.declare.measures import (
    Gap,
    Measure,
    TestError,
    TrainError,
    ValidationError,
)
from study.lab.declare.takeaway import Number, Takeaway
from study.lab.figures import Learning, Points
from study.lab.rules.verdicts import Less, Shape
from study.layers import Dropout
from study.regularizers import L1L2, KLSparsity

STRENGTHS = ("weak", "medium", "strong")
DROPPED_INPUTS, DROPPED, RATE = 0.2, 0.5, 0.05
# Each regularizer with the strengths that are tried, as arguments of `model` and
# `optimizer`; for none of them they are learning rates.
REGULARIZERS = {
    "none": [{"learning_rate": each} for each in (0.02, 0.05, 0.1)],
    "L2": [{"l2": each} for each in (3e-4, 1e-3, 3e-3)],
    "L2 + L1": [{"l2": 3e-4, "l1": each} for each in (1e-5, 3e-5, 1e-4)],
    "L2 + KL sparsity": [{"l2": 3e-4, "sparsity": each} for each in (1e-3, 3e-3, 1e-2)],
    "max-norm": [{"max_norm": each} for each in (1.0, 2.0, 3.0)],
    "dropout": [{"dropped": each} for each in (0.25, 0.5, 0.7)],
    "dropout + L2": [{"dropped": DROPPED, "l2": each} for each in (1e-4, 3e-4, 1e-3)],
    "dropout + max-norm": [
        {"dropped": DROPPED, "max_norm": each} for each in (1.0, 2.0, 3.0)
    ],
}
# What stood beside weight decay before dropout.
FORMER = ("L2", "L2 + L1", "L2 + KL sparsity", "max-norm")
TABLE_9 = {
    "L2": 1.62,
    "L2 + L1": 1.60,
    "L2 + KL sparsity": 1.55,
    "max-norm": 1.35,
    "dropout + L2": 1.25,
    "dropout + max-norm": 1.05,
}


@dataclass(frozen=True)
class DoublingsToValidation(Measure):
    """Base-2 logarithm of the first look's step with so low a validation error.

    A run that never gets there counts as the last look.

    Args:
        error: Validation error to reach, in percent.
    """

    error: float
    unit = "doublings"

    @property
    def name(self):
        return f"log2_steps_to_{self.error:g}"

    @property
    def label(self):
        return f"log2 of the first look with {self.error:g} % validation error"

    def read(self, history):
        low = history.watched["validation"]["error"] <= self.error / 100
        first = np.where(low.any(axis=1), low.argmax(axis=1), low.shape[1] - 1)
        return np.log2(history.ends[first])


def chosen(regularizer, strength):
    """Return a regularizer's arguments at a strength."""
    return REGULARIZERS[regularizer][STRENGTHS.index(strength)]


def model(regularizer, strength):
    return network(**chosen(regularizer, strength))


def network(
    l1=0.0, l2=0.0, sparsity=None, max_norm=None, dropped=0.0, learning_rate=None
):
    """Build 784-512-512-10; dropout layers of rate 0 keep all networks alike."""

    def dense(units, activation, **settings):
        return keras.layers.Dense(
            units,
            activation,
            kernel_initializer=He(),
            kernel_regularizer=L1L2(l1, l2),
            kernel_constraint=MaxNorm(max_norm) if max_norm else None,
            **settings,
        )

    layers = [keras.Input((784,)), Dropout(DROPPED_INPUTS if dropped else 0.0)]
    for _ in range(2):
        few = KLSparsity(0.1, sparsity) if sparsity else None
        layers.append(dense(512, "relu", activity_regularizer=few))
        layers.append(Dropout(dropped))
    return keras.Sequential([*layers, dense(10, "softmax")])


def optimizer(regularizer, strength):
    settings = chosen(regularizer, strength)
    rate = settings.get("learning_rate", RATE)
    # The slope of the KL penalty has no bound where a unit's mean comes close to 1.
    longest = 1.0 if "sparsity" in settings else None
    return keras.optimizers.SGD(rate, momentum=0.9, global_clipnorm=longest)


def arm(regularizer):
    return {"regularizer": regularizer}


SCALED = (
    "500 images, layers of 512 and 400 steps, where the source has all images, "
    "layers of 1,024 to 2,048 and a million steps"
)

EXPERIMENT = Experiment(
    title="Regularizers compared",
    about=(Dropout, L1L2, KLSparsity, MaxNorm),
    claims=(
        Claim(
            "d0-35",
            verdict=Shape(
                *(
                    Less(measure="test_error", arm=arm("dropout"), than=arm(each))
                    for each in FORMER
                )
            ),
            scaled=SCALED,
        ),
    ),
    takeaway=Takeaway(
        holds="Dropout beats what there was before: its test error is {dropout}, that "
        "of weight decay {l2}, with an L1 penalty {l1}, with a sparsity penalty {kl}, "
        "and of max-norm {max}. Without any of them it is {none}.",
        open="Whether dropout beats what there was before stays open: its test error "
        "is {dropout}, that of weight decay {l2}, with an L1 penalty {l1}, with a "
        "sparsity penalty {kl}, and of max-norm {max}. Without any of them it is "
        "{none}.",
        numbers={
            name: Number("test_error", {"regularizer": regularizer})
            for name, regularizer in zip(
                ("none", "l2", "l1", "kl", "max", "dropout"), REGULARIZERS, strict=False
            )
        },
    ),
    data=mnist(train=500, validation=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=50,
    epochs=40,
    evaluations=20,
    watch=("validation",),
    vary={"regularizer": tuple(REGULARIZERS)},
    tune={"strength": STRENGTHS},
    measures=(
        TestError(),
        TrainError(),
        Gap(),
        ValidationError(),
        DoublingsToValidation(20),
    ),
    figures=(
        Points("test_error", rows="regularizer"),
        Points("gap", rows="regularizer"),
        Points("log2_steps_to_20", rows="regularizer"),
        Learning(panels="regularizer", title="Validation error while training"),
    ),
    anchors=tuple(
        Anchor(
            source="Srivastava et al. 2014, table 9: 784-1024-1024-2048-10, all images",
            measure="test_error",
            arm=arm(regularizer),
            value=value,
            read=True,
        )
        for regularizer, value in TABLE_9.items()
    ),
    differences={
        "network": ("784-1024-1024-2048-10 (Srivastava, table 9)", "784-512-512-10"),
        "images": ("50,000 and 10,000 to tune on", "500, and 1,000 to tune on"),
        "strengths": (
            "not given, tuned on 10,000 images",
            "the best of three for each, on two seeds of their own; without any "
            "regularizer the best of three learning rates",
        ),
        "L1": ("late in training", "all the time"),
        "KL sparsity": (
            "target not given",
            "mean activations pulled to 0.1; a mean above 1 counts as 1. Gradients are "
            "cut to a norm of 1 for it alone: without that some networks died, which "
            "made sparsity look worse than it is",
        ),
        "dropout alone": ("not in the table", "inputs dropped at 0.2 as in the others"),
    },
    smoke={
        "data": mnist(train=500, validation=500),
        "epochs": 4,
        "evaluations": 2,
        "replicates": 2,
        "vary": {"regularizer": ("none", "dropout")},
        "tune": {"strength": ("medium",)},
        "claims": (),
        "anchors": (),
        "measures": (
            TestError(),
            TrainError(),
            Gap(),
            ValidationError(),
            DoublingsToValidation(50),
        ),
        "figures": (
            Points("test_error", rows="regularizer"),
            Learning(panels="regularizer"),
        ),
    },
    paper={"data": mnist(train=50_000, validation=10_000), "batch_size": 100},
)
