"""Four regularizers in the structure of one convolutional network, on random labels."""

import math
from itertools import product, starmap

import keras

from study.lab.data import mnist, with_random_labels
from study.lab.declare.controls import MEASURES, Controlled, learned, overfits
from study.lab.declare.finding import Experiment, Number, Takeaway
from study.lab.figures import Points
from study.lab.rules.verdicts import Each, Lowers
from study.layers import DropConnect, Dropout, StochasticPooling2D
from study.regularizers import L2

FILTERS, UNITS = (8, 16), 128
RATE, RANDOM = 0.003, 0.2
RATES = (0.001, 0.002, 0.003, 0.005, 0.01)
# At these all labels are learned; to learn slower is to stop early by another name.
LEARNING = (0.003, 0.004, 0.005, 0.007, 0.01)
DECAYS, DROPPED = (0.003, 0.01, 0.03, 0.1, 0.2), (0.5, 0.6, 0.7, 0.8, 0.9)
# What is tried for each, all with max pooling but one.
NETWORKS = {
    "max pooling alone": [{"learning_rate": each} for each in LEARNING],
    "stochastic pooling": [{"stochastic": 1, "learning_rate": each} for each in RATES],
    "weight decay": [{"decay": each} for each in DECAYS],
    "dropout": [{"dropout": each} for each in DROPPED],
    "DropConnect": [{"drop_connect": each} for each in DROPPED],
}
ALONE, *REGULARIZERS = NETWORKS
NAMES = ("alone", "pooling", "decay", "dropout", "connect")


def model(network, trial, shape, classes):
    """Build two convolutions, each with its pooling, and a hidden layer."""
    settings = network[trial - 1]
    decay = settings.get("decay", 0.0)
    max_pooling, side = keras.layers.MaxPooling2D, math.isqrt(*shape)
    pooling = StochasticPooling2D if "stochastic" in settings else max_pooling
    # Half the resolution, which tells digits apart and costs a quarter.
    layers = [keras.layers.Reshape((side, side, 1)), keras.layers.AveragePooling2D(2)]
    for filters in FILTERS:
        layers += [convolution(filters, decay), pooling(2)]
    layers += [keras.layers.Flatten(), hidden(settings, decay)]
    layers.append(Dropout(settings.get("dropout", 0.0)))
    output = keras.layers.Dense(classes, "softmax", kernel_regularizer=L2(decay))
    return keras.Sequential([keras.Input(shape), *layers, output])


def convolution(filters, decay):
    return keras.layers.Conv2D(
        filters,
        3,
        activation="relu",
        kernel_initializer="he_normal",
        kernel_regularizer=L2(decay),
    )


def hidden(settings, decay):
    start = {"kernel_initializer": "he_normal"}
    if "drop_connect" in settings:
        rate = settings["drop_connect"]
        return DropConnect(UNITS, rate, "relu", mask="batch", **start)
    return keras.layers.Dense(UNITS, "relu", kernel_regularizer=L2(decay), **start)


def optimizer(network, trial):
    return keras.optimizers.Adam(network[trial - 1].get("learning_rate", RATE))


def arm(network):
    return {"network": network}


def lowers(measure, network):
    return Lowers(measure=measure, arm=arm(network), than=arm(ALONE))


EXPERIMENT = Experiment(
    title="Stochastic pooling, and what else regularizes by structure",
    about=(StochasticPooling2D, DropConnect, Dropout, L2),
    claims={
        "d0-23": Controlled(
            Each(*starmap(lowers, product(("test_loss", "test_error"), REGULARIZERS))),
            overfits(arm(ALONE), "with max pooling alone"),
            learned(arm(ALONE), "with max pooling alone the labels"),
        )
    },
    takeaway=Takeaway(
        holds="All four regularize",
        depends="The four regularize only in part: {where}.",
        fails="None of the four regularizes",
        open="That all four regularize is not settled by these runs, whose verdict "
        "says why",
        evidence="the test error of a small convolutional network is {alone} without "
        "any, {pooling} with stochastic pooling, {decay} with weight decay, {dropout} "
        "with dropout and {connect} with DropConnect.",
        numbers={
            name: Number("test_error", arm(network))
            for name, network in zip(NAMES, NETWORKS, strict=True)
        },
    ),
    data=with_random_labels(mnist(train=500, validation=500), RANDOM),
    model=model,
    optimizer=optimizer,
    batch_size=50,
    epochs=60,
    evaluations=20,
    watch=("validation",),
    vary={"network": NETWORKS},
    tune={"trial": (1, 2, 3, 4, 5)},
    measures=MEASURES,
    figures=tuple(
        Points(each, rows="network")
        for each in ("test_error", "test_loss", "train_error")
    ),
    differences={
        "d0-23: regularize by structure": (
            "named as ways to prevent overfitting",
            "each lowers loss and error on the test set, beside max pooling alone. "
            "Whether each does so by structure is not judged",
        ),
        "network": (
            "three convolutions 5x5x64, pooling 3x3 by 2 (Zeiler and Fergus)",
            "images of 14x14, two convolutions 3x3 of 8 and 16 filters, pooling 2x2, "
            f"a hidden layer of {UNITS}",
        ),
        "what there is to overfit": (
            "60,000 images, 280 epochs (Zeiler and Fergus)",
            "500 images, a fifth of whose labels is random, for training and for "
            "validation, not for the test",
        ),
        "strengths": (
            "not said",
            "the best of five for each on validation images, trials 1 to 5: weight "
            f"decay {DECAYS}, shares of the hidden layer's units, or of its weights, "
            f"dropped {DROPPED}, learning rates {RATES} for stochastic pooling, and "
            f"{LEARNING} for max pooling alone",
        ),
        "inference": ("mean by the shares of the entries", "the same"),
    },
    smoke={"vary": {"network": {each: NETWORKS[each] for each in REGULARIZERS[:1]}}},
)
