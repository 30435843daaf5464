"""He's initialization against Xavier's and a standard deviation of 0.01, on MNIST."""

import keras

from study.initializers import He, Xavier
from study.lab.data import mnist
from study.lab.declare.finding import Anchor, Experiment, Number, Takeaway
from study.lab.declare.measures import LossAt, TestError, ValidationError
from study.lab.declare.models import mlp
from study.lab.figures import Curves, Points
from study.lab.rules.verdicts import Each, Lowers

SOURCE, CHOSEN = "0.01", "chosen"


def model(initializer, shape, classes):
    return mlp(shape, (100,) * 4, classes, kernel_initializer=initializer)


def optimizer(rate, learning_rate):
    return keras.optimizers.SGD(rate or learning_rate)


def arm(initializer, rate=SOURCE):
    return {"initializer": initializer, "rate": rate}


def better(than, rate):
    """He's weights end with less loss than others, at one kind of rate."""
    return Lowers(measure="loss_at_2000", arm=arm("He", rate), than=arm(than, rate))


def loss(initializer, rate):
    return Number("loss_at_2000", arm(initializer, rate), unit="")


EXPERIMENT = Experiment(
    title="Initialization on MNIST",
    about=(He, Xavier),
    claims={
        "d3-20": Each(
            *(
                better(than, rate)
                for rate in (SOURCE, CHOSEN)
                for than in ("Xavier", "std 0.01")
            )
        )
    },
    takeaway=Takeaway(
        holds="He's weights learn faster than Xavier's",
        depends="He's weights learn faster {where}.",
        fails="He's weights learn no faster than Xavier's",
        open="Whether He's weights learn faster than Xavier's stays open",
        evidence="after 2,000 steps at a rate of 0.01 the training loss is {he} "
        "against {xavier}, and each at its best rate {he_best} against {xavier_best}.",
        numbers={
            "he": loss("He", SOURCE),
            "xavier": loss("Xavier", SOURCE),
            "he_best": loss("He", CHOSEN),
            "xavier_best": loss("Xavier", CHOSEN),
        },
    ),
    data=mnist(train=59_000, validation=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=128,
    replacement=True,
    steps=2_000,
    vary={
        "initializer": {
            "std 0.01": keras.initializers.RandomNormal(0.0, 0.01),
            "Xavier": Xavier(),
            "He": He(),
        },
        "rate": {SOURCE: 0.01, CHOSEN: 0.0},
    },
    tune={"learning_rate": (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)},
    replicates=5,
    extension=10,
    measures=(LossAt(100), LossAt(500), LossAt(2_000), TestError(), ValidationError()),
    figures=(
        Curves(
            hue="initializer",
            panels="rate",
            title="Training loss of each seed and their mean",
        ),
        Points(
            "loss_at_2000",
            rows="initializer",
            panels="rate",
            title="Mean training loss of the last 50 steps, at the source's learning "
            "rate and at the one chosen for each initializer",
        ),
    ),
    anchors=Anchor(
        source="Saito 2016, Deep Learning from Scratch, figure 6-15 (a plot)",
        measure="loss_at_2000",
        arm=arm("std 0.01"),
        value=2.3,
    ),
    differences={
        "seeds": ("one, not set", "5 paired ones"),
        "learns best": (
            "a plot of the smoothed loss",
            "the training loss of the last 50 steps",
        ),
        "learning rate": (
            "0.01 for all three",
            "that, and for each the best of seven on validation images",
        ),
        "training images": ("60,000", "59,000, so that 1,000 can choose the rate"),
    },
)
