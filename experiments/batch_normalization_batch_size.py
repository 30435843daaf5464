"""Moments gathered while training serve at test time, from batches of 4 to 256."""

import keras
from keras import ops

from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import Probe, TestError
from study.lab.figures import Strip
from study.lab.rules.verdicts import Rate, Shape
from study.layers import BatchNormalization

LAYERS, UNITS = 3, 100
SIZES = (4, 16, 64, 256)
EXAMPLES = 2_000  # to test on
FEW, GROUPS = 4, 40
COSTS = 1.0  # points of test error


def model():
    layers = [keras.Input((784,))]
    for _ in range(LAYERS):
        layers.append(keras.layers.Dense(UNITS))
        layers.append(BatchNormalization())
        layers.append(keras.layers.Activation("relu"))
    return keras.Sequential([*layers, keras.layers.Dense(10, "softmax")])


def optimizer():
    return keras.optimizers.SGD(0.05)


def error(model, x, y, training):
    """Return the percentage predicted wrongly; with `training`, by the moments of x.

    What training would change stays in the scope.
    """
    state = [(each, each.value) for each in model.variables]
    with keras.StatelessScope(state_mapping=state):
        outputs = model(x, training=training)
    found = ops.argmax(outputs, axis=-1)
    wrong = ops.not_equal(found, ops.cast(y, found.dtype))
    return 100 * ops.mean(ops.cast(wrong, "float32"))


def by_gathered(model, x, y):
    """Return the error by the moments gathered while training."""
    return error(model, x, y, training=False)


def by_all(model, x, y):
    """Return the error by the moments of all these images together."""
    return error(model, x, y, training=True)


def by_few(model, x, y):
    """Return the error by the moments of FEW images at a time."""
    parts = [slice(i * FEW, (i + 1) * FEW) for i in range(GROUPS)]
    return ops.mean(ops.stack([error(model, x[i], y[i], True) for i in parts]))


def serves(model, x, y):
    """Return 1 if the gathered moments cost at most COSTS points, else 0."""
    cost = by_gathered(model, x, y) - by_all(model, x, y)
    return ops.cast(cost <= COSTS, "float32")


EXPERIMENT = Experiment(
    title="Batch normalization: batch size and moments",
    about=(BatchNormalization,),
    claims=(
        Claim(
            "d1-09",
            verdict=Shape(
                *(
                    Rate(measure="serves", arm={"batch_size": each}, above=0.5)
                    for each in SIZES
                )
            ),
        ),
    ),
    data=mnist(),
    model=model,
    optimizer=optimizer,
    batch_size=64,
    steps=700,
    vary={"batch_size": SIZES},
    measures=(
        Probe("serves", serves, on="test", examples=EXAMPLES, label="served"),
        Probe(
            "gathered",
            by_gathered,
            on="test",
            examples=EXAMPLES,
            unit="%",
            label="test error of 2,000 images by gathered moments",
        ),
        Probe(
            "all",
            by_all,
            on="test",
            examples=EXAMPLES,
            unit="%",
            label="test error by the moments of these 2,000 images",
        ),
        Probe(
            "few",
            by_few,
            on="test",
            examples=FEW * GROUPS,
            unit="%",
            label=f"test error of {FEW * GROUPS} images by moments of {FEW} at a time",
        ),
        TestError(),
    ),
    figures=(
        Strip("gathered", by="batch_size"),
        Strip("all", by="batch_size"),
        Strip("few", by="batch_size"),
    ),
    differences=(
        (
            "all moments",
            "those gathered while training alone",
            "those of 2,000 test images together beside them",
        ),
        ("what counts as serving", "not said", "at most 1 point more test error"),
    ),
    smoke={
        "data": mnist(train=2_000),
        "steps": 20,
        "replicates": 2,
        "vary": {"batch_size": (4, 64)},
        "measures": (
            Probe("gathered", by_gathered, on="test", examples=500, unit="%"),
            TestError(),
        ),
        "claims": (),
        "figures": (Strip("gathered", by="batch_size"),),
    },
)
