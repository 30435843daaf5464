"""Weights decide as much as slopes whether a gradient vanishes, explodes or arrives."""

import keras
import numpy as np
import pandas as pd
from scipy.special import expit, softmax

from study.initializers import He, Xavier
from study.lab.data import digits, mnist, xor
from study.lab.experiment import Claim, Erratum, Simulation
from study.lab.figures import Table, Trend
from study.lab.measures import Column
from study.lab.verdicts import Equivalent, Greater, Less, Shape

BATCH, WIDTH, DEEPEST = 128, 100, 20
DATA = {"MNIST": mnist, "digits": digits}
# Each activation with its slope as a function of its output.
ACTIVATIONS = {
    "sigmoid": (expit, lambda y: y * (1 - y)),
    "tanh": (np.tanh, lambda y: 1 - y**2),
    "ReLU": (lambda x: np.maximum(x, 0), lambda y: y > 0),
    "linear": (lambda x: x, np.ones_like),
}
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
FACTORS = {
    "He": 1.0,
    "He, 3 layers × 0.01": 0.01,
    "He, 3 layers × 100": 100.0,
}
WIDTHS = (10, 30, 300)
NARROW, NARROW_WIDTH = "U(-1, 1)", 5


def weights(initializer, widths, seeds):
    """Draw the weights between layers of these widths, each from a seed of its own."""
    shapes = zip(widths, widths[1:], seeds[: len(widths) - 1], strict=False)
    return [
        np.asarray(initializer(seed=int(seed))((inputs, outputs)), "float64")
        for inputs, outputs, seed in shapes
    ]


def forward(inputs, hidden, activation):
    """Return the outputs of each hidden layer."""
    function, outputs = ACTIVATIONS[activation][0], [inputs]
    for kernel in hidden:
        outputs.append(function(outputs[-1] @ kernel))
    return outputs[1:]


def backward(inputs, outputs, kernels, error, activation):
    """Carry the error back and tell, in decades, what each kind of factor does to it.

    error is ∂L/∂z of the output layer, kernels those above each hidden layer. A layer
    below has ∂L/∂z = (error @ kernel.T) * slope: the weights' factor is what the
    product does to the norm, the slopes' factor what the multiplication does.
    """
    slope, signal, by_weights, by_slopes = ACTIVATIONS[activation][1], error, 0.0, 0.0
    for kernel, output in zip(reversed(kernels), reversed(outputs), strict=True):
        arrived = signal @ kernel.T
        by_weights += decades(arrived) - decades(signal)
        signal = arrived * slope(output)
        by_slopes += decades(signal) - decades(arrived)
    gradient = decades(inputs.T @ signal)
    return {
        "gradient": gradient,
        "ratio": gradient - decades(outputs[-1].T @ error),
        "by_weights": by_weights,
        "by_slopes": by_slopes,
    }


def decades(array):
    """Return log10 of the Frobenius norm."""
    return np.log10(np.linalg.norm(array))


def flow(inputs, hidden, output, activation, error, depths):
    """Measure the network of each depth: the first hidden layers, then the output's.

    error tells ∂L/∂z of the output layer from z.
    """
    layers = forward(inputs, hidden, activation)
    for depth in depths:
        top = layers[depth - 1]
        kernels = [*hidden[1:depth], output]
        found = backward(
            inputs, layers[:depth], kernels, error(top @ output), activation
        )
        spread = {"spread": np.log10(top.std()), "zeros": 100 * np.mean(top == 0)}
        yield {"depth": depth, **found, **spread}


def against_one_layer(rows):
    """Add how the gradient of the first layer changed since one hidden layer."""
    rows = list(rows)
    for row in rows:
        row["change"] = row["gradient"] - rows[0]["gradient"]
        row["lost"] = max(0.0, -row["change"])
    return rows


def cross_entropy_error(labels):
    """Return ∂L/∂z of the mean softmax cross-entropy as a function of z."""
    targets = np.eye(10)[labels]
    return lambda z: (softmax(z, axis=1) - targets) / len(targets)


def batch(data, random):
    """Draw the images and labels of one batch."""
    images = random.choice(len(data.x), BATCH, replace=False)
    return data.x[images].astype("float64"), data.y[images]


