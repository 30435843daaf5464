"""Activations of five layers under four scales of the initial weights."""

from functools import partial
from itertools import product

import keras
import numpy as np

from study.initializers import He, Xavier
from study.lab.declare.facts import fact
from study.lab.declare.finding import Claim, Column, Number, Simulation, Takeaway
from study.lab.declare.rows import tables
from study.lab.declare.starts import STARTS
from study.lab.figures import Table
from study.lab.rules.verdicts import Each, Exact, Lowers, Raises, Rate, Readings
from study.theory.layer_outputs import layer_outputs, spread

from .figures.histograms import Histograms

EXAMPLES, UNITS, LAYERS, BINS = 1_000, 100, 5, 30
# Each activation with the range its histogram is drawn over.
ACTIVATIONS = {
    "sigmoid": (keras.ops.sigmoid, 0.0, 1.0),
    "tanh": (keras.ops.tanh, -1.0, 1.0),
    "ReLU": (keras.ops.relu, 0.0, 1.0),
}
AS_THEIRS = "Xavier weights, Glorot and Bengio's scale"
# What is called so, with the weights that it draws by a seed.
COUNTS = {
    "Xavier of Glorot and Bengio": keras.initializers.GlorotNormal,
    "He of He et al.": keras.initializers.HeNormal,
    "both of the code on the slide": Xavier,
}
FIXED = ("std 1", "std 0.01")  # scales that mind no number of units
CUT_OFF = {"ReLU": 8.0}  # half of all outputs are 0, and would hide the others


def activations(draws, replicates):
    """Tell how each layer's outputs spread, for every seed."""
    for replicate in range(replicates):
        random = draws(replicate, "weights and inputs")
        inputs = random.standard_normal((EXAMPLES, UNITS)).astype("float32")
        seeds = random.integers(2**31 - 1, size=LAYERS)
        for activation, initializer in product(ACTIVATIONS, STARTS):
            function, *ends = ACTIVATIONS[activation]
            layers = [*layer_outputs(inputs, function, STARTS[initializer], seeds)]
            cell = {"activation": activation, "initializer": initializer}
            cell = {"table": "activations", **cell, "replicate": replicate}
            for layer, outputs in enumerate(layers, start=1):
                row = spread(outputs, layers[0], *ends, BINS)
                yield {**cell, "layer": layer, **row}


def formulas():
    """Compare the slide's formulas with the components and with Glorot's own.

    The weights of equal seeds are drawn from the same normal numbers, so that they
    must agree with the slide's to rounding.
    """
    inputs, outputs = 400, 100
    normal = np.asarray(STARTS["std 1"](seed=1)((inputs, outputs)))
    by_slide = {"Xavier": normal / np.sqrt(inputs), "He": normal / np.sqrt(inputs / 2)}
    both, errors = np.sqrt(2 / (inputs + outputs)), {}
    for name, slide in by_slide.items():
        drawn = np.asarray(STARTS[name](seed=1)((inputs, outputs)))
        errors[f"{name} weights"] = np.abs(drawn - slide).max() / slide.std()
    errors[AS_THEIRS] = abs(1 / np.sqrt(inputs) / both - 1)
    errors["nodes of the input layer"] = abs(1_000 - UNITS) / UNITS
    errors |= {name: unused(kind) for name, kind in COUNTS.items()}
    for quantity, error in errors.items():
        yield {"table": "formula", "quantity": quantity, "error": error}


def unused(kind):
    """Count which of fan_in and fan_out leaves the scale of the weights as it is."""

    def scale(inputs, outputs):
        return float(np.std(keras.ops.convert_to_numpy(kind(1)((inputs, outputs)))))

    scales = scale(400, 400), scale(800, 400), scale(400, 800)
    return sum(abs(each / scales[0] - 1) < 0.05 for each in scales[1:])


def run(draws, replicates):
    return tables([*activations(draws, replicates), *formulas()])


def arm(activation, initializer, layer=LAYERS):
    return {"activation": activation, "initializer": initializer, "layer": layer}


