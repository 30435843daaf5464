"""Dropout fits less closely, and leaves no few units on which all depends."""

from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

from study import probes
from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import Gap, Measure, Probe, TestError, TrainError
from study.lab.figures import Strip
from study.lab.rules.verdicts import Greater, Less, Shape
from study.layers import Dropout

UNITS, TENTH = 512, 51


@dataclass(frozen=True)
class TrainLoss(Measure):
    """Mean loss of the training set after the last step, nothing dropped, as log10."""

    name = "train_loss"
    label = "log10 of the training loss, nothing dropped"
    unit = "decades"
    split = "train"

    def read(self, history):
        loss = history.evaluations["train"]["loss"]
        loss = np.where(history.diverged() == 0, loss, history.chance_loss)
        return np.log10(np.maximum(loss, 1e-12))


def model(rate):
    """Build 784-512-512-10."""
    layers = [keras.Input((784,))]
    for _ in range(2):
        layers.append(keras.layers.Dense(UNITS, "relu", kernel_initializer=He()))
        layers.append(Dropout(rate))
    return keras.Sequential([*layers, keras.layers.Dense(10, "softmax")])


def optimizer():
    return keras.optimizers.SGD(0.05, momentum=0.9)


def last_hidden(model, x):
    *_, outputs = probes.activations(model, x).values()
    return outputs


def influences(model, x):
    """Return how much each unit of the last hidden layer adds to the outputs.

    It is the unit's mean output times the norm of its outgoing weights.
    """
    outgoing = ops.convert_to_tensor(model.layers[-1].kernel)
    return ops.mean(last_hidden(model, x), axis=0) * ops.norm(outgoing, axis=1)


def error(model, hidden, y):
    """Return the percentage predicted wrongly from outputs of the last hidden layer."""
    found = ops.argmax(model.layers[-1](hidden), axis=-1)
    wrong = ops.not_equal(found, ops.cast(y, found.dtype))
    return 100 * ops.mean(ops.cast(wrong, "float32"))


def rise(model, x, y):
    """Return the points of error more with the most influential tenth silenced."""
    weight = influences(model, x)
    bound = ops.sort(weight)[UNITS - TENTH]
    hidden = last_hidden(model, x)
    left = hidden * ops.cast(weight < bound, hidden.dtype)
    return error(model, left, y) - error(model, hidden, y)


def top_share(model, x, y):
    """Return the share of all influence that the most influential tenth has."""
    weight = ops.sort(influences(model, x))
    return 100 * ops.sum(weight[UNITS - TENTH :]) / ops.sum(weight)


def mean_activation(model, x, y):
    return ops.mean(last_hidden(model, x))


def silent(model, x, y):
    """Return how many hidden units are 0 for every example, in percent."""
    shares = probes.dead_units(model, x).values()
    return 100 * sum(shares) / len(shares)


def arm(rate):
    return {"rate": rate}


def probe(name, function, unit, label):
    return Probe(
        name, function, on="validation", examples=2_000, unit=unit, label=label
    )


EXPERIMENT = Experiment(
    title="Dropout: capacity and co-adaptation",
    about=(Dropout,),
    claims=(
        Claim(
            "d0-25",
            verdict=Shape(
                # a tenth of a decade: a quarter more loss
                Greater(measure="train_loss", arm=arm(0.5), than=arm(0.0), delta=0.1),
                Less(measure="gap", arm=arm(0.5), than=arm(0.0)),
            ),
        ),
        Claim(
            "d3-31",
            verdict=Shape(
                Less(measure="rise", arm=arm(0.5), than=arm(0.0)),
                Less(measure="top_share", arm=arm(0.5), than=arm(0.0)),
            ),
        ),
    ),
    data=mnist(train=2_000, validation=2_000),
    model=model,
    optimizer=optimizer,
    batch_size=50,
    epochs=10,
    vary={"rate": (0.0, 0.5)},
    measures=(
        TestError(),
        TrainError(),
        TrainLoss(),
        Gap(),
        probe(
            "rise",
            rise,
            "points",
            "validation error more without the most influential tenth of the units",
        ),
        probe(
            "top_share",
            top_share,
            "%",
            "influence of the most influential tenth of the units",
        ),
        probe(
            "mean_activation",
            mean_activation,
            "",
            "mean output of the last hidden layer's units",
        ),
        probe("silent", silent, "%", "hidden units that are 0 for all images"),
    ),
    figures=(
        Strip("rise", by="rate"),
        Strip("top_share", by="rate"),
        Strip("mean_activation", by="rate"),
        Strip("train_loss", by="rate"),
        Strip("gap", by="rate"),
    ),
    differences=(
        (
            "d3-31: dominated by a few neurons",
            "said in words; Srivastava et al. 2014: mean activations of an "
            "autoencoder of 256 ReLU units fall from 2.0 to 0.7",
            "the tenth of the last hidden units with the most influence, mean output "
            "times norm of outgoing weights: their share of all influence, and the "
            "validation error without them. The mean output is shown beside",
        ),
        (
            "d0-25: structurally less complex",
            "all nodes stay",
            "the training set is fitted less closely, nothing being dropped, and the "
            "gap is smaller; no unit is taken away, as those silent show",
        ),
        ("network", "not said", "784-512-512-10 on 2,000 images, 10 epochs"),
    ),
    smoke={
        "data": mnist(train=500, validation=500),
        "epochs": 4,
        "evaluations": 2,
        "replicates": 2,
        "claims": (),
    },
)