def by_depth(inputs, error, seeds):
    """Sweep activation, initializer and depth at one width."""
    widths = (inputs.shape[1], *[WIDTH] * DEEPEST)
    for name, initializer in INITIALIZERS.items():
        hidden = weights(initializer, widths, seeds[1:])
        (output,) = weights(initializer, (WIDTH, 10), seeds)
        for activation in ACTIVATIONS:
            cell = {"part": "depth", "activation": activation, "initializer": name}
            depths = range(1, DEEPEST + 1)
            found = flow(inputs, hidden, output, activation, error, depths)
            for row in against_one_layer(found):
                yield {**cell, "width": WIDTH, **row}


def by_factors(inputs, error, seeds):
    """Multiply the weights of a few layers of one deep ReLU network."""
    widths = (inputs.shape[1], *[WIDTH] * DEEPEST)
    (output,) = weights(He, (WIDTH, 10), seeds)
    for name, factor in FACTORS.items():
        if factor == 1:
            continue  # the sweep over depths has it
        hidden = weights(He, widths, seeds[1:])
        for layer in SCALED:
            hidden[layer - 1] *= factor
        cell = {"part": "factors", "activation": "ReLU", "initializer": name}
        for row in flow(inputs, hidden, output, "ReLU", error, (DEEPEST,)):
            yield {**cell, "width": WIDTH, **row}


def by_width(inputs, error, seeds):
    """Sweep the width of sigmoid networks with weights of standard deviation 1."""
    for width in WIDTHS:
        widths = (inputs.shape[1], *[width] * DEEPEST)
        hidden = weights(LECTURES["std 1"], widths, seeds[1:])
        (output,) = weights(LECTURES["std 1"], (width, 10), seeds)
        cell = {
            "part": "width",
            "activation": "sigmoid",
            "initializer": f"std 1, {width} wide",
        }
        found = flow(inputs, hidden, output, "sigmoid", error, (1, DEEPEST))
        for row in against_one_layer(found):
            yield {**cell, "width": width, **row}


def on_xor(seeds):
    """Deepen the lecture's narrow sigmoid network for XOR."""
    data = xor().load()
    inputs, targets = data.x.astype("float64"), data.y
    uniform = keras.initializers.RandomUniform
    draw = lambda seed: uniform(-1.0, 1.0, seed)  # noqa: E731
    hidden = weights(draw, (2, *[NARROW_WIDTH] * 9), seeds[1:])
    (output,) = weights(draw, (NARROW_WIDTH, 1), seeds)
    cell = {"part": "XOR", "activation": "sigmoid", "initializer": NARROW}
    found = flow(
        inputs,
        hidden,
        output,
        "sigmoid",
        lambda z: (expit(z) - targets) / len(targets),
        range(1, 10),
    )
    for row in against_one_layer(found):
        yield {**cell, "width": NARROW_WIDTH, **row}


def apart(rows):
    """Tell what either kind of factor takes off in the deepest networks, a row each."""
    for row in rows:
        if row["part"] == "depth" and row["depth"] == DEEPEST:
            for factor in ("slopes", "weights"):
                yield {
                    **{key: row[key] for key in ("activation", "initializer", "width")},
                    "part": "shrinkage",
                    "factor": factor,
                    "depth": DEEPEST,
                    "replicate": row["replicate"],
                    "shrinkage": -row[f"by_{factor}"],
                }


def run(draws, replicates, data):
    images, rows = DATA[data]().load(), []
    for replicate in range(replicates):
        random = draws(replicate, "images and weights")
        inputs, labels = batch(images, random)
        seeds = random.integers(2**31 - 1, size=DEEPEST + 1)
        error = cross_entropy_error(labels)
        for part in (
            by_depth(inputs, error, seeds),
            by_factors(inputs, error, seeds),
            by_width(inputs, error, seeds),
            on_xor(seeds),
        ):
            rows += [{**row, "replicate": replicate} for row in part]
    return pd.DataFrame([*rows, *apart(rows)]).round(4)


def arm(activation, initializer, depth=DEEPEST):
    return {"part": "depth", **other(activation, initializer, depth)}


def other(activation, initializer, depth=DEEPEST):
    return {"activation": activation, "initializer": initializer, "depth": depth}


def vanishes(activation, initializer):
    """At least ten times less gradient with twenty hidden layers than with one."""
    return Less(
        measure="gradient",
        arm=arm(activation, initializer),
        than=arm(activation, initializer, 1),
        delta=1,
    )


