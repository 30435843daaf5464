"""Training accuracy at 16 scales of the weights, with batch normalization or not."""

from dataclasses import dataclass

import keras
import numpy as np

from study.lab.data import mnist
from study.lab.declare.finding import Anchor, Experiment, Number, Takeaway
from study.lab.declare.measures import Measure, TestError, TrainError
from study.lab.figures import Learning, Lines
from study.lab.rules.verdicts import Each, Lowers, Margin
from study.layers import BatchNormalization

LAYERS, UNITS = 5, 100
STDS = tuple(float(f"{each:.3g}") for each in np.logspace(0, -4, 16))
NORMALIZATIONS = ("none", "batch")
POINT = Margin(1, because="one training example in a hundred, as at the end")


@dataclass(frozen=True)
class MeanError(Measure):
    """Training error, meaned over the looks: the area over the curve of accuracy."""

    name = "mean_error"
    label = "training error, mean of all epochs"
    unit = "%"

    def read(self, history):
        broken = history.diverged()[:, None]
        lost = (broken > 0) & (history.ends >= broken)
        error = history.watched["train"]["error"]
        return 100 * np.where(lost, history.chance_error, error).mean(axis=1)


def model(std, normalization, shape, classes):
    layers = [keras.Input(shape)]
    for _ in range(LAYERS):
        layers.append(dense(UNITS, std))
        if normalization == "batch":
            layers.append(
                BatchNormalization(
                    momentum=0.9, epsilon=1e-6, moving_variance_initializer="zeros"
                )
            )
        layers.append(keras.layers.Activation("relu"))
    return keras.Sequential([*layers, dense(classes, std), keras.layers.Softmax()])


def dense(units, std):
    initializer = keras.initializers.RandomNormal(0.0, std)
    return keras.layers.Dense(units, kernel_initializer=initializer)


def optimizer():
    return keras.optimizers.SGD(0.01)


def arm(std, normalization):
    return {"std": std, "normalization": normalization}


def mean_error(std, normalization):
    return Number("mean_error", arm(std, normalization))


EXPERIMENT = Experiment(
    title="Batch normalization: initial scale",
    about=(BatchNormalization,),
    claims={
        "d3-24": Each(
            *(
                Lowers(
                    measure="mean_error",
                    arm=arm(std, "batch"),
                    than=arm(std, "none"),
                    margin=POINT,
                )
                for std in STDS
            )
        )
    },
    takeaway=Takeaway(
        holds="Batch normalization speeds up training from each of 16 scales of the "
        "initial weights",
        depends="Batch normalization speeds up training {where}",
        fails="Batch normalization speeds up training from none of 16 scales of the "
        "initial weights",
        open="From how many scales of the initial weights batch normalization speeds "
        "up training stays open",
        evidence="from weights of 0.0136 the mean training error is {small} without it "
        "and {small_batch} with it, from weights of 0.158 {large} and {large_batch}.",
        numbers={
            "small": mean_error(0.0136, "none"),
            "small_batch": mean_error(0.0136, "batch"),
            "large": mean_error(0.158, "none"),
            "large_batch": mean_error(0.158, "batch"),
        },
    ),
    data=mnist(train=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    replacement=True,
    epochs=20,
    evaluations=20,
    watch=("train",),
    vary={"std": STDS, "normalization": NORMALIZATIONS},
    measures=(MeanError(), TrainError(), TestError()),
    figures=(
        Lines("mean_error", x="std", hue="normalization", log="x"),
        *(
            Learning(
                panels="std",
                where={"normalization": each},
                title="Training error after each epoch, by standard deviation of the "
                f"initial weights, normalization {each}",
            )
            for each in NORMALIZATIONS
        ),
        Lines("test_error", x="std", hue="normalization", log="x"),
    ),
    anchors=Anchor(
        source="Saito 2016, Deep Learning from Scratch, figure 6-19 (a plot): no "
        "learning at the smallest scale",
        measure="train_error",
        arm=arm(STDS[-1], "none"),
        value=90.0,
    ),
    differences={
        "images": ("the first 1,000", "1,000 of its own for each seed"),
        "seeds": ("one, not set", "10 paired ones"),
        "standard deviations": ("logspace(0, -4, 16)", "the same, to three digits"),
        "rises faster": (
            "16 plots of training accuracy after each epoch",
            "the mean error over these epochs, at each scale by itself",
        ),
        "learning rate": ("0.01 for all", "the same: the claim is about these plots"),
    },
    smoke={"vary": {"std": (1.0, 0.158, STDS[-1]), "normalization": NORMALIZATIONS}},
)
