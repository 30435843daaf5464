"""A convolutional network without fully connected layers, beside one with two."""

import math

import keras
from keras import ops

from study.lab.data import mnist
from study.lab.declare.controls import Controlled, learned
from study.lab.declare.finding import Claim, Experiment, Number, Size, Takeaway
from study.lab.declare.measures import Probe, TestError, TrainError, ValidationError
from study.lab.figures import Curves, Points
from study.lab.rules.verdicts import DoesNotRaise

STEPS = 1_200
CHANNELS = (16, 32, 64)
POOLED, FULL = "pooling alone", "two dense layers"


def body():
    """List three convolutions, the first two of which halve the image."""
    for channels, stride in zip(CHANNELS, (2, 2, 1), strict=True):
        yield convolution(channels, 3, stride, activation="relu")


def convolution(channels, size, stride, activation=None):
    return keras.layers.Conv2D(
        channels,
        size,
        stride,
        "same",
        activation=activation,
        kernel_initializer="he_normal",
    )


def head(kind, classes):
    """List the layers from the last convolution to the classes."""
    if kind == POOLED:
        yield convolution(classes, 1, 1)
        yield keras.layers.GlobalAveragePooling2D()
        yield keras.layers.Activation("softmax")
        return
    yield keras.layers.Flatten()
    yield keras.layers.Dense(64, "relu", kernel_initializer="he_normal")
    yield keras.layers.Dense(classes, "softmax")


def model(head_of, shape, classes):
    side = math.isqrt(*shape)
    image = [keras.Input(shape), keras.layers.Reshape((side, side, 1))]
    return keras.Sequential([*image, *body(), *head(head_of, classes)])


def optimizer(learning_rate):
    """Return Adam with a learning rate that ends at 0."""
    return keras.optimizers.Adam(
        keras.optimizers.schedules.CosineDecay(learning_rate, STEPS)
    )


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
            verdict=Controlled(
                DoesNotRaise(measure="test_error", arm=arm(POOLED), than=arm(FULL)),
                *(learned(arm(each), f"with {each} images") for each in (POOLED, FULL)),
            ),
            source_size=Size(examples=1_281_167),  # of ImageNet, where ResNet shows it
        ),
    ),
    takeaway=Takeaway(
        holds="A convolutional network can do without fully connected layers: with "
        "{few} and global pooling alone the test error is {pooled}, with two dense "
        "layers and {many} {dense}.",
        open="Whether a convolutional network can do without fully connected layers "
        "stays open: with {few} and global pooling alone the test error is {pooled}, "
        "with two dense layers and {many} it is {dense}.",
        numbers={
            "pooled": Number("test_error", arm(POOLED)),
            "dense": Number("test_error", arm(FULL)),
            "few": Number("weights", arm(POOLED)),
            "many": Number("weights", arm(FULL)),
        },
    ),
    data=mnist(train=2_000, validation=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=50,
    steps=STEPS,
    evaluations=4,
    vary={"head_of": (POOLED, FULL)},
    tune={"learning_rate": (0.003, 0.01, 0.03)},
    measures=(
        TestError(),
        TrainError(),
        ValidationError(),
        Probe("weights", weights, unit="weights", label="size of the network"),
    ),
    figures=(Points("test_error", rows="head_of"), Curves(hue="head_of")),
    differences={
        "as ResNet shows": (
            "no fully connected layer",
            "ResNet pools over the image and then has one fully connected layer, for "
            "the classes. Here there is none at all",
        ),
        "can do without": (
            "said in words",
            "does not make more mistakes, once both have learned all but 1 % of the "
            "training images",
        ),
    },
    smoke={"vary": {"head_of": (POOLED,)}},
)
