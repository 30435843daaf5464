"""L1 drives most weights near 0, and exactly to 0 only by a proximal step."""

import keras
from keras import ops

from study.constraints import ProximalL1
from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import Probe, TestError, TrainError
from study.lab.figures import Strip
from study.lab.rules.verdicts import Rate, Shape
from study.regularizers import L1, L2

RATE, STRENGTH = 0.1, 1e-3
SMALL = 1e-3  # a weight this near to 0 counts as almost zero
METHODS = {
    "no penalty": {},
    "L2": {"kernel_regularizer": L2(STRENGTH)},
    "L1": {"kernel_regularizer": L1(STRENGTH)},
    "L1, proximal step": {"kernel_constraint": ProximalL1(RATE * STRENGTH)},
}


def model(method):
    """Build 784-100-10."""
    hidden = keras.layers.Dense(100, "relu", **method)
    output = keras.layers.Dense(10, "softmax", **method)
    return keras.Sequential([keras.Input((784,)), hidden, output])


def optimizer():
    return keras.optimizers.SGD(RATE)


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


def most_are_small(model, x, y):
    """Return 1 if more than half of the weights are almost zero, else 0."""
    return ops.cast(share_within(model, SMALL) > 50, "float32")


def arm(method):
    return {"method": method}


EXPERIMENT = Experiment(
    title="L1: zeros and near-zeros",
    about=(L1, ProximalL1, L2),
    claims=(
        Claim(
            "d4-30",
            verdict=Shape(
                Rate(measure="most_are_small", arm=arm("L1"), above=0.5),
                Rate(measure="most_are_small", arm=arm("no penalty"), below=0.5),
                Rate(measure="most_are_small", arm=arm("L2"), below=0.5),
            ),
        ),
    ),
    data=mnist(train=5_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    steps=1_000,
    vary={"method": METHODS},
    measures=(
        Probe(
            "almost_zero",
            almost_zero,
            examples=1,
            unit="%",
            label=f"weights within {SMALL:g} of 0",
        ),
        Probe(
            "exactly_zero",
            exactly_zero,
            examples=1,
            unit="%",
            label="weights that are exactly 0",
        ),
        Probe(
            "most_are_small",
            most_are_small,
            examples=1,
            label="with more than half of the weights almost zero",
        ),
        TestError(),
        TrainError(),
    ),
    figures=(
        Strip("almost_zero", by="method"),
        Strip("exactly_zero", by="method"),
        Strip("test_error", by="method"),
    ),
    differences=(
        (
            "many weights almost exactly zero",
            "said in words",
            f"more than half within {SMALL:g} of 0, in networks with L1 alone; the "
            "weights start with a deviation of about 0.05",
        ),
        (
            "the step",
            "not said",
            "gradient descent on the penalized loss, and beside it a gradient step on "
            "the loss with a soft threshold after it (proximal)",
        ),
        ("strength", "λ", f"{STRENGTH:g} for L1 and L2, biases not penalized"),
    ),
    smoke={
        "data": mnist(train=1_000),
        "steps": 30,
        "evaluations": 1,
        "replicates": 2,
        "vary": {"method": {each: METHODS[each] for each in ("no penalty", "L1")}},
        "claims": (),
    },
)