def in_every_layer(measure, initializer):
    """More than half of the outputs are there in most seeds, in each sigmoid layer."""
    arms = (arm("sigmoid", initializer, each) for each in range(1, LAYERS + 1))
    often = partial(Rate, measure=measure, table="activations", above=0.5)
    return Each(*(often(arm=each) for each in arms))


def neither(activation):
    """Xavier neither saturates nor collapses as fixed scales do, in the last layer."""
    xavier = {"table": "activations", "arm": arm(activation, "Xavier")}
    return (
        Lowers(measure="at_ends", than=arm(activation, "std 1"), **xavier),
        Raises(measure="deviation", than=arm(activation, "std 0.01"), **xavier),
    )


def he_keeps_its_scale(than):
    """Less drift of the outputs' scale from the first ReLU layer to the last."""
    arms = {"arm": arm("ReLU", "He"), "than": arm("ReLU", than)}
    return Lowers(measure="drift", table="activations", **arms)


def by_both_counts(quantity):
    where = {"quantity": quantity}
    return Exact(measure="error", table="formula", where=where, tolerance=0)


def fifth(initializer):
    return Number("deviation", arm("tanh", initializer), "activations", unit="")


EXPERIMENT = Simulation(
    title="Initialization: activation histograms",
    about=(He, Xavier),
    claims=(
        fact("d3-13", "formula", 0, "error", quantity="nodes of the input layer"),
        Claim("d3-14", in_every_layer("mostly_at_ends", "std 1")),
        Claim("d3-15", in_every_layer("mostly_at_half", "std 0.01")),
        Claim("d3-16", Each(*neither("sigmoid"), *neither("tanh"))),
        Claim("d3-17", Each(*map(he_keeps_its_scale, (*FIXED, "Xavier")))),
        Claim("d4-14", Each(*neither("tanh"), *map(he_keeps_its_scale, FIXED))),
        Claim("d4-15", Readings({each: by_both_counts(each) for each in COUNTS})),
        fact("d4-16", "formula", 1e-6, "error", quantity=AS_THEIRS),
        fact("d4-17", "formula", 1e-6, "error", quantity="He weights"),
    ),
    takeaway=Takeaway(
        of="d4-14",
        holds="Xavier's weights are neither too small nor too large",
        depends="Xavier's and He's weights are neither too small nor too large "
        "{where}.",
        fails="Xavier's and He's weights are not just right",
        open="Whether Xavier's and He's weights are just right stays open",
        evidence="the outputs of the fifth tanh layer have a standard deviation of "
        "{xavier} from Xavier's weights, of {large} from weights of deviation 1 and of "
        "{small} from weights of 0.01.",
        numbers={
            "xavier": fifth("Xavier"),
            "large": fifth("std 1"),
            "small": fifth("std 0.01"),
        },
    ),
    run=run,
    settings={"replicates": 20},
    measures=(
        Column("at_ends", "%", "outputs in the outer twentieths of the range"),
        Column("deviation", "", "standard deviation of the outputs"),
        Column("drift", "log2", "change of the outputs' scale since the first layer"),
        Column("mostly_at_ends", "", "more than half of the outputs at the ends"),
        Column("mostly_at_half", "", "more than half of the outputs near 0.5"),
        Column("error", "", "relative error, or a count"),
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
    tables=Table(
        "The last of the five layers, means over the seeds with 95 % intervals",
        table="activations",
        where={"layer": LAYERS},
        by=("activation", "initializer"),
        columns=("deviation", "at_ends", "drift"),
    ),
    differences={
        "seeds": ("one, not set", "20"),
        "activations": ("sigmoid; tanh and ReLU in words", "all three"),
        "fan_in and fan_out (d4-15)": (
            "said of Xavier and of He",
            "whether the scale moves with both counts: of the authors' own formulas, "
            "as Keras has them, and of the code beside",
        ),
        "Xavier weights (d4-16)": (
            "Glorot et al. 2010 over the code",
            "held against their scale, √(2 / (fan_in + fan_out)), for 400 inputs and "
            "100 outputs; the code is what the histograms of Xavier are drawn by",
        ),
    },
)
