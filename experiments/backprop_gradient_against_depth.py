"""Weights decide as much as slopes whether a gradient vanishes, explodes or arrives."""

import itertools
from functools import partial

import keras

from study.initializers import He, Xavier
from study.lab.data import digits, mnist, xor
from study.lab.declare.finding import Column, Number, Simulation, Takeaway
from study.lab.declare.rows import every_seed, tables
from study.lab.declare.starts import STARTS
from study.lab.figures import Lines, Table
from study.lab.rules.verdicts import (
    DoesNotLower,
    Each,
    Equivalent,
    Lowers,
    Margin,
    Raises,
    Shape,
)
from study.theory import gradient_flow
from study.theory.activations import LINEAR, RELU, SIGMOID, TANH
from study.theory.gradient_flow import network

BATCH, WIDTH, DEEPEST = 128, 100, 20
ACTIVATIONS = {"sigmoid": SIGMOID, "tanh": TANH, "ReLU": RELU, "linear": LINEAR}
# What Glorot and Bengio analyzed: uniform from -1/√fan_in to 1/√fan_in.
UNIFORM = "U(±1/√n)"
INITIALIZERS = {
    **STARTS,
    UNIFORM: partial(keras.initializers.VarianceScaling, 1 / 3, "fan_in", "uniform"),
}
SMALL, LARGE = "He, 3 layers × 0.01", "He, 3 layers × 100"
FACTORS = {"He": 1.0, SMALL: 0.01, LARGE: 100.0}
UNIT = "U(-1, 1)"
WIDTHS = (10, 30, 100, 300)


def networks(x, error, seeds):
    """Yield (table, initializer, activations, depths, x, error, network) of a sweep."""
    wide = partial(network, x.shape[1], WIDTH, DEEPEST, 10, seeds=seeds)
    for name, initializer in INITIALIZERS.items():
        depths = range(1, DEEPEST + 1)
        yield "depth", name, ACTIVATIONS, depths, x, error, wide(initializer)
    for name, factor in FACTORS.items():  # of the weights of three hidden layers
        net = gradient_flow.scaled(wide(He), (5, 10, 15), factor)
        yield "factors", name, ["ReLU"], [DEEPEST], x, error, net
    for width, name in itertools.product(WIDTHS, ("std 1", "Xavier")):
        net = network(x.shape[1], width, DEEPEST, 10, STARTS[name], seeds)
        yield "width", name, ["sigmoid"], [1, DEEPEST], x, error, net
    data, uniform = xor().load(), partial(keras.initializers.RandomUniform, -1.0, 1.0)
    error = gradient_flow.binary_cross_entropy_error(data.y)
    net, x = network(2, 5, 9, 1, uniform, seeds), data.x.astype("float64")
    yield "xor", UNIT, ["sigmoid"], range(1, 10), x, error, net


def measured(table, initializer, activations, depths, x, error, net):
    """Measure a network at each depth, since the first of them if there are more."""
    for name in activations:
        cell = {"table": table, "activation": name, "initializer": initializer}
        for row in gradient_flow.rows(x, *net, ACTIVATIONS[name], error, depths):
            yield {**cell, **row}
            if (table, row["depth"]) == ("depth", DEEPEST):
                at = {**cell, "table": "shrinkage", "width": WIDTH, "depth": DEEPEST}
                yield from ({**at, **each} for each in gradient_flow.shrinkages(row))


def seed(random, images):
    """Measure networks on images drawn, and the lecture's narrow one on XOR."""
    chosen = random.choice(len(images.x), BATCH, replace=False)
    error = gradient_flow.cross_entropy_error(images.y[chosen], classes=10)
    seeds = random.integers(2**31 - 1, size=DEEPEST + 1)
    for each in networks(images.x[chosen].astype("float64"), error, seeds):
        yield from measured(*each)


def run(draws, replicates, data):
    images = {"MNIST": mnist, "digits": digits}[data]().load()
    found = tables(every_seed(draws, replicates, "images and weights", seed, images))
    return {name: each.round(4) for name, each in found.items()}


def arm(activation, initializer, depth=DEEPEST):
    return {"activation": activation, "initializer": initializer, "depth": depth}


def deep(activation, initializer, depths=(DEEPEST, 1)):
    return [arm(activation, initializer, each) for each in depths]


def compared(rule, measure, arms, table="depth", **bound):
    arm, than = arms
    return rule(measure=measure, table=table, arm=arm, than=than, **bound)


def by_slopes(initializer):
    cell = arm("sigmoid", initializer)
    arms = [cell | {"factor": each} for each in ("slopes", "weights")]
    return raises("shrinkage", arms, "shrinkage")


PLAIN, STEEP = arm("ReLU", "He"), arm("sigmoid", "std 1")
lowers, raises = partial(compared, Lowers), partial(compared, Raises)
keeps = partial(compared, DoesNotLower)
alike = partial(
    compared,
    Equivalent,
    margin=1,
    because="tenfold: of less, another learning rate makes up",
)
HALF = Margin(3, because="half of the six decades that three factors make up")
WIDENED = [(each, name) for each in ("sigmoid", "tanh", "ReLU") for name in STARTS]
WEIGHED = [STEEP, arm("sigmoid", "Xavier")]
PAIRS = ((5, 1), (10, 5), (20, 10))
OTHERS = ("tanh", "ReLU", "linear")
DRAWN = {
    "gradient": "Gradient of the first layer's weights, log10 of its norm, against "
    "the number of hidden layers, before training",
    "spread": "How wide the outputs of the last hidden layer spread, log10 of "
    "their standard deviation, against the number of hidden layers",
}

