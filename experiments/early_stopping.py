"""With a fifth of the labels random three cures save mistakes; one leaves the loss."""

import keras

from study.callbacks import EarlyStopping
from study.initializers import He
from study.lab.data import mnist, with_random_labels
from study.lab.declare import measures
from study.lab.declare.controls import MEASURES, Controlled, overfits
from study.lab.declare.finding import Experiment, Number, Takeaway
from study.lab.figures import Learning, Points
from study.lab.rules.verdicts import DoesNotRaise, Each, Lowers
from study.layers import Dropout
from study.regularizers import L2

AT_ONCE, FIVE, TEN, NEVER = "at once", "after 5 epochs", "after 10 epochs", "never"
RATE, RANDOM = 0.02, 0.2
# What is tried for each: without a regularizer, learning rates at which all labels are
# learned; to learn slower would be to stop early by another name.
REGULARIZERS = {
    "none": [{"learning_rate": each} for each in (0.01, 0.015, 0.02, 0.03, 0.05)],
    "L2": [{"decay": each} for each in (0.001, 0.003, 0.01, 0.02, 0.05)],
    "dropout": [{"rate": each} for each in (0.2, 0.35, 0.5, 0.65, 0.8)],
}


def model(regularizer, trial, shape, classes):
    """Build two hidden layers of 256; a dropout rate of 0 keeps networks alike."""
    settings = regularizer[trial - 1]
    decay, rate = settings.get("decay", 0.0), settings.get("rate", 0.0)
    layers = [keras.Input(shape)]
    for _ in range(2):
        layers += [dense(256, "relu", decay), Dropout(rate)]
    return keras.Sequential([*layers, dense(classes, "softmax", decay)])


def dense(units, activation, decay):
    return keras.layers.Dense(
        units, activation, kernel_initializer=He(), kernel_regularizer=L2(decay)
    )


def optimizer(regularizer, trial):
    rate = regularizer[trial - 1].get("learning_rate", RATE)
    return keras.optimizers.SGD(rate, momentum=0.9)


def tried(regularizer, setting):
    return ", ".join(f"{each[setting]:g}" for each in REGULARIZERS[regularizer])


def arm(patience=NEVER, regularizer="none"):
    return {"regularizer": regularizer, "patience": patience}


def cured(*cures):
    """Lower loss and error on the test set, each cure alone and each by itself."""
    return Controlled(
        Each(
            *(
                Lowers(measure=measure, arm=cure, than=arm())
                for measure in ("test_loss", "test_error")
                for cure in cures
            )
        ),
        overfits(arm(), "without a cure"),
    )


def as_good(than):
    return DoesNotRaise(measure="test_error", arm=arm(AT_ONCE), than=arm(than))


EXPERIMENT = Experiment(
    title="Early stopping, and other cures for overfitting",
    about=(EarlyStopping, L2, Dropout),
    claims={
        "d0-22": cured(arm(FIVE)),
        "d1-16": Controlled(
            Each(as_good(FIVE), as_good(TEN)), overfits(arm(), "never stopped")
        ),
        "d4-22": cured(arm(FIVE), arm(NEVER, "L2"), arm(NEVER, "dropout")),
    },
    takeaway=Takeaway(
        of="d4-22",
        holds="Early stopping and regularization cure overfitting",
        depends="Early stopping, L2 and dropout cure overfitting {where}",
        fails="Neither early stopping nor regularization cures overfitting",
        open="Whether early stopping, L2 and dropout cure overfitting stays open",
        evidence="the test error is {none} without a cure, {stopped} with early "
        "stopping, {l2} with L2 and {dropout} with dropout.",
        numbers={
            "none": Number("test_error", arm()),
            "stopped": Number("test_error", arm(FIVE)),
            "l2": Number("test_error", arm(NEVER, "L2")),
            "dropout": Number("test_error", arm(NEVER, "dropout")),
        },
    ),
    data=with_random_labels(mnist(train=2_000, validation=500), RANDOM),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    epochs=40,
    evaluations=40,
    watch=("validation",),
    vary={
        "regularizer": REGULARIZERS,
        "patience": {AT_ONCE: 0, FIVE: 5, TEN: 10, NEVER: None},
    },
    tune={"trial": (1, 2, 3, 4, 5)},
    measures=(
        *MEASURES,
        measures.Stopped(),
    ),
    figures=(
        *(
            Points(measure, rows="patience", panels="regularizer", title=title)
            for measure, title in (
                ("test_loss", "Test loss"),
                ("test_error", "Test error"),
                ("train_error", "Training error, of labels a fifth of which is random"),
            )
        ),
        Learning(
            panels="regularizer", where={"patience": NEVER}, title="Never stopped"
        ),
    ),
    differences={
        "what there is to overfit": (
            "99 % right in training and 85 % in the test (d4-22)",
            "a fifth of the labels is random, for training and for validation, not "
            "for the test; left alone, they are learned by heart",
        ),
        "a cure": ("prevents overfitting", "lowers loss and error on the test set"),
        "d0-22: through learning": (
            "in place of the structure",
            "stopped with a patience of 5 epochs, and the weights of the best one put "
            "back. To stop at the first worse epoch stands in the tables and judges "
            "nothing here; nor is judged what the structure has to do with it",
        ),
        "d1-16: at once": (
            "as soon as validation is seen to get worse",
            "after the first epoch whose validation loss is not the lowest so far; it "
            "holds if waiting does not make fewer mistakes. On a quieter set than 500 "
            "images, a fifth of whose labels is random, the first worse epoch may mean "
            "more. Patience 5 and 10 are one comparison where both go back to the same "
            "epoch",
        ),
        "weights at the end": ("not said", "of the epoch with the least loss"),
        "strengths": (
            "weight decay from 0.00001 to 0.01, dropout with probability p",
            "the best of five for each on validation images, trials 1 to 5: "
            f"{tried('L2', 'decay')} of decay, {tried('dropout', 'rate')} dropped, "
            f"without either learning rates {tried('none', 'learning_rate')}",
        ),
    },
    smoke={
        "data": with_random_labels(mnist(train=200, validation=200), RANDOM),
        "epochs": 12,
        "evaluations": 12,
        "replicates": 2,
        "tune": {"trial": (3,)},
        "claims": (),
    },
    paper={"data": with_random_labels(mnist(train=50_000, validation=10_000), RANDOM)},
)
