"""Activations of five layers under four scales of the initial weights."""

import keras
import numpy as np

from study.initializers import He, Xavier
from study.lab.declare.experiment import Claim, Erratum, Simulation
from study.lab.declare.facts import fact
from study.lab.declare.measures import Column
from study.lab.declare.rows import tables
from study.lab.figures import Histograms, Table
from study.lab.rules.verdicts import Each, Lowers, Raises, Rate
from study.theory.layer_outputs import layer_outputs, spread

EXAMPLES, UNITS, LAYERS, BINS = 1_000, 100, 5, 30
INITIALIZERS = {
    "std 1": lambda seed: keras.initializers.RandomNormal(0.0, 1.0, seed),
    "std 0.01": lambda seed: keras.initializers.RandomNormal(0.0, 0.01, seed),
    "Xavier": Xavier,
    "He": He,
}
# Each activation with the range its histogram is drawn over.
ACTIVATIONS = {
    "sigmoid": (keras.ops.sigmoid, 0.0, 1.0),
    "tanh": (keras.ops.tanh, -1.0, 1.0),
    "ReLU": (keras.ops.relu, 0.0, 1.0),
}
CUT_OFF = {"ReLU": 8.0}  # half of all outputs are 0, and would hide the others


def activations(draws, replicates):
    """Tell how each layer's outputs spread, for every seed."""
    for replicate in range(replicates):
        random = draws(replicate, "weights and inputs")
        inputs = random.standard_normal((EXAMPLES, UNITS)).astype("float32")
        seeds = random.integers(2**31 - 1, size=LAYERS)
        for activation in ACTIVATIONS:
            for initializer in INITIALIZERS:
                cell = {
                    "table": "activations",
                    "activation": activation,
                    "initializer": initializer,
                    "replicate": replicate,
                }
                function, *ends = ACTIVATIONS[activation]
                draw = INITIALIZERS[initializer]
                layers = [*layer_outputs(inputs, function, draw, seeds)]
                for layer, outputs in enumerate(layers, start=1):
                    row = spread(outputs, layers[0], *ends, BINS)
                    yield {**cell, "layer": layer, **row}


def formulas():
    """Compare the slide's formulas with the components and with Glorot's own.

    The weights of equal seeds are drawn from the same normal numbers, so that they
    must agree with the slide's to rounding.
    """
    inputs, outputs = 400, 100
    normal = np.asarray(
        keras.initializers.RandomNormal(0, 1, seed=1)((inputs, outputs))
    )
    both, errors = np.sqrt(2 / (inputs + outputs)), {}
    for name, slide in (
        ("Xavier", normal / np.sqrt(inputs)),
        ("He", normal / np.sqrt(inputs / 2)),
    ):
        drawn = np.asarray(INITIALIZERS[name](seed=1)((inputs, outputs)))
        errors[f"{name} weights"] = np.abs(drawn - slide).max() / slide.std()
    errors["Xavier from fan_in and fan_out"] = abs(1 / np.sqrt(inputs) / both - 1)
    errors["nodes of the input layer"] = abs(1_000 - UNITS) / UNITS
    for quantity, error in errors.items():
        yield {"table": "formula", "quantity": quantity, "error": error}


def run(draws, replicates):
    return tables([*activations(draws, replicates), *formulas()])


def arm(activation, initializer, layer=LAYERS):
    return {"activation": activation, "initializer": initializer, "layer": layer}


def in_every_layer(measure, initializer):
    """More than half of the outputs are there in most seeds, in each sigmoid layer."""
    arms = [arm("sigmoid", initializer, each) for each in range(1, LAYERS + 1)]
    rates = (
        Rate(measure=measure, table="activations", arm=each, above=0.5) for each in arms
    )
    return Each(*rates)


