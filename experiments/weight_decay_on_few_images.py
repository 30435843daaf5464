"""Weight decay of a strength chosen on validation, a fifth of the labels random."""

import keras
from keras import ops

from study.initializers import He
from study.lab.data import mnist, with_random_labels
from study.lab.declare.bounds import Bound
from study.lab.declare.controls import MEASURES, Control, Controlled, overfits
from study.lab.declare.finding import Experiment, Number, Takeaway
from study.lab.declare.measures import Probe
from study.lab.declare.models import mlp
from study.lab.figures import Points
from study.lab.rules.verdicts import DoesNotRaise, Each, Lowers
from study.probes import weight_norms
from study.regularizers import L2

RATE, RANDOM = 0.02, 0.2
NONE, CHOSEN = "none", "chosen"
INSIDE, OUTSIDE = "from 0.00001 to 0.01", "from outside"
ENDS = "the range that is judged ends there"
# What is tried for each: strengths, and learning rates without weight decay.
DECAYS = {
    NONE: [(0.0, rate) for rate in (0.01, 0.02, 0.05, 0.1, 0.15, 0.2)],
    CHOSEN: [(each, RATE) for each in (3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1)],
    INSIDE: [(each, RATE) for each in (1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01)],
    OUTSIDE: [(each, RATE) for each in (1e-7, 1e-6, 0.02, 0.03, 0.1, 0.3)],
}


def model(decay, trial, shape, classes):
    """Build two hidden layers of 128, every kernel with the penalty."""
    strength, _ = decay[trial - 1]
    return mlp(
        shape,
        (128, 128),
        classes,
        kernel_initializer=He(),
        kernel_regularizer=L2(strength),
    )


def optimizer(decay, trial):
    _, rate = decay[trial - 1]
    return keras.optimizers.SGD(rate, momentum=0.9)


def weight_norm(model, x, y):
    """Return the Euclidean norm of all kernels together."""
    return ops.sqrt(sum(ops.square(each) for each in weight_norms(model).values()))


def arm(decay):
    return {"decay": decay}


def lower(measure, decay=CHOSEN):
    return Lowers(measure=measure, arm=arm(decay), than=arm(NONE))


def tried(decay, which):
    return ", ".join(f"{each[which]:g}" for each in DECAYS[decay])


OVERFITS = overfits(arm(NONE), "without weight decay")

EXPERIMENT = Experiment(
    title="Weight decay on few images",
    about=(L2, weight_norms),
    claims={
        "d3-26": Controlled(
            Each(lower("weight_norm"), lower("test_loss"), lower("test_error")),
            OVERFITS,
        ),
        "d4-25": Controlled(
            Each(
                # a strength of the range helps, and none beyond helps more
                lower("test_error", INSIDE),
                DoesNotRaise(measure="test_error", arm=arm(INSIDE), than=arm(OUTSIDE)),
            ),
            OVERFITS,
            Control(
                "weight decay lowers the test error",
                lower("test_error"),
                "images of which more is learned by heart",
            ),
        ),
    },
    takeaway=Takeaway(
        of="d4-25",
        holds="The strengths of weight decay that the lecture gives are the right ones",
        depends="The strengths of weight decay that the lecture gives do well {where}",
        fails="The strengths of weight decay that the lecture gives are not the right "
        "ones on few images",
        open="Whether the strengths of weight decay that the lecture gives are the "
        "right ones stays open",
        evidence="the test error is {none} without any, {inside} with the best from "
        "0.00001 to 0.01, and {outside} with the best from outside.",
        numbers={
            "none": Number("test_error", arm(NONE)),
            "inside": Number("test_error", arm(INSIDE)),
            "outside": Number("test_error", arm(OUTSIDE)),
        },
    ),
    data=with_random_labels(mnist(train=2_000, validation=1_000), RANDOM),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    steps=2_000,
    evaluations=20,
    watch=("validation",),
    vary={"decay": DECAYS},
    tune={"trial": (1, 2, 3, 4, 5, 6)},
    bounds=tuple(
        Bound(tuned="trial", label=each, because=ENDS, arm=arm(INSIDE))
        for each in (1, 6)
    ),
    measures=(
        *MEASURES,
        Probe("weight_norm", weight_norm, examples=10, label="norm of all weights"),
    ),
    figures=tuple(
        Points(each, rows="decay")
        for each in ("test_error", "test_loss", "weight_norm")
    ),
    differences={
        "what there is to overfit": (
            "few images (300, Saito)",
            "2,000 images, a fifth of whose labels is random, for training and for "
            "validation, not for the test",
        ),
        "strength": (
            "0.1 (Saito); from 0.00001 to 0.01",
            f"the best of six on validation images, trials 1 to 6: {tried(CHOSEN, 0)}; "
            f"of the range {tried(INSIDE, 0)}; outside of it {tried(OUTSIDE, 0)}. "
            f"Without weight decay, of learning rates: {tried(NONE, 1)}",
        ),
        "d3-26: holds overfitting down": (
            "training and test accuracy come closer (Saito)",
            "loss and error on the test set are lower, each by itself",
        ),
        "d4-25: is chosen from": (
            "no network or learning rate named",
            "the best of the range makes fewer mistakes than no decay does, and no "
            "more than the best of as many strengths outside of it",
        ),
    },
)
