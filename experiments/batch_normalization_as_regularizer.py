"""Batch normalization where a fifth of the labels is random, and dropout beside it."""

import keras

from study.lab.data import mnist, with_random_labels
from study.lab.declare.controls import MEASURES, Control, Controlled, learned, overfits
from study.lab.declare.finding import Experiment, Number, Takeaway
from study.lab.figures import Learning, Points
from study.lab.rules.verdicts import Each, Lowers, Margin, Stronger
from study.layers import BatchNormalization, Dropout

UNITS, SHARE, RANDOM = (256, 256), 0.5, 0.2
# What each network chooses among. Without dropout all labels are learned at these; to
# learn slower would be to stop early by another name.
RATES = {
    ("none", 0.0): (0.03, 0.06, 0.12, 0.2, 0.3, 0.5),
    ("batch", 0.0): (0.01, 0.02, 0.04, 0.08, 0.12, 0.16),
    ("none", SHARE): (0.0025, 0.005, 0.01, 0.02, 0.04, 0.08),
    ("batch", SHARE): (0.0012, 0.0025, 0.005, 0.01, 0.02, 0.04),
}
SLIGHTLY = Margin(
    1.05, "factor", because="the lecture says slightly: half of what else matters"
)


def model(normalization, dropout, shape, classes):
    layers = [keras.Input(shape)]
    for units in UNITS:
        layers.append(keras.layers.Dense(units, kernel_initializer="he_normal"))
        if normalization == "batch":
            layers.append(BatchNormalization(momentum=0.9))
        layers.append(keras.layers.Activation("relu"))
        layers.append(Dropout(dropout))
    return keras.Sequential([*layers, keras.layers.Dense(classes, "softmax")])


def optimizer(normalization, dropout, trial):
    rate = RATES[normalization, dropout][trial - 1]
    return keras.optimizers.SGD(rate, momentum=0.9)


def arm(normalization, dropout):
    return {"normalization": normalization, "dropout": dropout}


PLAIN, BATCH = arm("none", 0.0), arm("batch", 0.0)

EXPERIMENT = Experiment(
    title="Batch normalization as a regularizer",
    about=(BatchNormalization, Dropout),
    claims={
        "d4-55": Controlled(
            Each(
                Lowers(measure="test_loss", arm=BATCH, than=PLAIN),
                Lowers(measure="test_error", arm=BATCH, than=PLAIN),
                Stronger(
                    effect=Lowers(
                        measure="test_error",
                        arm={"dropout": SHARE},
                        than={"dropout": 0.0},
                    ),
                    where={"normalization": "none"},
                    than={"normalization": "batch"},
                    margin=SLIGHTLY,
                ),
            ),
            learned(PLAIN, "without either all labels"),
            overfits(PLAIN, "without either"),
            Control(
                "without batch normalization dropout helps",
                Lowers(measure="test_error", arm=arm("none", SHARE), than=PLAIN),
                "more epochs, or wider layers",
            ),
        )
    },
    takeaway=Takeaway(
        holds="Batch normalization regularizes and leaves less for dropout to do",
        depends="Batch normalization regularizes only in part, {where}",
        fails="Batch normalization hardly regularizes, if at all, and leaves dropout "
        "hardly less to do",
        open="Whether batch normalization regularizes stays open",
        evidence="with a fifth of the labels random, the test error is {plain} without "
        "it and {batch} with it; with dropout beside it, these come to {plain_dropped} "
        "and {batch_dropped}.",
        numbers={
            f"{name}{suffix}": Number("test_error", arm(normalization, dropout))
            for name, normalization in (("plain", "none"), ("batch", "batch"))
            for suffix, dropout in (("", 0.0), ("_dropped", SHARE))
        },
    ),
    data=with_random_labels(mnist(train=2_000, validation=1_000), RANDOM),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    epochs=40,
    evaluations=20,
    watch=("validation",),
    vary={"normalization": ("none", "batch"), "dropout": (0.0, SHARE)},
    tune={"trial": (1, 2, 3, 4, 5, 6)},
    replicates=5,
    extension=5,
    measures=MEASURES,
    figures=(
        *(
            Points(measure, rows="dropout", panels="normalization", title=title)
            for measure, title in (
                ("test_error", "Test error"),
                ("test_loss", "Test loss"),
                ("train_error", "Training error, of labels a fifth of which is random"),
            )
        ),
        Learning(
            panels="normalization",
            where={"dropout": 0.0},
            title="Validation error while training, nothing dropped",
        ),
    ),
    differences={
        "images": (
            "55,000 (Kim, DeepLearningZeroToAll, notebook 10-7)",
            "2,000, a fifth of whose labels is random, for training and for "
            "validation, not for the test: there is something to overfit",
        ),
        "network": ("784-4x512-10, dropout 0.3 (Kim)", "784-256-256-10, dropout 0.5"),
        "a form of regularization": (
            "said in words",
            "loss and error on the test set are lower, each by itself",
        ),
        "less need for dropout": (
            "slightly, maybe",
            "half dropped lowers the test error by a smaller factor with batch "
            "normalization than without, where it helps without",
        ),
        "learning rate": (
            "0.001 (Kim, Adam)",
            "for each of the four networks the best of six on validation images: "
            + "; ".join(
                f"{normalization} and {dropout:g} dropped {rates}"
                for (normalization, dropout), rates in RATES.items()
            ),
        ),
    },
    paper={"data": with_random_labels(mnist(train=50_000, validation=10_000), RANDOM)},
)