def neither_saturated_nor_collapsed(activation):
    """Xavier against the two fixed scales, in the last layer."""
    xavier = {"table": "activations", "arm": arm(activation, "Xavier")}
    return (
        Lowers(measure="at_ends", than=arm(activation, "std 1"), **xavier),
        Raises(measure="deviation", than=arm(activation, "std 0.01"), **xavier),
    )


def he_keeps_its_scale(than):
    """Less drift of the outputs' scale from the first ReLU layer to the last."""
    arms = {"arm": arm("ReLU", "He"), "than": arm("ReLU", than)}
    return Lowers(measure="drift", table="activations", **arms)


EXPERIMENT = Simulation(
    title="Initialization: activation histograms",
    about=(He, Xavier),
    claims=(
        fact("d3-13", "formula", 0, "error", quantity="nodes of the input layer"),
        Claim("d3-14", verdict=in_every_layer("mostly_at_ends", "std 1")),
        Claim("d3-15", verdict=in_every_layer("mostly_at_half", "std 0.01")),
        Claim(
            "d3-16",
            verdict=Each(
                *neither_saturated_nor_collapsed("sigmoid"),
                *neither_saturated_nor_collapsed("tanh"),
            ),
        ),
        Claim(
            "d3-17",
            verdict=Each(
                he_keeps_its_scale("std 1"),
                he_keeps_its_scale("std 0.01"),
                he_keeps_its_scale("Xavier"),
            ),
        ),
        Claim(
            "d4-14",
            verdict=Each(
                *neither_saturated_nor_collapsed("tanh"),
                he_keeps_its_scale("std 1"),
                he_keeps_its_scale("std 0.01"),
            ),
        ),
        fact(
            "d4-15", "formula", 1e-6, "error", quantity="Xavier from fan_in and fan_out"
        ),
        fact("d4-16", "formula", 1e-6, "error", quantity="Xavier weights"),
        fact("d4-17", "formula", 1e-6, "error", quantity="He weights"),
    ),
    run=run,
    settings={"replicates": 20},
    measures=(
        Column("at_ends", "%", "outputs in the outer twentieths of the range"),
        Column("deviation", "", "standard deviation of the outputs"),
        Column("drift", "log2", "change of the outputs' scale since the first layer"),
        Column("mostly_at_ends", "", "more than half of the outputs at the ends"),
        Column("mostly_at_half", "", "more than half of the outputs near 0.5"),
        Column("error", "", "relative error"),
    ),
    figures=tuple(
        Histograms(
            rows="initializer",
            columns="layer",
            table="activations",
            where={"activation": activation},
            lower=lower,
            upper=upper,
            top=CUT_OFF.get(activation),
        )
        for activation, (_, lower, upper) in ACTIVATIONS.items()
    ),
    tables=(
        Table(
            "The last of the five layers, means over the seeds with 95 % intervals",
            table="activations",
            where={"layer": LAYERS},
            by=("activation", "initializer"),
            columns={
                "activation": "activation",
                "initializer": "initializer",
                "deviation": "standard deviation of the outputs",
                "at_ends": "in the outer twentieths of the range (%)",
                "drift": "change of scale since the first layer (log2)",
            },
        ),
    ),
    errata=(
        Erratum(
            id="E21",
            claim="d3-13",
            where="d3:98",
            says="the input layer has 1000 nodes",
            correction="`randn(1000, 100)` is 1000 examples of 100 features: the input "
            "layer has 100 nodes",
        ),
        Erratum(
            id="E22",
            claim="d4-15",
            where="d4:96 against d4:101",
            says="the scale follows from fan_in and fan_out, and the code beside it "
            "divides by the root of fan_in",
            correction="the code's 1 / fan_in is LeCun's variance; Glorot and Bengio's "
            "is 2 / (fan_in + fan_out)",
        ),
    ),
    differences=(
        ("seeds", "one, not set", "20"),
        ("activations", "sigmoid; tanh and ReLU in words", "all three"),
    ),
    smoke={"settings": {"replicates": 3}},
)
