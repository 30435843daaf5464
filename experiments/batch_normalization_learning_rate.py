"""With batch normalization, networks still train at rates where plain ones break."""

import keras
from keras import ops

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.controls import Control, Controlled
from study.lab.declare.finding import Experiment, Number, Takeaway
from study.lab.declare.measures import Probe, TestError
from study.lab.figures import Lines
from study.lab.rules.verdicts import Raises, Rate, Shape
from study.layers import BatchNormalization

LAYERS, UNITS, STEPS = 3, 100, 500
RATES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PLAIN, LARGER = 0.1, 1.0
FAILS = 10  # percent of training examples predicted wrongly


def model(normalization, shape, classes):
    layers = [keras.Input(shape)]
    for _ in range(LAYERS):
        layers.append(keras.layers.Dense(UNITS, kernel_initializer=He()))
        if normalization == "batch":
            layers.append(BatchNormalization(momentum=0.9))
        layers.append(keras.layers.Activation("relu"))
    output = keras.layers.Dense(classes, "softmax", kernel_initializer=He())
    return keras.Sequential([*layers, output])


def optimizer(learning_rate):
    return keras.optimizers.SGD(learning_rate)


def error(model, x, y):
    """Return the share of the examples predicted wrongly, in percent."""
    found = ops.argmax(model(x, training=False), axis=-1)
    wrong = ops.not_equal(found, ops.cast(y, found.dtype))
    return 100 * ops.mean(ops.cast(wrong, "float32"))


def trains(model, x, y):
    """Return 1 if more than 90 % of the examples are predicted correctly, else 0."""
    return ops.cast(error(model, x, y) < FAILS, "float32")


def arm(normalization, learning_rate):
    return {"normalization": normalization, "learning_rate": learning_rate}


EXPERIMENT = Experiment(
    title="Batch normalization: learning rate",
    about=(BatchNormalization,),
    claims={
        "d4-53": Controlled(
            Shape(
                Rate(measure="trains", arm=arm("batch", LARGER), above=0.5),
                Raises(
                    measure="trains", arm=arm("batch", LARGER), than=arm("none", LARGER)
                ),
            ),
            Control(
                f"without batch normalization the network trains at {PLAIN:g}",
                Rate(measure="trains", arm=arm("none", PLAIN), above=0.5),
                "more steps",
            ),
        )
    },
    takeaway=Takeaway(
        holds="With batch normalization a network bears a larger learning rate",
        fails="Batch normalization does not let a network bear a larger learning rate",
        open="Whether batch normalization lets a network bear a larger learning rate "
        "stays open",
        evidence="at 1.0 it learns in {batch} runs with it, and in {none} without.",
        numbers={
            each: Number("trains", arm(each, LARGER)) for each in ("none", "batch")
        },
    ),
    data=mnist(),
    model=model,
    optimizer=optimizer,
    batch_size=60,
    steps=STEPS,
    vary={"learning_rate": RATES, "normalization": ("none", "batch")},
    measures=(
        Probe("trains", trains, label="trained to less than 10 % training error"),
        Probe("error", error, unit="%", label="training error of 1,000 images"),
        TestError(),
    ),
    figures=(Lines("error", x="learning_rate", hue="normalization", log="x"),),
    differences={
        "networks": (
            "Inception on ImageNet, rates 5 and 30 times as large (Ioffe and Szegedy)",
            "784-3x100-10 ReLU on MNIST from He's weights, rates from 0.03 to 10",
        ),
        "larger rates": (
            "not defined",
            f"{LARGER:g}, ten times one at which the network trains without",
        ),
        "tolerates": (
            "not defined",
            f"less than 10 % training error after {STEPS} steps of 60 images, in most "
            "seeds, and in more than without",
        ),
    },
)
