"""Width d+D+2 is enough if depth is not bounded; training misses the best weights."""

import numpy as np
import pandas as pd

from study.lab.experiment import Claim, Simulation
from study.lab.figures import Table, Trend
from study.lab.measures import Column
from study.lab.verdicts import Exact, Greater, Shape

WIDTH = 4  # d + D + 2 with one input and one output
DEPTHS = (1, 2, 4, 8, 16)
EXAMPLES, GRID = 64, 1025
RATE = 0.01
SUCCESS = 0.1  # the largest error that still counts as a success
TARGETS = {
    "sin": lambda x: np.sin(np.pi * x),
    "step": lambda x: np.where(x < 0, -1.0, 1.0),
}

# The theorem's part: functions of each kind, activations, and errors to reach.
FUNCTIONS = {
    "sin(πx)": (1, lambda x: np.sin(np.pi * x)),
    "sin(4πx)": (1, lambda x: np.sin(4 * np.pi * x)),
    "|x|": (1, np.abs),
    "(cos 2x, x³)": (1, lambda x: np.hstack([np.cos(2 * x), x**3])),
    "x·y": (2, lambda x: x[:, :1] * x[:, 1:]),
}
# Each activation and its slope at 1/2, a point where all of them have one.
ACTIVATIONS = {
    "ReLU": (lambda z: np.maximum(z, 0), 1.0),
    "tanh": (np.tanh, 1 - np.tanh(0.5) ** 2),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), np.exp(-0.5) / (1 + np.exp(-0.5)) ** 2),
    "softplus": (lambda z: np.logaddexp(z, 0), 1 / (1 + np.exp(-0.5))),
}
POINT, SHRINK = 0.5, 1e-7
SMALLEST = 1e-4  # singular values below this share of the largest count as none
ERRORS = (0.3, 0.1, 0.03)
# The functions and errors whose layers are counted for every seed.
NEEDED = (("sin(πx)", 0.1), ("sin(πx)", 0.01), ("sin(4πx)", 0.1))
LAYERS = (4, 8, 16, 32, 64, 128, 256, 512, 1024)


def points(inputs):
    """Return a grid over [-1, 1], or over its square."""
    axis = np.linspace(-1, 1, GRID if inputs == 1 else 21)
    return np.stack(np.meshgrid(*[axis] * inputs), -1).reshape(-1, inputs)


def shallow(activation, x, targets, units, random):
    """Return random hidden units, and the output weights by least squares."""
    directions = random.standard_normal((units, x.shape[1]))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    directions *= np.exp(random.uniform(0, np.log(max(8, units)), (units, 1)))
    biases = -(directions * random.uniform(-1, 1, directions.shape)).sum(1)
    hidden = ACTIVATIONS[activation][0](x @ directions.T + biases)
    design = np.hstack([hidden, np.ones((len(x), 1))])
    outputs = np.linalg.lstsq(design, targets, rcond=SMALLEST)[0]
    return directions.T, biases, outputs


def stand_up(activation, directions, biases, outputs):
    """Turn a hidden layer of n units into n layers of d + D + 2, as the proof does.

    Each layer has a unit for one of the n, d that hand the inputs on, D that add up the
    outputs, and one to spare. A number s is handed on as `f(1/2 + hs)` with a small h:
    there f is nearly a line, `f(1/2) + hs f'(1/2)`, which the next layer undoes.
    """
    function, slope = ACTIVATIONS[activation]
    (d, n), outs = directions.shape, outputs.shape[1]
    width, unit = d + outs + 2, d
    sums = slice(d + 1, d + 1 + outs)
    undo, offset = 1 / (SHRINK * slope), -function(POINT) / (SHRINK * slope)
    layers = []
    for i in range(n):
        kernel, bias = np.zeros((width if i else d, width)), np.zeros(width)
        bias[:d] = bias[sums] = POINT
        if i == 0:
            kernel[:, :d] = SHRINK * np.eye(d)
            kernel[:, unit], bias[unit] = directions[:, 0], biases[0]
        else:
            kernel[:d, :d] = SHRINK * undo * np.eye(d)
            kernel[sums, sums] = SHRINK * undo * np.eye(outs)
            kernel[unit, sums] = SHRINK * outputs[i - 1]
            bias[:d] += SHRINK * offset
            bias[sums] += SHRINK * offset
            kernel[:d, unit] = undo * directions[:, i]
            bias[unit] = biases[i] + offset * directions[:, i].sum()
        layers.append((kernel, bias))
    last = np.zeros((width, outs))
    last[unit], last[sums] = outputs[n - 1], undo * np.eye(outs)
    layers.append((last, outputs[n] + offset))
    return layers