def factor(kind, activation, initializer):
    return {"factor": kind, "activation": activation, "initializer": initializer}


def scaled(name):
    return {"part": "factors", **other("ReLU", name)}


EXPERIMENT = Simulation(
    title="Back-propagation: gradient against depth",
    about=(He, Xavier),
    claims=(
        Claim(
            "d0-02",
            verdict=Shape(
                # three factors of 0.01 make six decades; half of them are asked for
                Less(
                    measure="gradient",
                    arm=scaled("He, 3 layers × 0.01"),
                    than=arm("ReLU", "He"),
                    delta=3,
                ),
                vanishes("sigmoid", "Xavier"),
            ),
        ),
        Claim(
            "d0-03",
            verdict=Shape(
                Greater(
                    measure="gradient",
                    arm=scaled("He, 3 layers × 100"),
                    than=arm("ReLU", "He"),
                    delta=3,
                ),
                Greater(
                    measure="gradient",
                    arm=arm("ReLU", "std 1"),
                    than=arm("ReLU", "std 1", 1),
                    delta=1,
                ),
            ),
        ),
        Claim(
            "d0-07",
            verdict=Shape(
                *(
                    Greater(
                        measure="shrinkage",
                        arm=factor("slopes", "sigmoid", initializer),
                        than=factor("weights", "sigmoid", initializer),
                        delta=1,
                    )
                    for initializer in LECTURES
                )
            ),
        ),
        Claim(
            "d0-12",
            verdict=Shape(
                *(
                    Equivalent(
                        measure="lost",
                        arm=arm("ReLU", initializer),
                        than=arm("ReLU", initializer, 1),
                        margin=1,
                    )
                    for initializer in LECTURES
                )
            ),
        ),
        Claim(
            "d0-43",
            verdict=Shape(
                *(
                    Greater(
                        measure="spread",
                        arm=arm(activation, initializer),
                        than=arm(activation, initializer, 1),
                        delta=0.3,  # twice as wide
                    )
                    for activation in ("sigmoid", "tanh", "ReLU")
                    for initializer in LECTURES
                )
            ),
        ),
        Claim(
            "d1-01",
            verdict=Shape(
                *(
                    Less(
                        measure="gradient",
                        arm=arm("sigmoid", "Xavier", deeper),
                        than=arm("sigmoid", "Xavier", depth),
                        delta=1,
                    )
                    for depth, deeper in ((1, 5), (5, 10), (10, 20))
                )
            ),
        ),
        Claim(
            "d1-05",
            verdict=Shape(
                Greater(
                    measure="by_slopes",
                    arm=arm("ReLU", "std 1"),
                    than=arm("tanh", "std 1"),
                    delta=1,
                ),
                Greater(
                    measure="zeros",
                    arm=arm("ReLU", "He"),
                    than=arm("tanh", "Xavier"),
                    delta=10,
                ),
            ),
        ),
        Claim(
            "d2-23",
            verdict=Shape(
                *(
                    Equivalent(
                        measure="gradient",
                        arm=arm("ReLU", initializer),
                        than=arm("ReLU", initializer, 1),
                        margin=1,
                    )
                    for initializer in LECTURES
                )
            ),
        ),
        Claim(
            "d3-08",
            verdict=Shape(
                vanishes("sigmoid", "std 1"),
                *(
                    Less(
                        measure="gradient",
                        arm=arm("sigmoid", "std 1"),
                        than=remedied,
                        delta=1,
                    )
                    for remedied in (arm("sigmoid", "Xavier"), arm("ReLU", "std 1"))
                ),
            ),
        ),
        Claim(
            "d4-06",
            verdict=Less(
                measure="gradient",
                arm=other("sigmoid", NARROW, 9),
                than=other("sigmoid", NARROW, 1),
                delta=1,
            ),
        ),
        Claim(
            "d4-34",
            verdict=Shape(
                *(
                    vanishes(activation, "std 0.01")
                    for activation in ("tanh", "ReLU", "linear")
                )
            ),
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
                "change": "first layer's gradient, against one hidden layer (decades)",
                "by_weights": "by the weights (decades)",
                "by_slopes": "by the slopes (decades)",
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
                "change": "first layer's gradient, against one hidden layer (decades)",
                "by_weights": "by the weights (decades)",
                "by_slopes": "by the slopes (decades)",
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
