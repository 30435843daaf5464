"""L1 drives most weights near 0, and exactly to 0 only by a proximal step."""

import keras
from keras import ops

from study.constraints import ProximalL1
from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import Probe, TestError, TrainError, ValidationError
from study.lab.figures import Strip
from study.lab.rules.verdicts import (
    Control,
    Controlled,
    DoesNotRaise,
    Level,
    Raises,
    Shape,
)
from study.regularizers import L1, L2

RATE = 0.2
STRENGTHS = (1e-5, 1e-4, 3e-4, 1e-3, 3e-3)
RATES = (0.02, 0.05, 0.1, 0.2, 0.5)
SMALL = 1e-3  # a weight this near to 0 counts as almost zero
NONE, PROXIMAL = "no penalty", "L1, proximal step"


def settings(method, trial):
    """Return what a method adds to every layer."""
    strength = STRENGTHS[trial - 1]
    if method == PROXIMAL:
        return {"kernel_constraint": ProximalL1(RATE * strength)}
    penalty = {NONE: lambda _: None, "L2": L2, "L1": L1}[method]
    return {"kernel_regularizer": penalty(strength)}


def model(method, trial, shape, classes):
    """Build one hidden layer of 100."""
    hidden, output = (
        keras.layers.Dense(units, activation, **settings(method, trial))
        for units, activation in ((100, "relu"), (classes, "softmax"))
    )
    return keras.Sequential([keras.Input(shape), hidden, output])


def optimizer(method, trial):
    return keras.optimizers.SGD(RATES[trial - 1] if method == NONE else RATE)


def share_within(model, size):
    """Return how many of all kernels' entries are at most `size` large, in percent."""
    kernels = [layer.kernel for layer in model.layers]
    flat = ops.concatenate(
        [ops.reshape(ops.convert_to_tensor(each), (-1,)) for each in kernels]
    )
    return 100 * ops.mean(ops.cast(ops.abs(flat) <= size, "float32"))


def almost_zero(model, x, y):
    return share_within(model, SMALL)


def exactly_zero(model, x, y):
    return share_within(model, 0.0)


def percent(name, function, label):
    return Probe(name, function, examples=1, unit="%", label=label)


def arm(method):
    return {"method": method}


EXPERIMENT = Experiment(
    title="L1: zeros and near-zeros",
    about=(L1, ProximalL1, L2),
    claims=(
        Claim(
            "d4-30",
            verdict=Controlled(
                Shape(
                    Level(measure="almost_zero", arm=arm("L1"), above=50),
                    Raises(measure="almost_zero", arm=arm("L1"), than=arm(NONE)),
                ),
                Control(
                    "with L1 the digits are learned as well",
                    DoesNotRaise(measure="test_error", arm=arm("L1"), than=arm(NONE)),
                    "strengths between those that were tried",
                ),
            ),
        ),
    ),
    data=mnist(train=1_000, validation=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=50,
    steps=3_000,
    vary={"method": (NONE, "L2", "L1", PROXIMAL)},
    tune={"trial": (1, 2, 3, 4, 5)},
    measures=(
        percent("almost_zero", almost_zero, f"weights within {SMALL:g} of 0"),
        percent("exactly_zero", exactly_zero, "weights that are exactly 0"),
        TestError(),
        TrainError(),
        ValidationError(),
    ),
    figures=(
        Strip("almost_zero", by="method"),
        Strip("exactly_zero", by="method"),
        Strip("test_error", by="method"),
    ),
    differences=(
        (
            "a large share almost exactly zero",
            "said in words",
            f"more than half within {SMALL:g} of 0, where weights start with a "
            "deviation of about 0.05",
        ),
        (
            "the step",
            "not said",
            "gradient descent on the penalized loss, and beside it a gradient step on "
            "the loss with a soft threshold after it (proximal)",
        ),
        (
            "strength",
            "λ",
            "the best of five on validation images, trials 1 to 5: "
            f"{', '.join(f'{each:g}' for each in STRENGTHS)}; without a penalty "
            f"learning rates {', '.join(f'{each:g}' for each in RATES)}. Biases are "
            "not penalized",
        ),
    ),
    smoke={
        "data": mnist(train=1_000, validation=500),
        "steps": 30,
        "evaluations": 1,
        "replicates": 2,
        "vary": {"method": (NONE, "L1")},
        "tune": {"trial": (3, 4)},
        "claims": (),
    },
)
