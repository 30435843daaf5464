"""Weights decide as much as slopes whether a gradient vanishes, explodes or arrives."""

from functools import partial

import keras
import pandas as pd

from study.initializers import He, Xavier
from study.lab.data import digits, mnist, xor
from study.lab.experiment import Claim, Erratum, Simulation
from study.lab.figures import Table, Trend
from study.lab.measures import Column
from study.lab.verdicts import Equivalent, Greater, Less, Shape
from study.theory.activations import LINEAR, RELU, SIGMOID, TANH
from study.theory.gradient_flow import (
    binary_cross_entropy_error,
    cross_entropy_error,
    flow,
    network,
    since_one_layer,
)

BATCH, WIDTH, DEEPEST = 128, 100, 20
DEPTHS = range(1, DEEPEST + 1)
DATA = {"MNIST": mnist, "digits": digits}
ACTIVATIONS = {"sigmoid": SIGMOID, "tanh": TANH, "ReLU": RELU, "linear": LINEAR}
LECTURES = {
    "std 1": lambda seed: keras.initializers.RandomNormal(0.0, 1.0, seed),
    "std 0.01": lambda seed: keras.initializers.RandomNormal(0.0, 0.01, seed),
    "Xavier": Xavier,
    "He": He,
}
# What Glorot and Bengio analysed: uniform from -1/√fan_in to 1/√fan_in.
UNIFORM = "U(±1/√n)"
INITIALIZERS = LECTURES | {
    UNIFORM: lambda seed: keras.initializers.VarianceScaling(
        1 / 3, "fan_in", "uniform", seed
    )
}
SCALED = (5, 10, 15)  # the hidden layers whose weights are multiplied by a factor
FACTORS = {"He, 3 layers × 0.01": 0.01, "He, 3 layers × 100": 100.0}
WIDTHS = (10, 30, 300)
NARROW, NARROW_WIDTH = "U(-1, 1)", 5


def rows(part, initializer, activation, net, x, error, depths):
    """Measure a network at each depth, since the first of them if there are more."""
    names = {"part": part, "activation": activation, "initializer": initializer}
    cell = {**names, "width": len(net[1])}
    found = flow(x, *net, ACTIVATIONS[activation], error, depths)
    found = since_one_layer(found) if len(depths) > 1 else found
    return [{**cell, **row} for row in found]


def on_images(x, error, seeds):
    """Sweep activation, initializer and depth, factors of a few layers, and width."""
    wide = partial(network, x.shape[1], WIDTH, DEEPEST, 10, seeds=seeds)
    for name, initializer in INITIALIZERS.items():
        net = wide(initializer)
        for activation in ACTIVATIONS:
            yield from rows("depth", name, activation, net, x, error, DEPTHS)
    for name, factor in FACTORS.items():
        net = wide(He)
        for layer in SCALED:
            net[0][layer - 1] *= factor
        yield from rows("factors", name, "ReLU", net, x, error, (DEEPEST,))
    for width in WIDTHS:
        net = network(x.shape[1], width, DEEPEST, 10, LECTURES["std 1"], seeds)
        name = f"std 1, {width} wide"
        yield from rows("width", name, "sigmoid", net, x, error, (1, DEEPEST))


def on_xor(seeds):
    """Deepen the lecture's narrow sigmoid network for XOR."""
    data = xor().load()
    x, error = data.x.astype("float64"), binary_cross_entropy_error(data.y)
    uniform = partial(keras.initializers.RandomUniform, -1.0, 1.0)
    net = network(2, NARROW_WIDTH, 9, 1, uniform, seeds)
    yield from rows("XOR", NARROW, "sigmoid", net, x, error, range(1, 10))


def apart(rows):
    """Tell what either kind of factor takes off in the deepest networks, a row each."""
    kept = ("activation", "initializer", "width")
    for row in rows:
        if (row["part"], row["depth"]) == ("depth", DEEPEST):
            for factor in ("slopes", "weights"):
                named = {"part": "shrinkage", "factor": factor, "depth": DEEPEST}
                found = {key: row[key] for key in kept} | named
                found["replicate"] = row["replicate"]
                yield found | {"shrinkage": -row[f"by_{factor}"]}


