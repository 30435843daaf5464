"""Whether the best five of the lecture's search, and its ranges, are best again."""

import keras

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.experiment import Anchor, Claim, Experiment
from study.lab.declare.measures import TestError, ValidationError
from study.lab.declare.models import mlp
from study.lab.figures import Strip
from study.lab.rules.verdicts import Less, Shape
from study.regularizers import L2

# What the lecture prints: accuracy, learning rate and weight decay of the best five.
PRINTED = {
    "printed 1": (0.83, 0.0092, 3.86e-7),
    "printed 2": (0.78, 0.00956, 6.04e-7),
    "printed 3": (0.77, 0.00571, 1.27e-6),
    "printed 4": (0.74, 0.00626, 1.43e-5),
    "printed 5": (0.73, 0.0052, 8.97e-6),
}
# Inside the recommended ranges and outside of them: learning rate, weight decay.
COMPARED = ((1e-4, 1e-7), (1e-3, 1e-7), (1e-2, 1e-8), (1e-2, 1e-6), (1e-2, 1e-4))


def named(learning_rate, decay):
    return f"lr {learning_rate:g}, wd {decay:g}"


TRIALS = {
    **{name: pair for name, (_, *pair) in PRINTED.items()},
    **{named(*pair): pair for pair in COMPARED},
}


def model(trial):
    """Build 784-100-100-100-100-100-100-10 with decay of every kernel."""
    _, decay = trial
    return mlp(
        784,
        (100,) * 6,
        10,
        kernel_initializer=He(),
        kernel_regularizer=L2(decay),
    )


def optimizer(trial):
    learning_rate, _ = trial
    return keras.optimizers.SGD(learning_rate)


def arm(trial):
    return {"trial": trial}


def ranked(better, worse):
    """Have fewer errors on new images, by half of what the lecture prints at least."""
    accuracies = PRINTED[better][0], PRINTED[worse][0]
    return Less(
        measure="test_error",
        arm=arm(better),
        than=arm(worse),
        delta=round(100 * (accuracies[0] - accuracies[1]) / 2, 6),
    )


def works_better(inside, outside):
    return Less(
        measure="test_error", arm=arm(named(*inside)), than=arm(named(*outside))
    )


EXPERIMENT = Experiment(
    title="Random search: the best five again",
    about=(L2,),
    claims=(
        Claim(
            "d3-35",
            verdict=Shape(
                ranked("printed 1", "printed 2"),
                ranked("printed 2", "printed 3"),
                ranked("printed 3", "printed 4"),
                ranked("printed 4", "printed 5"),
            ),
        ),
        Claim(
            "d3-36",
            verdict=Shape(
                works_better((1e-3, 1e-7), (1e-4, 1e-7)),
                works_better((1e-2, 1e-8), (1e-2, 1e-4)),
                works_better((1e-2, 1e-6), (1e-2, 1e-4)),
            ),
        ),
    ),
    data=mnist(train=400, validation=100),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    replacement=True,
    epochs=50,
    vary={"trial": TRIALS},
    measures=(ValidationError(), TestError()),
    figures=(Strip("validation_error", by="trial"), Strip("test_error", by="trial")),
    anchors=tuple(
        Anchor(
            source="the lecture's and the book's printout, one run",
            measure="validation_error",
            arm=arm(name),
            value=round(100 * (1 - accuracy), 2),
            read=True,
        )
        for name, (accuracy, *_) in PRINTED.items()
    ),
    differences=(
        ("seeds", "one", "10 paired ones, each with images of its own"),
        (
            "d3-35: the best five",
            "ranked by one run on 100 images",
            "the same five pairs, in the printed order, by the test error; "
            "half of the printed difference is the smallest effect of interest",
        ),
        (
            "d3-36: work well",
            "ranges read off the best of one search",
            "better than outside the range: a learning rate of 0.001 than 0.0001, and "
            "a weight decay of 1e-8 and of 1e-6 than of 1e-4",
        ),
    ),
    smoke={
        "data": mnist(train=200, validation=100),
        "epochs": 10,
        "replicates": 2,
        "vary": {"trial": {each: TRIALS[each] for each in ("printed 1", "printed 2")}},
        "claims": (),
        "anchors": (),
    },
)
