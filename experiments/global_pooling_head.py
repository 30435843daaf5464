"""A convolutional network without fully connected layers, beside one with two."""

import keras
from keras import ops

from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import Probe, TestError, TrainError
from study.lab.figures import Curves, Strip
from study.lab.rules.verdicts import Equivalent

CHANNELS = (8, 16, 32)
POOLED, FULL = "pooling alone", "two dense layers"
MARGIN = 1.0  # percentage points


def body():
    """List three convolutions, the first two of which halve the image."""
    for channels, stride in zip(CHANNELS, (2, 2, 1), strict=True):
        yield keras.layers.Conv2D(
            channels,
            3,
            stride,
            "same",
            activation="relu",
            kernel_initializer="he_normal",
        )


def head(kind):
    """List the layers from the last convolution to the ten classes."""
    if kind == POOLED:
        yield keras.layers.Conv2D(10, 3, 1, "same", kernel_initializer="he_normal")
        yield keras.layers.GlobalAveragePooling2D()
        yield keras.layers.Activation("softmax")
        return
    yield keras.layers.Flatten()
    yield keras.layers.Dense(64, "relu", kernel_initializer="he_normal")
    yield keras.layers.Dense(10, "softmax")


def model(head_of):
    return keras.Sequential(
        [
            keras.Input((784,)),
            keras.layers.Reshape((28, 28, 1)),
            *body(),
            *head(head_of),
        ]
    )


def optimizer():
    return keras.optimizers.Adam(0.003)


def weights(model, x, y):
    """Return how many weights the network has."""
    return ops.convert_to_tensor(float(model.count_params()))


def arm(head):
    return {"head_of": head}


EXPERIMENT = Experiment(
    title="Global pooling in place of fully connected layers",
    claims=(
        Claim(
            "d2-33",
            verdict=Equivalent(
                measure="test_error", arm=arm(POOLED), than=arm(FULL), margin=MARGIN
            ),
            scaled="four convolutions on MNIST in place of a deep network on ImageNet",
        ),
    ),
    data=mnist(train=10_000),
    model=model,
    optimizer=optimizer,
    batch_size=50,
    steps=600,
    evaluations=4,
    vary={"head_of": (POOLED, FULL)},
    measures=(
        TestError(),
        TrainError(),
        Probe("weights", weights, unit="weights", label="size of the network"),
    ),
    figures=(Strip("test_error", by="head_of"), Curves(hue="head_of")),
    differences=(
        (
            "as ResNet shows",
            "no fully connected layer",
            "ResNet pools over the image and then has one fully connected layer, for "
            "the classes. Here there is none at all",
        ),
        (
            "not necessary",
            "said in words",
            f"the test error without any changes by less than {MARGIN:g} point",
        ),
    ),
    smoke={
        "data": mnist(train=1_000),
        "steps": 20,
        "replicates": 2,
        "vary": {"head_of": (POOLED,)},
        "measures": (TestError(), Probe("weights", weights)),
        "claims": (),
    },
)
