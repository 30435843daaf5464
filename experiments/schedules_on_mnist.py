"""What lowering the learning rate does to training, by six schedules from one rate."""

import keras

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.finding import Experiment, Number, Takeaway
from study.lab.declare.measures import FinalLoss, TestError, TrainError, ValidationError
from study.lab.declare.models import mlp
from study.lab.figures import Curves, Points
from study.schedules import (
    LambdaLR,
    LinearDecay,
    MultiplicativeLR,
    ReciprocalDecay,
    StepLR,
)

EPOCHS, PER_EPOCH = 15, 50


@keras.saving.register_keras_serializable(package="schedules_on_mnist")
def power(epoch):
    """Return 0.8 to the power of the epoch."""
    return 0.8**epoch


@keras.saving.register_keras_serializable(package="schedules_on_mnist")
def factor(epoch):
    """Return the factor of every epoch after the first."""
    return 0.8


SCHEDULES = (
    "constant",
    "λ",
    "multiplicative",
    "step",
    "linear",
    "reciprocal",
    "plateau",
)
FACTOR, PATIENCE = 0.5, 2


def model(shape, classes):
    return mlp(shape, (100, 100), classes, kernel_initializer=He())


def optimizer(schedule, learning_rate):
    """Return SGD with a schedule that begins at the learning rate."""
    made = {
        "constant": lambda: learning_rate,
        "λ": lambda: LambdaLR(learning_rate, power, PER_EPOCH, EPOCHS),
        "multiplicative": lambda: MultiplicativeLR(
            learning_rate, factor, PER_EPOCH, EPOCHS
        ),
        "step": lambda: StepLR(learning_rate, EPOCHS // 3, PER_EPOCH),
        "linear": lambda: LinearDecay(
            learning_rate, learning_rate / 100, EPOCHS - 1, PER_EPOCH
        ),
        "reciprocal": lambda: ReciprocalDecay(learning_rate, PER_EPOCH),
        "plateau": lambda: learning_rate,
    }
    return keras.optimizers.SGD(made[schedule]())


def plateau(schedule):
    """Return what halves the rate where the validation loss stops falling, or None."""
    if schedule != "plateau":
        return None
    return keras.callbacks.ReduceLROnPlateau(factor=FACTOR, patience=PATIENCE)


EXPERIMENT = Experiment(
    title="Learning-rate schedules on MNIST",
    about=(LambdaLR, MultiplicativeLR, StepLR, LinearDecay, ReciprocalDecay),
    claims=(),
    takeaway=Takeaway(
        shows="After 15 epochs, each schedule at its own first rate, the test error is "
        "{constant} with a constant learning rate, {linear} with linear decay, {step} "
        "with steps and {plateau} where the rate falls on plateaus.",
        numbers={
            each: Number("test_error", {"schedule": each})
            for each in ("constant", "linear", "step", "plateau")
        },
    ),
    data=mnist(train=5_000, validation=2_000),
    model=model,
    optimizer=optimizer,
    plateau=plateau,
    watch=("validation",),
    batch_size=100,
    epochs=EPOCHS,
    evaluations=EPOCHS,
    vary={"schedule": SCHEDULES},
    tune={"learning_rate": (0.1, 0.3, 1.0)},
    measures=(FinalLoss(), TrainError(), ValidationError(), TestError()),
    figures=(
        Curves(
            hue="schedule",
            title="Training loss of each seed and their mean, each schedule from the "
            "best of three first rates",
        ),
        Points("final_loss", rows="schedule"),
        Points("test_error", rows="schedule"),
    ),
    differences={
        "what is asked": (
            "the lectures give the formulas and no effect, so no claim is judged here",
            "the training loss and the test error that each schedule ends with",
        ),
        "λ and multiplicative": (
            "0.95 to the power of the epoch, over 100 epochs",
            "0.8, over 15 epochs; both schedules are the same sequence of rates",
        ),
        "first rate": ("0.05", "the best of 0.1, 0.3 and 1 on validation images"),
        "plateau": (
            "reduced where the validation error stops improving",
            f"halved after {PATIENCE} epochs without a smaller validation loss",
        ),
    },
    smoke={"vary": {"schedule": ("λ", "multiplicative", "plateau")}},
)
