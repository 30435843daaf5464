"""What test error the moments cost that were gathered from batches of 4 to 256."""

import keras
from keras import ops

from study.lab.data import mnist
from study.lab.declare.finding import Experiment, Number, Takeaway
from study.lab.declare.measures import Probe, TestError
from study.lab.figures import Points
from study.layers import BatchNormalization

LAYERS, UNITS = 3, 100
SIZES = (4, 16, 64, 256)
EXAMPLES = 10_000  # to test on
FEW, GROUPS = 4, 40


def model(shape, classes):
    layers = [keras.Input(shape)]
    for _ in range(LAYERS):
        layers.append(keras.layers.Dense(UNITS))
        layers.append(BatchNormalization())
        layers.append(keras.layers.Activation("relu"))
    return keras.Sequential([*layers, keras.layers.Dense(classes, "softmax")])


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


def cost(model, x, y):
    """Return how many points more by the gathered moments than by those of all."""
    return by_gathered(model, x, y) - by_all(model, x, y)


EXPERIMENT = Experiment(
    title="Batch normalization: batch size and moments",
    about=(BatchNormalization,),
    claims=(),
    takeaway=Takeaway(
        shows="With batch normalization the test error is {small} after training in "
        "batches of 4, {usual} in batches of 64 and {large} in batches of 256. Read by "
        "the moments of 4 test images at a time, that of batches of 64 is {few}.",
        numbers={
            "small": Number("test_error", {"batch_size": 4}),
            "usual": Number("test_error", {"batch_size": 64}),
            "large": Number("test_error", {"batch_size": 256}),
            "few": Number("few", {"batch_size": 64}),
        },
    ),
    data=mnist(),
    model=model,
    optimizer=optimizer,
    batch_size=64,
    steps=3_000,
    vary={"batch_size": SIZES},
    replicates=5,
    measures=(
        TestError(),
        Probe(
            "cost",
            cost,
            on="test",
            examples=EXAMPLES,
            unit="percentage points",
            label="more test error by gathered moments than by those of all images",
        ),
        Probe(
            "few",
            by_few,
            on="test",
            examples=FEW * GROUPS,
            unit="%",
            label=f"test error of {FEW * GROUPS} images by moments of {FEW} at a time",
        ),
    ),
    figures=tuple(Points(x, rows="batch_size") for x in ("test_error", "cost", "few")),
    differences={
        "moments": (
            "those gathered while training alone, and that it is these is checked "
            "with the formula",
            "those of the 10,000 test images together beside them, and of 4 at a time",
        )
    },
    smoke={"vary": {"batch_size": (4, 64)}},
)
