"""Epochs and steps to 95 % on MNIST with batches from 16 images to all 10,000."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.finding import Experiment, Number, Takeaway
from study.lab.declare.measures import Measure, TestError, ValidationError
from study.lab.declare.models import mlp
from study.lab.figures import Learning, Points
from study.lab.rules.verdicts import Cited, Each, Raises
from study.optimizers import SGD

EPOCHS = 12
SIZES = (16, 64, 256, 1_024, 4_096, 10_000)
USUAL = SIZES[:-1]  # from some tens to several thousands (d0-37)


@dataclass(frozen=True)
class LooksTo(Measure):
    """First look at which the watched training error is this low, in percent.

    Censored at the last look.
    """

    error: float
    unit = "epochs"
    censored = True

    @property
    def name(self):
        return f"epochs_to_{self.error:g}"

    @property
    def label(self):
        return f"first epoch with {self.error:g} % training error"

    def budget(self, experiment, cell):
        return experiment.looks("judge", cell)

    def read(self, history):
        return 1.0 + self._look(history)

    def _look(self, history):
        low = history.watched["train"]["error"] <= self.error / 100 + 1e-9
        return np.where(low.any(axis=1), low.argmax(axis=1), low.shape[1] - 1)


@dataclass(frozen=True)
class UpdatesTo(LooksTo):
    """The training steps taken until that look."""

    unit = "steps"

    def budget(self, experiment, cell):
        return experiment.budget(cell)

    @property
    def name(self):
        return f"updates_to_{self.error:g}"

    @property
    def label(self):
        return f"steps to {self.error:g} % training error, looked at every epoch"

    def read(self, history):
        return np.asarray(history.ends, float)[self._look(history)]


def model(shape, classes):
    return mlp(shape, (100,), classes, kernel_initializer=He())


def optimizer(learning_rate):
    return SGD(learning_rate)


def arm(size):
    return {"batch_size": size}


EXPERIMENT = Experiment(
    title="Batch size: epochs and steps to 95 %",
    about=(SGD,),
    claims={
        "d0-37": Cited(
            source="Shallue and others 2019, JMLR 20 (112): Measuring the effects "
            "of data parallelism on neural network training",
            note="sizes that are useful differ from data set to data set, from "
            "tens to thousands and beyond (reported, not re-read)",
            read=False,
        ),
        "d4-48": Cited(
            source="Krizhevsky, Sutskever and Hinton 2012, NIPS: ImageNet "
            "classification with deep convolutional neural networks",
            note="128 examples a step; Saito's Deep Learning from Scratch (2016) "
            "takes 100 (reported, not re-read)",
            read=False,
        ),
        "d4-50": Each(
            *(
                Raises(measure="test_error", arm=arm(more), than=arm(size))
                for size, more in pairwise(USUAL)
            )
        ),
    },
    takeaway=Takeaway(
        of="d4-50",
        holds="The batch size matters after as many epochs, even at a learning rate "
        "chosen for each",
        depends="After as many epochs a larger batch costs test error {where}, at a "
        "learning rate chosen for each",
        fails="The batch size does not matter after as many epochs where the learning "
        "rate is chosen for each",
        open="Whether the batch size matters after as many epochs, where the learning "
        "rate is chosen for each, stays open",
        evidence="in batches of 16 the test error is {small}, of 64 {usual} and of 256 "
        "{large}.",
        numbers={
            "small": Number("test_error", arm(16)),
            "usual": Number("test_error", arm(64)),
            "large": Number("test_error", arm(256)),
        },
    ),
    data=mnist(train=10_000, validation=10_000),
    model=model,
    optimizer=optimizer,
    batch_size=64,
    epochs=EPOCHS,
    evaluations=EPOCHS,
    watch=("train",),
    vary={"batch_size": SIZES},
    tune={"learning_rate": (0.03, 0.1, 0.3, 1.0, 3.0)},
    measures=(LooksTo(5), UpdatesTo(5), ValidationError(), TestError()),
    figures=(
        Points("epochs_to_5", rows="batch_size"),
        Points("updates_to_5", rows="batch_size"),
        Learning(panels="batch_size", title=f"Training error over {EPOCHS} epochs"),
        Points("test_error", rows="batch_size"),
    ),
    differences={
        "sizes in use (d0-37, d4-48)": (
            "in common use, usually",
            "sizes that are useful, which depend on the data, and two examples: what "
            "is common they do not count",
        ),
        "a hyperparameter (d4-50)": (
            "said in words",
            "that it has to be chosen: after as many epochs, each size at the learning "
            "rate that suits it best, four times as many images a step leave more test "
            "error. Each step from 16 to 4,096 is judged",
        ),
        "learning rate": "each batch size's own, of 0.03 to 3, by the validation error",
        "data": (
            "none",
            "10,000 images of MNIST, so that 10,000 is the whole batch; at the profile "
            "paper 50,000",
        ),
        "seconds": (
            "faster convergence",
            "judged on a page of its own, with time to 95 % on a clock",
        ),
    },
    smoke={"vary": {"batch_size": (64, 256)}},
    paper={"data": mnist(train=50_000, validation=10_000)},
)
