"""A network learns 300 images by heart while its loss on others rises."""

from dataclasses import dataclass
from itertools import pairwise

import keras

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare import measures
from study.lab.declare.controls import ROSE, Control, Controlled, learned, overfits
from study.lab.declare.finding import Anchor, Claim, Experiment, Number, Size, Takeaway
from study.lab.declare.measures import Measure, TestError, TrainError
from study.lab.declare.models import mlp
from study.lab.figures import Learning, Points
from study.lab.rules.verdicts import Each, Level, Lowers, Rate, Shape

FEW, MANY = 300, 10_000
SIZES = (100, FEW, 1_000, MANY)
TRAIN_ERROR, TEST_ERROR = 1, 15  # percent
HALF_OF_SOURCE = 12.5  # percentage points, of the 25 that the source shows


@dataclass(frozen=True)
class Symptom(Measure):
    """1 if the training set is learned and the test set is not, else 0."""

    name = "symptom"
    label = f"training error up to {TRAIN_ERROR} %, test error from {TEST_ERROR} %"

    def read(self, history):
        learned = TrainError().read(history) <= TRAIN_ERROR
        return (learned & (TestError().read(history) >= TEST_ERROR)).astype(float)


def model(shape, classes):
    return mlp(shape, (100,) * 6, classes, kernel_initializer=He())


def optimizer():
    return keras.optimizers.SGD(0.01)


def arm(train):
    return {"train": train}


def more_images(measure):
    """Each size lowers a measure against the size before it."""
    return [
        Lowers(measure=measure, arm=arm(more), than=arm(less))
        for less, more in pairwise(SIZES)
    ]


LEARNED = learned(arm(FEW), "the few images")
OVERFITS = overfits(arm(FEW), "on few images")

EXPERIMENT = Experiment(
    title="Overfitting on few images",
    claims=(
        Claim(
            "d2-31",
            verdict=Controlled(
                Shape(
                    OVERFITS.rule,
                    # the same network can come closer to the digits: it has the units
                    Lowers(measure="test_error", arm=arm(MANY), than=arm(FEW)),
                ),
                LEARNED,
            ),
        ),
        Claim(
            "d4-23",
            verdict=Controlled(
                Shape(
                    Rate(measure="symptom", arm=arm(FEW), above=0.5),
                    Rate(measure="symptom", arm=arm(MANY), below=0.5),
                ),
                OVERFITS,
                Control(
                    "on many images it does not",
                    Level(measure="rise", arm=arm(MANY), below=ROSE),
                    "fewer steps",
                ),
            ),
        ),
        Claim(
            "d4-21",
            verdict=Controlled(
                Each(*more_images("test_loss"), *more_images("test_error")),
                *(overfits(arm(each), f"on {each:,} images") for each in SIZES[:-1]),
            ),
        ),
        Claim(
            "d3-25",
            verdict=Controlled(
                Level(measure="gap", arm=arm(FEW), above=HALF_OF_SOURCE),
                LEARNED,
                OVERFITS,
            ),
            source_size=Size(examples=300, epochs=201),
        ),
    ),
    takeaway=Takeaway(
        of="d3-25",
        holds="Trained on few images, a network overfits",
        fails="Trained on few images, a network does not overfit by half of what the "
        "lecture shows",
        open="Whether a network overfits on few images as the lecture shows stays open",
        evidence="on 300 of them the training error ends at {train} and the test error "
        "at {test}, on 10,000 at {train_many} and {test_many}.",
        numbers={
            "train": Number("train_error", arm(FEW)),
            "test": Number("test_error", arm(FEW)),
            "train_many": Number("train_error", arm(MANY)),
            "test_many": Number("test_error", arm(MANY)),
        },
    ),
    data=mnist(train=MANY, validation=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    replacement=True,
    steps=2_000,
    evaluations=20,
    watch=("train", "validation"),
    vary={"train": SIZES},
    measures=(
        TrainError(),
        TestError(),
        measures.Gap(),
        measures.TestLoss(),
        measures.Rise(),
        Symptom(),
    ),
    figures=(
        Learning(panels="train", title="Errors by the number of training images"),
        *(Points(x, rows="train") for x in ("test_error", "test_loss", "rise")),
    ),
    anchors=Anchor(
        source="Saito, Deep Learning from Scratch, chapter 6, read off a figure",
        measure="test_error",
        arm=arm(FEW),
        value=25.0,
    ),
    differences={
        "overfitting": (
            "shown by accuracies",
            "the validation loss ends above its lowest by a fiftieth of what a guess "
            "costs, while the training images are learned",
        ),
        "d4-23: high and poor accuracy": (
            "for example 0.99 on the training set and 0.85 on the test set",
            "0.99 or more and 0.85 or less in most runs where the loss rises, and in "
            "few where it does not: on 300 and on 10,000 images. On 1,000 the loss and "
            "the sign are shown and not judged",
        ),
        "d4-21: a cure": (
            "said in words",
            "each step to a larger set, from one that overfits, lowers loss and error "
            "on the test set; the number of updates stays",
        ),
        "d3-25: far above": (
            "training accuracy 1, test accuracy some 0.75 (Saito)",
            "on average more than half of these 25 points apart; the half is ours",
        ),
        "steps": ("603 (Saito)", "2,000, whatever the number of images"),
    },
)