def run(draws, replicates, data):
    images, found = DATA[data]().load(), []
    for replicate in range(replicates):
        random = draws(replicate, "images and weights")
        chosen = random.choice(len(images.x), BATCH, replace=False)
        x = images.x[chosen].astype("float64")
        error = cross_entropy_error(images.y[chosen], classes=10)
        seeds = random.integers(2**31 - 1, size=DEEPEST + 1)
        for row in (*on_images(x, error, seeds), *on_xor(seeds)):
            found.append({**row, "replicate": replicate})
    return pd.DataFrame([*found, *apart(found)]).round(4)


def arm(activation, initializer, depth=DEEPEST):
    return {"part": "depth", **other(activation, initializer, depth)}


def other(activation, initializer, depth=DEEPEST):
    return {"activation": activation, "initializer": initializer, "depth": depth}


def deep(activation, initializer):
    """Twenty hidden layers against one."""
    return arm(activation, initializer), arm(activation, initializer, 1)


def factor(kind, initializer):
    return {"factor": kind, "activation": "sigmoid", "initializer": initializer}


def less(measure, arm, than, delta=1):
    return Less(measure=measure, arm=arm, than=than, delta=delta)


def greater(measure, arm, than, delta=1):
    return Greater(measure=measure, arm=arm, than=than, delta=delta)


def alike(measure, arm, than):
    return Equivalent(measure=measure, arm=arm, than=than, margin=1)


def vanishes(activation, initializer):
    """At least ten times less gradient with twenty hidden layers than with one."""
    return less("gradient", *deep(activation, initializer))


def claim(id, *rules):
    return Claim(id, verdict=Shape(*rules))


SMALL, LARGE = ({"part": "factors", **other("ReLU", name)} for name in FACTORS)
PLAIN, STEEP = arm("ReLU", "He"), arm("sigmoid", "std 1")
HALF = 3  # decades of the six that three factors of 0.01 or 100 make
TWICE = 0.3  # twice as wide
# Columns of two tables.
CHANGED = {
    "change": "first layer's gradient, against one hidden layer (decades)",
    "by_weights": "by the weights (decades)",
    "by_slopes": "by the slopes (decades)",
}