def forward(layers, x, function):
    """Return what a network gives: all layers but the last have the activation."""
    for kernel, bias in layers[:-1]:
        x = function(x @ kernel + bias)
    kernel, bias = layers[-1]
    return x @ kernel + bias


def constructed(activation, x, targets, depth, random):
    """Return the largest error of a narrow network that is constructed, not trained."""
    layers = stand_up(activation, *shallow(activation, x, targets, depth, random))
    return np.abs(forward(layers, x, ACTIVATIONS[activation][0]) - targets).max()


def errors_by_depth(draws, activation, name, goal, replicate=0):
    """Map depths to the error there, up to the first depth that reaches the goal."""
    inputs, function = FUNCTIONS[name]
    x = points(inputs)
    found = {}
    for depth in LAYERS:
        random = draws(replicate, f"units {activation} {name} {depth}")
        found[depth] = constructed(activation, x, function(x), depth, random)
        if found[depth] < goal:
            break
    return found


def theorem(draws):
    """Deepen narrow networks until the errors are reached."""
    for activation in ACTIVATIONS:
        for name, (inputs, function) in FUNCTIONS.items():
            found = errors_by_depth(draws, activation, name, min(ERRORS))
            yield {
                "part": "theorem",
                "activation": activation,
                "function": name,
                "width": inputs + function(points(inputs)).shape[1] + 2,
                **{
                    f"layers_{error:g}": next(
                        (d for d in found if found[d] < error), np.inf
                    )
                    for error in ERRORS
                },
                "excess": max(min(found.values()) / min(ERRORS) - 1, 0),
            }


def needed(draws, replicates):
    """Count the layers with which tanh networks reach an error, for every seed."""
    for replicate in range(replicates):
        for name, error in NEEDED:
            found = errors_by_depth(draws, "tanh", name, error, replicate)
            yield {
                "part": "layers needed",
                "function": name,
                "error": error,
                "replicate": replicate,
                "layers": float(max(found)),
            }


def sizes(network, depth):
    """Return the units of each hidden layer; both kinds have as many weights."""
    if network == "width 4":
        return (WIDTH,) * depth
    weights = 2 * WIDTH + (depth - 1) * (WIDTH + 1) * WIDTH + WIDTH + 1
    return (round((weights - 1) / 3),)


def initial(sizes, seeds):
    """Draw Glorot's uniform weights for each seed, with zero biases."""
    layers = []
    for fan_in, fan_out in zip((1, *sizes), (*sizes, 1), strict=True):
        limit = np.sqrt(6 / (fan_in + fan_out))
        kernels = [each.uniform(-limit, limit, (fan_in, fan_out)) for each in seeds]
        layers += [np.stack(kernels), np.zeros((len(seeds), 1, fan_out))]
    return layers


def gradients(layers, x, targets):
    """Return the gradient of each network's mean squared error, by back-propagation."""
    outputs = [np.broadcast_to(x, (len(layers[0]), *x.shape))]
    for kernel, bias in zip(layers[:-2:2], layers[1:-2:2], strict=True):
        outputs.append(np.tanh(outputs[-1] @ kernel + bias))
    back = 2 * (outputs[-1] @ layers[-2] + layers[-1] - targets) / len(x)
    found = []
    for kernel, below in zip(layers[-2::-2], outputs[::-1], strict=True):
        found += [back.sum(1, keepdims=True), below.swapaxes(1, 2) @ back]
        back = (back @ kernel.swapaxes(1, 2)) * (1 - below**2)
    return found[::-1]


def train(layers, x, targets, steps):
    """Train all networks at once by Adam, whose rate falls to 0 along a line."""
    means = [np.zeros_like(each) for each in layers]
    squares = [np.zeros_like(each) for each in layers]
    for t in range(1, steps + 1):
        rate = RATE * (1 - (t - 1) / steps) * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        for each, g, mean, square in zip(
            layers, gradients(layers, x, targets), means, squares, strict=True
        ):
            mean += 0.1 * (g - mean)
            square += 0.001 * (g * g - square)
            each -= rate * mean / (np.sqrt(square) + 1e-7)
    return layers


def trained(draws, network, depth, replicates, steps):
    """Return the largest errors on every target, a row a replicate."""
    seeds = [
        draws(i, f"{network} {depth} {target}")
        for target in TARGETS
        for i in range(replicates)
    ]
    x, fine = np.linspace(-1, 1, EXAMPLES)[:, None], points(1)

    def expected(at):
        return np.repeat([f(at) for f in TARGETS.values()], replicates, axis=0)

    layers = train(initial(sizes(network, depth), seeds), x, expected(x), steps)
    pairs = list(zip(layers[::2], layers[1::2], strict=True))
    errors = np.abs(forward(pairs, fine, np.tanh) - expected(fine)).max((1, 2))
    return errors.reshape(len(TARGETS), replicates)


