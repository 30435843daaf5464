"""How strong weight decay must be to help a deep network on 300 images."""

import keras

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import Gap, TestError, TrainError
from study.lab.declare.models import mlp
from study.lab.figures import Learning, Strip
from study.lab.rules.verdicts import Equivalent, Less, Shape
from study.regularizers import L2

HIDDEN = (100,) * 6
STRENGTHS = {
    "λ = 0": 0.0,
    "λ = 1e-6": 1e-6,
    "λ = 1e-5": 1e-5,
    "λ = 1e-4": 1e-4,
    "λ = 1e-3": 1e-3,
    "λ = 0.01": 1e-2,
    "λ = 0.1": 1e-1,
}


def model(strength):
    return mlp(
        784,
        HIDDEN,
        10,
        kernel_initializer=He(),
        kernel_regularizer=L2(strength),
    )


def optimizer():
    return keras.optimizers.SGD(0.1)


def arm(strength):
    return {"strength": strength}


def helps_most(than):
    return Less(measure="test_error", arm=arm("λ = 0.01"), than=arm(than), delta=0.5)


EXPERIMENT = Experiment(
    title="Weight decay: how strong",
    about=(L2,),
    claims=(
        Claim(
            "d4-25",
            verdict=Shape(
                # the strongest of the range helps, stronger harms, weaker does nothing
                helps_most("λ = 0"),
                helps_most("λ = 0.1"),
                Equivalent(
                    measure="test_error",
                    arm=arm("λ = 1e-6"),
                    than=arm("λ = 0"),
                    margin=1.0,
                ),
            ),
        ),
    ),
    data=mnist(train=300, validation=2_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    replacement=True,
    steps=603,  # 201 times the images
    evaluations=10,
    watch=("train", "validation"),
    vary={"strength": STRENGTHS},
    measures=(TrainError(), TestError(), Gap()),
    figures=(
        Strip("test_error", by="strength"),
        Strip("gap", by="strength"),
        Learning(
            panels="strength",
            title="Errors on training and validation images, by the strength λ",
        ),
    ),
    differences=(
        (
            "d4-25: is chosen from",
            "no network or learning rate named",
            "the same network at ten times the book's learning rate, as 600 steps at "
            "the book's shrink weights by 6 % for λ = 0.01: at the range's upper end "
            "the test error is lower than without decay and than at ten times that "
            "end; below its lower end decay does nothing",
        ),
    ),
    smoke={
        "steps": 60,
        "evaluations": 6,
        "replicates": 2,
        "vary": {"strength": {"λ = 0": 0.0, "λ = 0.1": 0.1}},
        "claims": (),
    },
)
