"""What early stopping does against overfitting, at once or after some patience."""

import keras

from study.callbacks import EarlyStopping
from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import Gap, Stopped, TestError, TestLoss, TrainError
from study.lab.declare.models import mlp
from study.lab.figures import Learning, Strip
from study.lab.rules.verdicts import Equivalent, Less, Shape

AT_ONCE, FIVE, TEN, NEVER = "at once", "5 epochs", "10 epochs", "never"
MARGIN = 0.5  # percentage points


def model():
    """Build 784-128-128-10."""
    return mlp(784, (128, 128), 10, kernel_initializer="he_normal")


def optimizer():
    return keras.optimizers.Adam(0.001)


def arm(patience):
    return {"patience": patience}


def less_overfitted(measure):
    return Less(measure=measure, arm=arm(FIVE), than=arm(NEVER))


def as_good_at_once(than):
    return Equivalent(
        measure="test_error", arm=arm(AT_ONCE), than=arm(than), margin=MARGIN
    )


EXPERIMENT = Experiment(
    title="Early stopping",
    about=(EarlyStopping,),
    claims=(
        Claim("d0-22", verdict=Shape(*map(less_overfitted, ("test_loss", "gap")))),
        Claim("d1-16", verdict=Shape(*map(as_good_at_once, (FIVE, TEN)))),
    ),
    data=mnist(train=1_000, validation=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    epochs=40,
    evaluations=40,
    watch=("train", "validation"),
    vary={"patience": {AT_ONCE: 0, FIVE: 5, TEN: 10, NEVER: None}},
    measures=(TestLoss(), TestError(), TrainError(), Gap(), Stopped()),
    figures=(
        Strip("test_loss", by="patience"),
        Strip("test_error", by="patience"),
        Strip("gap", by="patience"),
        Strip("stopped", by="patience"),
        Learning(
            where={"patience": NEVER},
            title="Errors on training and validation images, never stopped",
        ),
    ),
    differences=(
        (
            "images",
            "not said; a common split of MNIST is 50,000, 10,000 and 10,000",
            "1,000 to train on, 1,000 to validate on and all 10,000 to test on",
        ),
        (
            "d0-22: regularises",
            "prevents overfitting",
            "lowers the loss on the test set, and the gap between test and training "
            "error, of the same network. The test error itself is shown beside",
        ),
        (
            "d1-16: at once",
            "as soon as validation is seen to get worse",
            "after the first epoch whose validation loss is not the lowest so far. It "
            f"holds if waiting changes the test error by less than {MARGIN} points",
        ),
        (
            "weights at the end",
            "not said",
            "those of the epoch with the lowest validation loss",
        ),
    ),
    smoke={
        "data": mnist(train=200, validation=200),
        "epochs": 12,
        "evaluations": 12,
        "replicates": 2,
        "claims": (),
    },
    paper={"data": mnist(train=50_000, validation=10_000)},
)