RULES = {
    "d0-02": Shape(
        lowers("gradient", [arm("ReLU", SMALL), PLAIN], "factors", margin=HALF),
        lowers("gradient", deep("sigmoid", "Xavier")),
    ),
    "d0-03": Shape(
        raises("gradient", [arm("ReLU", LARGE), PLAIN], "factors", margin=HALF),
        raises("gradient", deep("ReLU", "std 1")),
    ),
    "d0-07": Each(*map(by_slopes, STARTS)),
    "d0-12": Each(*(keeps("gradient", deep("ReLU", each)) for each in STARTS)),
    "d0-43": Each(*(raises("spread", deep(*each)) for each in WIDENED)),
    "d1-01": Shape(*(lowers("gradient", deep("sigmoid", "Xavier", n)) for n in PAIRS)),
    "d2-23": Each(*(alike("gradient", deep("ReLU", each)) for each in STARTS)),
    # Both causes are the lecture's own, which joins them.
    "d3-08": Shape(
        lowers("gradient", [STEEP, arm("ReLU", "std 1")]),
        *(
            lowers("gradient", [x | {"width": n} for x in WEIGHED], "width")
            for n in WIDTHS
        ),
    ),
    "d4-06": lowers("gradient", deep("sigmoid", UNIT, (9, 1)), "xor"),
    "d4-34": Shape(*(lowers("gradient", deep(each, "std 0.01")) for each in OTHERS)),
}

EXPERIMENT = Simulation(
    title="Back-propagation: gradient against depth",
    about=(He, Xavier),
    claims=RULES,
    takeaway=Takeaway(
        of="d3-08",
        holds="Sigmoids and weights from N(0, 1) make gradients vanish",
        fails="It is not the sigmoid together with weights from N(0, 1) that makes "
        "gradients vanish",
        open="Whether sigmoids with weights from N(0, 1) make gradients vanish stays "
        "open",
        evidence="through 20 layers of 100 units the first layer's gradient changes by "
        "{normal}, with Xavier's weights by {xavier}.",
        numbers={
            "normal": Number("change", STEEP, "depth"),
            "xavier": Number("change", arm("sigmoid", "Xavier"), "depth"),
        },
    ),
    run=run,
    settings={"replicates": 10, "data": "MNIST"},
    measures=(
        Column(
            "gradient", "decades", "log10 of the norm of the first layer's gradient"
        ),
        Column("change", "decades", "change of the gradient since one layer"),
        Column("ratio", "decades", "log10 of the first layer's gradient to the last's"),
        Column("by_weights", "decades", "the weights' factor, log10"),
        Column("by_slopes", "decades", "the slopes' factor, log10"),
        Column("shrinkage", "decades", "taken off the error by one kind of factor"),
        Column("spread", "decades", "log10 of the standard deviation of the outputs"),
        Column("zeros", "%", "outputs that are 0"),
    ),
    figures=tuple(
        Lines(
            measure,
            x="depth",
            hue="initializer",
            panels="activation",
            table="depth",
            title=title,
        )
        for measure, title in DRAWN.items()
    ),
    tables=(
        Table(
            "Twenty hidden layers, means over the seeds with 95 % intervals. From the "
            "output to the first layer the error changes by the decades of the weights "
            "and those of the slopes together",
            table="depth",
            where={"depth": DEEPEST},
            by=("activation", "initializer"),
        ),
        Table(
            "Three factors among twenty: a ReLU network with He's weights, those of "
            "hidden layers 5, 10 and 15 multiplied",
            table="factors",
            by=("initializer",),
            columns=("gradient",),
        ),
        Table(
            "Sigmoid by width: twenty hidden layers",
            table="width",
            where={"depth": DEEPEST},
            by=("initializer", "width"),
            columns=("change", "by_weights", "by_slopes"),
            called={"width": "units"},
        ),
        Table(
            "XOR: sigmoid layers of five units, weights from U(-1, 1)",
            table="xor",
            by=("depth",),
            columns=("gradient", "change"),
            called={"depth": "hidden layers"},
        ),
    ),
    differences={
        "depth": ("two or three layers, in formulas", "1 to 20 hidden layers"),
        "vanishing, exploding": (
            "said in words",
            "the first layer's gradient falls or grows at least tenfold from 1 hidden "
            "layer to 20; each of the lectures' weights is judged by itself",
        ),
        "d0-43: slow and unstable learning": (
            "said to follow from the wider outputs",
            "only whether the outputs spread twice as wide, before training",
        ),
        "d3-08: because of": (
            "no network and no width named",
            "both causes: the gradient is smaller than through ReLU, and than under "
            "Xavier's weights. Whether it vanishes the width decides: see the table",
        ),
        "first layer against last": (
            "not measured",
            "shown, but not judged by: in a ReLU network both explode together",
        ),
    },
    smoke={"settings": {"replicates": 3, "data": "digits"}},
)