EXPERIMENT = Simulation(
    title="Back-propagation: gradient against depth",
    about=(He, Xavier),
    claims=(
        claim(
            "d0-02",
            less("gradient", SMALL, PLAIN, HALF),
            vanishes("sigmoid", "Xavier"),
        ),
        claim(
            "d0-03",
            greater("gradient", LARGE, PLAIN, HALF),
            greater("gradient", *deep("ReLU", "std 1")),
        ),
        claim(
            "d0-07",
            *(
                greater("shrinkage", factor("slopes", each), factor("weights", each))
                for each in LECTURES
            ),
        ),
        claim("d0-12", *(alike("lost", *deep("ReLU", each)) for each in LECTURES)),
        claim(
            "d0-43",
            *(
                greater("spread", *deep(activation, each), TWICE)
                for activation in ("sigmoid", "tanh", "ReLU")
                for each in LECTURES
            ),
        ),
        claim(
            "d1-01",
            *(
                less("gradient", *(arm("sigmoid", "Xavier", each) for each in depths))
                for depths in ((5, 1), (10, 5), (20, 10))
            ),
        ),
        claim(
            "d1-05",
            greater("by_slopes", arm("ReLU", "std 1"), arm("tanh", "std 1")),
            greater("zeros", PLAIN, arm("tanh", "Xavier"), delta=10),
        ),
        claim("d2-23", *(alike("gradient", *deep("ReLU", each)) for each in LECTURES)),
        claim(
            "d3-08",
            vanishes("sigmoid", "std 1"),
            less("gradient", STEEP, arm("sigmoid", "Xavier")),
            less("gradient", STEEP, arm("ReLU", "std 1")),
        ),
        Claim(
            "d4-06", less("gradient", *(other("sigmoid", NARROW, n) for n in (9, 1)))
        ),
        claim(
            "d4-34",
            *(vanishes(each, "std 0.01") for each in ("tanh", "ReLU", "linear")),
        ),
    ),
    run=run,
    settings={"replicates": 10, "data": "MNIST"},
    measures=(
        Column(
            "gradient", "decades", "log10 of the norm of the first layer's gradient"
        ),
        Column("change", "decades", "change of the gradient since one layer"),
        Column("lost", "decades", "fall of the gradient since one layer"),
        Column("ratio", "decades", "log10 of the first layer's gradient to the last's"),
        Column("by_weights", "decades", "the weights' factor, log10"),
        Column("by_slopes", "decades", "the slopes' factor, log10"),
        Column("shrinkage", "decades", "taken off the error by one kind of factor"),
        Column("spread", "decades", "log10 of the standard deviation of the outputs"),
        Column("zeros", "%", "outputs that are 0"),
    ),
    figures=(
        Trend(
            "gradient",
            x="depth",
            hue="initializer",
            panels="activation",
            where={"part": "depth"},
            title="Gradient of the first layer's weights, log10 of its norm, against "
            "the number of hidden layers, before training",
        ),
        Trend(
            "spread",
            x="depth",
            hue="initializer",
            panels="activation",
            where={"part": "depth"},
            title="How wide the outputs of the last hidden layer spread, log10 of "
            "their standard deviation, against the number of hidden layers",
        ),
    ),
    tables=(
        Table(
            "Twenty hidden layers, means over the seeds with 95 % intervals. From the "
            "output to the first layer the error changes by the decades of the weights "
            "and those of the slopes together",
            where={"part": "depth", "depth": DEEPEST},
            by=("activation", "initializer"),
            columns={
                "activation": "activation",
                "initializer": "initializer",
                **CHANGED,
                "ratio": "first layer's gradient, against the last's (decades)",
                "spread": "outputs' standard deviation, log10",
                "zeros": "outputs that are 0 (%)",
            },
        ),
        Table(
            "Three factors among twenty: a ReLU network with He's weights, those of "
            "hidden layers 5, 10 and 15 multiplied",
            where={"part": "factors"},
            by=("initializer",),
            columns={
                "initializer": "initializer",
                "gradient": "first layer's gradient, log10",
            },
        ),
        Table(
            "Sigmoid and weights from N(0, 1) at other widths: twenty hidden layers",
            where={"part": "width", "depth": DEEPEST},
            by=("initializer",),
            columns={
                "initializer": "initializer",
                **CHANGED,
            },
        ),
        Table(
            "XOR: sigmoid layers of five units, weights from U(-1, 1)",
            where={"part": "XOR"},
            by=("depth",),
            columns={
                "depth": "hidden layers",
                "gradient": "first layer's gradient, log10",
                "change": "against one hidden layer (decades)",
            },
        ),
    ),
    errata=(
        Erratum(
            id="E02",
            claim="d2-23",
            where="d0:97, d2:225",
            says="ReLU removes vanishing and exploding gradients",
            correction="it removes only the slopes of active units from the product: "
            "the weights still make it vanish or explode",
        ),
        Erratum(
            id="E44",
            claim="d0-12",
            where="d0:97, d2:225 against d4:196",
            says="ReLU has no vanishing gradients, but no activation removes them "
            "completely",
            correction="the second: with small weights the gradient vanishes through "
            "ReLU, and even without any activation",
        ),
        Erratum(
            id="E43",
            claim="d0-43",
            where="d0:375 against d3:119",
            says="the deeper, the wider the outputs of a layer spread",
            correction="only with large weights and an unbounded activation; sigmoid "
            "and tanh are bounded, and weights of standard deviation 0.01 make the "
            "outputs collapse",
        ),
        Erratum(
            id="E38",
            claim="d3-08",
            where="d3:60-62",
            says="sigmoid with weights from N(0, 1) makes gradients vanish, as Glorot "
            "and Bengio found",
            correction="they drew from U(-1/√n, 1/√n), whose variance is 1/(3n), and "
            "there it vanishes; from N(0, 1) 100 wide layers make up for the slopes",
        ),
    ),
    differences=(
        ("depth", "two or three layers, in formulas", "1 to 20 hidden layers"),
        (
            "vanishing, exploding",
            "said in words",
            "the first layer's gradient falls or grows at least tenfold from 1 hidden "
            "layer to 20",
        ),
        (
            "d0-43: slow and unstable learning",
            "said to follow from the wider outputs",
            "only the outputs' width is judged here, before training",
        ),
        (
            "d1-05: why ReLU beats tanh",
            "slopes that do not vanish, and a sparse code",
            "whether it has both, before training: less taken off by the slopes under "
            "large weights, where tanh saturates, and more outputs of 0 under weights "
            "that suit each. Not whether this is why",
        ),
        (
            "d3-08: weights from N(0, 1)",
            "no network named",
            "100 wide, as in the same lecture's histograms; other widths in a table",
        ),
        (
            "first layer against last",
            "not measured",
            "shown, but not judged by: in a ReLU network both explode together",
        ),
    ),
    smoke={"settings": {"replicates": 3, "data": "digits"}},
)
