"""In a random search the error follows the learning rate, not the weight decay."""

import keras
import numpy as np
from keras import ops

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.finding import Experiment, Least, Takeaway
from study.lab.declare.measures import Probe, ValidationError
from study.lab.declare.models import mlp
from study.lab.rules.verdicts import Cited
from study.regularizers import L2

from .figures.search import Search

TRIALS, BEST, DRAFTED = 100, 5, 10


def drawn(trials):
    """Draw pairs of learning rate and weight decay by the lecture's formula."""
    random = np.random.default_rng(6)
    for _ in range(trials):
        decay = 10 ** random.uniform(-8, -4)
        yield 10 ** random.uniform(-6, -2), decay


def trials(count):
    """Map labels to drawn pairs."""
    return {f"{i:03d}": pair for i, pair in enumerate(drawn(count), 1)}


def model(trial, shape, classes):
    """Build 784-100-100-100-100-100-100-10 with decay of every kernel, on MNIST."""
    _, decay = trial
    how = {"kernel_initializer": He(), "kernel_regularizer": L2(decay)}
    return mlp(shape, (100,) * 6, classes, **how)


def optimizer(trial):
    learning_rate, _ = trial
    return keras.optimizers.SGD(learning_rate)


def error(model, x, y):
    """Return the share of the examples predicted wrongly, in percent."""
    found = ops.argmax(model(x, training=False), axis=-1)
    wrong = ops.not_equal(found, ops.cast(y, found.dtype))
    return 100 * ops.mean(ops.cast(wrong, "float32"))


NAMES = ("learning rate", "weight decay")
DRAWN = {"by": "trial", "trials": trials(TRIALS), "names": NAMES, "best": BEST}

EXPERIMENT = Experiment(
    title="Random search of hyperparameters",
    about=(L2,),
    claims={
        "d3-32": Cited(
            source="Goodfellow, Bengio and Courville 2016, Deep Learning, section 11.4",
            note="learning rate, hidden units, weight decay and dropout rate are "
            "its examples; batch size, momentum and depth are set by hand just as "
            "well (reported, not re-read)",
            read=False,
        )
    },
    takeaway=Takeaway(
        holds="What the lecture lists as hyperparameters its source searches or sets "
        "by hand: of 100 settings of learning rate and weight decay drawn at random, "
        "the best errs in {best} of its validation images.",
        numbers={"best": Least("validation_error")},
    ),
    data=mnist(train=400, validation=100),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    replacement=True,
    epochs=50,
    vary={"trial": trials(TRIALS)},
    replicates=3,
    measures=(
        ValidationError(),
        Probe(
            "unseen_error",
            error,
            on="test",
            examples=1_000,
            unit="%",
            label="error on 1,000 test images",
        ),
    ),
    figures=(
        Search(
            "validation_error",
            **DRAWN,
            title=f"Validation error of {TRIALS} drawn pairs in every seed",
        ),
        Search(
            "unseen_error",
            **DRAWN,
            chosen="validation_error",
            title="Error on test images of the same runs, the best still those by "
            "validation",
        ),
    ),
    differences={
        "seeds": (
            "one: each trial trains once, from other weights",
            "3: each trains all trials from the same weights on images of its own. "
            "The first seed is the search; the others repeat it, the best five with "
            "all others",
        )
    },
    smoke={"vary": {"trial": trials(DRAFTED)}},
)
