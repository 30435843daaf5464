"""What dropout in six layers does to overfitting on 300 images, and what it drops."""

import keras
from keras import ops

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.finding import Anchor, Experiment, Number, Takeaway
from study.lab.declare.measures import Gap, Probe, TestError, TrainError
from study.lab.figures import Learning, Points
from study.lab.rules.verdicts import Exact
from study.layers import Dropout

HIDDEN = (100,) * 6
RATIOS = (0.0, 0.15, 0.2, 0.5)
STANDARD_ERRORS = 6  # of 600 shares in 10 runs chance exceeds so many once in 20,000


def model(ratio, shape, classes):
    layers = [keras.Input(shape)]
    for units in HIDDEN:
        layers.append(keras.layers.Dense(units, "relu", kernel_initializer=He()))
        layers.append(Dropout(ratio))
    layers.append(keras.layers.Dense(classes, "softmax", kernel_initializer=He()))
    return keras.Sequential(layers)


def optimizer():
    return keras.optimizers.SGD(0.01)


def switched_off(layer, examples):
    """Mark what a layer switches off in training, where all inputs are 1."""
    ones = ops.ones((examples, layer.output.shape[-1]))
    return ops.cast(ops.equal(layer(ones, training=True), 0), "float32")


def dropouts(model):
    return [each for each in model.layers if isinstance(each, Dropout)]


def off(model, x, y):
    """Return how many neurons are switched off, in percent."""
    shares = [ops.mean(switched_off(each, x.shape[0])) for each in dropouts(model)]
    return 100 * sum(shares) / len(shares)


def stray(model, x, y):
    """Return how far shares are from the ratio at most, in standard errors.

    They are the share switched off in each layer, and the share of the images for
    which each neuron is: one that were spared or favored would stand out.
    """
    strays = []
    for layer in dropouts(model):
        marks, rate = switched_off(layer, x.shape[0]), layer.rate
        spread = ops.sqrt(ops.maximum(rate * (1 - rate), 1e-12) / x.shape[0])
        units = ops.mean(marks, axis=0)
        strays.append(ops.max(ops.abs(units - rate)) / spread)
        whole = ops.abs(ops.mean(marks) - rate)
        strays.append(whole / spread * marks.shape[1] ** 0.5)
    return ops.max(ops.stack(strays))


def arm(ratio):
    return {"ratio": ratio}


EXPERIMENT = Experiment(
    title="Dropout on few images",
    about=(Dropout,),
    claims={"d3-27": Exact(measure="stray", where=arm(0.2), tolerance=STANDARD_ERRORS)},
    takeaway=Takeaway(
        holds="Dropout switches off as many neurons as its ratio says",
        fails="Dropout does not switch off as many neurons as its ratio says",
        evidence="{off} at a ratio of 0.2. On 300 images the test error of six layers "
        "of 100 is {with_it} with it and {without} without it.",
        numbers={
            "off": Number("off", arm(0.2)),
            "with_it": Number("test_error", arm(0.2)),
            "without": Number("test_error", arm(0.0)),
        },
    ),
    data=mnist(train=300, validation=2_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    replacement=True,
    steps=903,  # 301 times the images
    watch=("train", "validation"),
    vary={"ratio": RATIOS},
    measures=(
        TrainError(),
        TestError(),
        Gap(),
        Probe("off", off, unit="%", label="neurons switched off"),
        Probe(
            "stray",
            stray,
            unit="standard errors",
            label="largest distance of a share switched off from the ratio",
        ),
    ),
    figures=(
        Learning(panels="ratio", title="Errors by the dropout ratio"),
        Points("gap", rows="ratio"),
        Points("test_error", rows="ratio"),
        Points("off", rows="ratio"),
    ),
    anchors=Anchor(
        source="Saito, Deep Learning from Scratch, chapter 6, no dropout, read off "
        "a figure",
        measure="test_error",
        arm=arm(0.0),
        value=25.0,
    ),
    differences={
        "ratio": (
            "0.2 in the book's program, 0.15 in its text (Saito)",
            "both, and 0.5",
        ),
        "switched off": (
            "where a random number is not above the ratio",
            "where the trained network's layers return 0 for inputs of 1, a mask for "
            "each of 300 examples in place of each batch",
        ),
        "where outputs are scaled": (
            "in testing, by one minus the ratio",
            "in training, by its inverse, which comes to the same on the average",
        ),
        "overfitting": (
            "shown as two curves that come closer",
            "shown with 10 seeds and not judged here, as the claim is what dropout "
            "switches off",
        ),
    },
)