def networks(draws, replicates, steps):
    """Compare narrow networks, constructed and trained, with trained wide layers."""
    x = points(1)
    for depth in DEPTHS:
        errors = {
            f"{network}, trained": trained(draws, network, depth, replicates, steps)
            for network in ("width 4", "one wide layer")
        }
        errors["width 4, constructed"] = np.array(
            [
                [
                    constructed("tanh", x, f(x), depth, draws(i, "units"))
                    for i in range(replicates)
                ]
                for f in TARGETS.values()
            ]
        )
        for network, found in errors.items():
            for target, row in zip(TARGETS, found, strict=True):
                for replicate, error in enumerate(row):
                    yield {
                        "part": "networks",
                        "network": network,
                        "target": target,
                        "depth": depth,
                        "replicate": replicate,
                        "largest_error": error,
                        "log_error": np.log10(error),
                        "reached": float(error < SUCCESS),
                    }


def run(draws, replicates, steps):
    return pd.DataFrame(
        [
            *theorem(draws),
            *needed(draws, replicates),
            *networks(draws, replicates, steps),
        ]
    )


def arm(network):
    return {"network": network, "target": "sin", "depth": DEPTHS[-1]}


def layers(function, error):
    return {"part": "layers needed", "function": function, "error": error}


EXPERIMENT = Simulation(
    title="Universal approximation: width 4, any depth",
    claims=(
        Claim(
            "d2-29",
            verdict=Exact(measure="excess", where={"part": "theorem"}, tolerance=0),
            scaled="five functions of one or two variables, four activations and "
            f"errors down to {min(ERRORS):g}, where the theorem speaks of all",
        ),
        Claim(
            "d2-30",
            verdict=Greater(
                measure="log_error",
                arm=arm("width 4, trained"),
                than=arm("width 4, constructed"),
                delta=0.3,
            ),
        ),
        Claim(
            "d2-32",
            verdict=Shape(
                Greater(
                    measure="layers",
                    arm=layers("sin(πx)", 0.01),
                    than=layers("sin(πx)", 0.1),
                ),
                Greater(
                    measure="layers",
                    arm=layers("sin(4πx)", 0.1),
                    than=layers("sin(πx)", 0.1),
                ),
            ),
        ),
    ),
    run=run,
    settings={"replicates": 10, "steps": 1_000},
    measures=(
        Column("excess", "", "error beyond the one to reach, as a share of it"),
        Column("largest_error", "", "largest error on [-1, 1]"),
        Column("log_error", "log10", "largest error"),
        Column("reached", "", "largest error below 0.1"),
        Column("layers", "layers", "layers that reach the error"),
    ),
    figures=(
        Trend(
            "log_error",
            x="depth",
            hue="network",
            panels="target",
            where={"part": "networks"},
            log=True,
            title="Largest error on [-1, 1]: narrow networks constructed after the "
            "theorem's proof, the same ones trained, and one trained layer with as "
            "many weights as the narrow network of that depth",
        ),
    ),
    tables=(
        Table(
            "Trained and constructed networks, over the seeds with 95 % intervals",
            where={"part": "networks"},
            by=("target", "depth", "network"),
            columns={
                "target": "target",
                "depth": "depth of the narrow one",
                "network": "network",
                "largest_error": "largest error",
                "reached": "below 0.1",
            },
        ),
        Table(
            "Layers with which a constructed tanh network of width 4 reaches an error",
            where={"part": "layers needed"},
            by=("function", "error"),
            columns={
                "function": "function",
                "error": "error to reach",
                "layers": "layers",
            },
        ),
        Table(
            "Layers of width d+D+2 with which the construction brings the largest "
            "error below 0.3, 0.1 and 0.03",
            where={"part": "theorem"},
            columns={
                "function": "function",
                "activation": "activation",
                "width": "width",
                **{f"layers_{error:g}": f"layers for {error:g}" for error in ERRORS},
                "excess": "excess over the smallest",
            },
        ),
    ),
    differences=(
        (
            "what is shown",
            "that weights exist",
            "weights, by the construction of proof",
        ),
        (
            "layers needed",
            "no bound is given",
            "those that the construction takes, in powers of two: an upper bound",
        ),
        (
            "step target",
            "not continuous: outside the theorem",
            "shown, since no continuous network comes nearer than half the jump",
        ),
    ),
    smoke={"settings": {"replicates": 3, "steps": 100}},
)
