"""Batch normalization keeps the gradient of deep networks, whatever the weights."""

import keras
import pandas as pd

from study.initializers import He, Xavier
from study.lab.data import digits, mnist
from study.lab.declare.experiment import Claim, Simulation
from study.lab.declare.measures import Column
from study.lab.figures import Table, Trend
from study.lab.rules.verdicts import Less, Rate, Shape
from study.layers import BatchNormalization
from study.theory.activations import RELU, SIGMOID, TANH
from study.theory.gradient_flow import (
    cross_entropy_error,
    decades,
    gradients,
    kernels,
)

BATCH, WIDTH, DEEPEST = 128, 100, 10
DEPTHS = (1, 2, 4, 7, DEEPEST)
EPSILON = 1e-6
DATA = {"MNIST": mnist, "digits": digits}
ACTIVATIONS = {"sigmoid": SIGMOID, "tanh": TANH, "ReLU": RELU}
INITIALIZERS = {
    "std 1": lambda seed: keras.initializers.RandomNormal(0.0, 1.0, seed),
    "std 0.01": lambda seed: keras.initializers.RandomNormal(0.0, 0.01, seed),
    "Xavier": Xavier,
    "He": He,
}
# Where a plain network's gradient vanishes or explodes with depth.
VANISHING = (("sigmoid", "std 0.01"), ("sigmoid", "Xavier"), ("ReLU", "std 0.01"))
EXPLODING = (("ReLU", "std 1"), ("tanh", "std 1"))
# What d3-09 starts from and its three cures.
VANISHED = ("sigmoid", "std 0.01", "none")
CURES = (
    ("ReLU", "He", "none"),
    ("tanh", "Xavier", "none"),
    ("sigmoid", "std 0.01", "batch"),
)


def by_depth(inputs, error, weights, activation, epsilon):
    """Measure each depth: so many first hidden layers, then the output layer."""
    for depth in DEPTHS:
        used = [*weights[:depth], weights[-1]]
        found = gradients(inputs, used, ACTIVATIONS[activation], error, epsilon)
        sizes = [decades(each) for each in found]
        if depth == 1:
            shallow = sizes[0]
        change = sizes[0] - shallow
        yield {
            "depth": depth,
            "gradient": sizes[0],
            "change": change,
            "lost": max(0.0, -change),
            "drift": abs(change),
            "kept": float(abs(change) < 1),
            "imbalance": abs(sizes[0] - sizes[depth - 1]),
        }


def run(draws, data, replicates):
    """Measure every seed, activation, initializer and depth, with and without."""
    arrays, rows = DATA[data]().load(), []
    for replicate in range(replicates):
        random = draws(replicate, "batch and weights")
        chosen = random.choice(len(arrays.x), BATCH, replace=False)
        inputs = arrays.x[chosen].astype("float64")
        error = cross_entropy_error(arrays.y[chosen], classes=10)
        seeds = random.integers(2**31 - 1, size=DEEPEST + 1)
        widths = (inputs.shape[1], *[WIDTH] * DEEPEST, 10)
        for name, initializer in INITIALIZERS.items():
            weights = kernels(initializer, widths, seeds)
            for activation in ACTIVATIONS:
                for normalization, epsilon in (("none", None), ("batch", EPSILON)):
                    cell = arm(activation, name, normalization)
                    for row in by_depth(inputs, error, weights, activation, epsilon):
                        rows.append({"replicate": replicate, **cell, **row})
    return pd.DataFrame(rows)


def arm(activation, initializer, normalization):
    return {
        "activation": activation,
        "initializer": initializer,
        "normalization": normalization,
    }


def deep(*names):
    return {**arm(*names), "depth": DEEPEST}


def less(measure, activation, initializer):
    """Batch normalization against none in the deepest network."""
    return Less(
        measure=measure,
        arm=deep(activation, initializer, "batch"),
        than=deep(activation, initializer, "none"),
    )


EXPERIMENT = Simulation(
    title="Batch normalization: gradient flow",
    about=(BatchNormalization,),
    claims=(
        Claim(
            "d3-21",
            verdict=Shape(
                *(less("drift", *each) for each in (*VANISHING, *EXPLODING)),
                *(
                    Rate(measure="kept", arm=deep(*each, "batch"), above=0.5)
                    for each in (*VANISHING, *EXPLODING)
                ),
            ),
        ),
        Claim(
            "d4-52",
            verdict=Shape(
                *(
                    less("imbalance", "sigmoid", each)
                    for each in ("std 1", "std 0.01", "Xavier")
                ),
            ),
        ),
        Claim(
            "d3-09",
            verdict=Shape(
                *(
                    Less(measure="lost", arm=deep(*cure), than=deep(*VANISHED))
                    for cure in CURES
                ),
                *(Rate(measure="kept", arm=deep(*cure), above=0.5) for cure in CURES),
            ),
        ),
    ),
    run=run,
    settings={"data": "MNIST", "replicates": 20},
    measures=(
        Column("change", "log10", "change of the first layer's gradient since depth 1"),
        Column("drift", "log10", "size of that change, up or down"),
        Column("lost", "log10", "loss of the first layer's gradient since depth 1"),
        Column("imbalance", "log10", "first and last hidden layer's gradients apart"),
        Column("kept", "", "changed by less than a power of ten"),
    ),
    figures=tuple(
        Trend(
            "change",
            x="depth",
            hue="normalization",
            panels="initializer",
            where={"activation": activation},
            title=f"First layer's gradient against depth, {activation}",
        )
        for activation in ACTIVATIONS
    ),
    tables=(
        Table(
            "Ten hidden layers, means over the seeds with 95 % intervals",
            where={"depth": DEEPEST},
            by=("activation", "initializer", "normalization"),
            columns={
                "activation": "activation",
                "initializer": "initializer",
                "normalization": "normalization",
                "change": "change since one hidden layer (log10)",
                "imbalance": "first and last hidden layer apart (log10)",
            },
        ),
    ),
    differences=(
        (
            "what vanishes",
            "sigmoid with weights of standard deviation 1",
            "sigmoid with 0.01: with 1 the gradient loses less than a power of ten",
        ),
        (
            "normalization",
            "not placed",
            "before the activation, with the batch's moments, gamma 1 and beta 0",
        ),
        ("seeds", "none", "20"),
    ),
    smoke={"settings": {"data": "digits", "replicates": 2}},
)
