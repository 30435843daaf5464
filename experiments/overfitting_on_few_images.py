"""A network that could do better learns 300 images by heart and errs on new ones."""

from dataclasses import dataclass

import keras

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import Gap, Measure, TestError, TrainError
from study.lab.declare.models import mlp
from study.lab.figures import Learning, Strip
from study.lab.rules.verdicts import Less, Rate, Shape

FEW, MANY = 300, 10_000
TRAIN_ERROR, TEST_ERROR = 1, 15  # percent


@dataclass(frozen=True)
class Symptom(Measure):
    """1 if the training set is learned and the test set is not, else 0."""

    name = "symptom"
    label = f"training error up to {TRAIN_ERROR} %, test error from {TEST_ERROR} %"

    def read(self, history):
        learned = TrainError().read(history) <= TRAIN_ERROR
        return (learned & (TestError().read(history) >= TEST_ERROR)).astype(float)


def model():
    return mlp(784, (100,) * 6, 10, kernel_initializer=He())


def optimizer():
    return keras.optimizers.SGD(0.01)


def arm(train):
    return {"train": train}


SYMPTOM = Rate(measure="symptom", arm=arm(FEW), above=0.5)

EXPERIMENT = Experiment(
    title="Overfitting on few images",
    claims=(
        Claim(
            "d2-31",
            verdict=Shape(
                SYMPTOM,
                # the same network can come close to the digits: it has the units
                Less(measure="test_error", arm=arm(MANY), than=arm(FEW), delta=5.0),
            ),
        ),
        Claim(
            "d4-23",
            verdict=Shape(
                SYMPTOM,
                # where images abound, there is no overfitting to be recognised
                Rate(measure="symptom", arm=arm(MANY), below=0.5),
                Less(measure="gap", arm=arm(MANY), than=arm(FEW), delta=5.0),
            ),
        ),
    ),
    data=mnist(train=MANY, validation=2_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    replacement=True,
    steps=800,
    evaluations=10,
    watch=("train", "validation"),
    vary={"train": (100, FEW, 500, 1_000, MANY)},
    measures=(TrainError(), TestError(), Gap(), Symptom()),
    figures=(
        Learning(panels="train", title="Errors by the number of training images"),
        Strip("test_error", by="train"),
        Strip("gap", by="train"),
    ),
    differences=(
        (
            "d2-31: may overfit",
            "a network that can approximate any function, by the theorem",
            "one that learns all of 300 images and errs on 15 % of new ones or more, "
            "though with 10,000 images and as many steps its error is 5 points lower",
        ),
        (
            "d4-23: high and poor accuracy",
            "for example 0.99 on the training set and 0.85 on the test set",
            "0.99 or more and 0.85 or less in most runs; the number of images that "
            "gives exactly these two stands in the figures",
        ),
        (
            "training",
            "not told",
            "800 steps of 100 images at the learning rate 0.01, whatever the number "
            "of images",
        ),
    ),
    smoke={
        "data": mnist(train=2_000, validation=500),
        "steps": 60,
        "evaluations": 6,
        "replicates": 2,
        "vary": {"train": (100, 2_000)},
        "claims": (),
    },
)
