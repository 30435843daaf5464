"""Width d+D+2 is enough if depth is not bounded; training misses the best weights."""

from itertools import product

import numpy as np

from study.lab.declare.finding import Column, Number, Simulation, Takeaway
from study.lab.declare.rows import tables
from study.lab.figures import Lines, Table
from study.lab.rules.verdicts import Cited, Margin, Raises, Shape, Some
from study.theory.activations import TANH
from study.theory.narrow_networks import ACTIVATIONS, constructed, grid
from study.theory.networks import forward, glorot_uniform
from study.theory.training import adam

WIDTH = 4  # d + D + 2 with one input and one output
DEPTHS = (1, 2, 4, 8, 16)
EXAMPLES = 64
RATES = (0.003, 0.01, 0.03)  # of which each trained network has the best
TWICE = Margin(2, "factor", because="by less nobody says that the best was missed")
DOUBLED = Margin(2, "factor", because="depths are tried in powers of two")
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
ERRORS = (0.3, 0.1, 0.03)
# The functions and errors whose layers are counted for every seed.
NEEDED = (("sin(πx)", 0.1), ("sin(πx)", 0.01), ("sin(4πx)", 0.1))
LAYERS = (4, 8, 16, 32, 64, 128, 256, 512, 1024)


def errors_by_depth(draws, activation, name, goal, replicate=0):
    """Map depths to the error there, up to the first depth that reaches the goal."""
    inputs, function = FUNCTIONS[name]
    x = grid(inputs)
    found = {}
    for depth in LAYERS:
        random = draws(replicate, f"units {activation} {name} {depth}")
        found[depth] = constructed(activation, x, function(x), depth, random)
        if found[depth] < goal:
            break
    return found


def theorem(draws):
    """Deepen narrow networks until the errors are reached."""
    for activation, (name, each) in product(ACTIVATIONS, FUNCTIONS.items()):
        inputs, function = each
        found = errors_by_depth(draws, activation, name, min(ERRORS))
        row = {"table": "theorem", "activation": activation, "function": name}
        row["width"] = inputs + function(grid(inputs)).shape[1] + 2
        for error in ERRORS:
            enough = (depth for depth in found if found[depth] < error)
            row[f"layers_{error:g}"] = next(enough, np.inf)
        yield row


def needed(draws, replicates):
    """Count the layers with which tanh networks reach an error, for every seed."""
    for replicate, (name, error) in product(range(replicates), NEEDED):
        depths = errors_by_depth(draws, "tanh", name, error, replicate)
        cell = {"function": name, "error": error, "replicate": replicate}
        yield {"table": "layers_needed", **cell, "layers": float(max(depths))}


def sizes(network, depth):
    """Return the units of each hidden layer; both kinds have as many weights."""
    if network == "width 4":
        return (WIDTH,) * depth
    weights = 2 * WIDTH + (depth - 1) * (WIDTH + 1) * WIDTH + WIDTH + 1
    return (round((weights - 1) / 3),)


def trained(draws, network, depth, replicates, steps):
    """Return the largest errors on each target and replicate, at the best rate."""
    x, fine = np.linspace(-1, 1, EXAMPLES)[:, None], grid(1)

    def expected(at):
        return np.repeat([f(at) for f in TARGETS.values()], replicates, axis=0)

    def errors(rate):
        seeds = [
            draws(i, f"{network} {depth} {target}")
            for target, i in product(TARGETS, range(replicates))
        ]
        layers = glorot_uniform((1, *sizes(network, depth), 1), seeds)
        adam(layers, x, expected(x), TANH, rate, steps)
        found = forward(layers, fine, np.tanh)[-1]
        return np.abs(found - expected(fine)).max((1, 2))

    return np.min([*map(errors, RATES)], 0).reshape(len(TARGETS), replicates)


def built(draws, depth, replicates):
    """Return the largest errors on each target and replicate, by construction."""
    x = grid(1)
    targets = [f(x) for f in TARGETS.values()]
    errors = [
        constructed("tanh", x, y, depth, draws(i, "units"))
        for y, i in product(targets, range(replicates))
    ]
    return np.reshape(errors, (len(TARGETS), replicates))


def networks(draws, replicates, steps):
    """Compare narrow networks, constructed and trained, with trained wide layers."""
    for depth in DEPTHS:
        errors = {
            f"{network}, trained": trained(draws, network, depth, replicates, steps)
            for network in ("width 4", "one wide layer")
        }
        errors["width 4, constructed"] = built(draws, depth, replicates)
        for network, found in errors.items():
            for (target, replicate), error in np.ndenumerate(found):
                yield {
                    "table": "networks",
                    "network": network,
                    "target": [*TARGETS][target],
                    "depth": depth,
                    "replicate": replicate,
                    "largest_error": error,
                    "log_error": np.log10(error),
                    "reached": float(error < SUCCESS),
                }


def run(draws, replicates, steps):
    found = networks(draws, replicates, steps)
    return tables([*theorem(draws), *needed(draws, replicates), *found])


def misses(depth):
    """Hold trained networks of a depth against those constructed."""
    arm, than = (
        {"network": f"width 4, {made}", "target": "sin", "depth": depth}
        for made in ("trained", "constructed")
    )
    cell = {"measure": "largest_error", "table": "networks"}
    return Raises(**cell, arm=arm, than=than, margin=TWICE)


def layers(function, error):
    return {"function": function, "error": error}


def takes_more(arm, than):
    cell = {"measure": "layers", "table": "layers_needed"}
    return Raises(**cell, arm=arm, than=than, margin=DOUBLED)


EXPERIMENT = Simulation(
    title="Universal approximation: width 4, any depth",
    claims={
        "d2-29": Cited(
            source="Kidger and Lyons 2020, COLT (PMLR 125): Universal "
            "approximation with deep narrow networks, theorem 3.2",
            note="the theorem as it stands on the slide (reported, not re-read). "
            "Twenty cases, built as in its proof, illustrate it here",
            read=False,
        ),
        "d2-30": Some(*map(misses, DEPTHS)),
        "d2-32": Shape(
            takes_more(layers("sin(πx)", 0.01), layers("sin(πx)", 0.1)),
            takes_more(layers("sin(4πx)", 0.1), layers("sin(πx)", 0.1)),
        ),
    },
    takeaway=Takeaway(
        of="d2-32",
        holds="Universal approximation does not say how deep",
        fails="That universal approximation leaves the depth open does not show",
        open="How much deeper universal approximation may have to go stays open",
        evidence="built as in its proof, a network of width 4 takes {coarse} to come "
        "within 0.1 of a sine, {fine} within 0.01, and {wild} within 0.1 of one four "
        "times as fast.",
        numbers={
            name: Number("layers", layers(*which), "layers_needed")
            for name, which in zip(("coarse", "fine", "wild"), NEEDED, strict=True)
        },
    ),
    run=run,
    settings={"replicates": 40, "steps": 2_000},
    measures=(
        Column("largest_error", "", "largest error on [-1, 1]"),
        Column("log_error", "log10", "largest error"),
        Column("reached", "", "largest error below 0.1"),
        Column("layers", "layers", "layers that reach the error"),
    ),
    figures=Lines(
        "log_error",
        x="depth",
        hue="network",
        panels="target",
        table="networks",
        log="x",
        title="Largest error on [-1, 1]: narrow networks constructed after the "
        "theorem's proof, the same ones trained, and one trained layer with as "
        "many weights as the narrow network of that depth",
    ),
    tables=(
        Table(
            "Trained and constructed networks, over the seeds with 95 % intervals",
            table="networks",
            by=("target", "depth", "network"),
            columns=("largest_error", "reached"),
            called={"depth": "depth of the narrow one"},
        ),
        Table(
            "Layers with which a constructed tanh network of width 4 reaches an error",
            table="layers_needed",
            by=("function", "error"),
            called={"error": "error to reach"},
        ),
        Table(
            "Layers of width d+D+2 with which the construction brings the largest "
            "error below 0.3, 0.1 and 0.03",
            table="theorem",
            called={f"layers_{error:g}": f"layers for {error:g}" for error in ERRORS},
        ),
    ),
    differences={
        "what is shown": (
            "that weights exist",
            "weights, by the construction of proof",
        ),
        "layers needed": (
            "no bound is given",
            "those that the construction takes, in powers of two: an upper bound",
        ),
        "training (d2-30)": "2,000 steps of Adam on the whole set, its rate falling to "
        "0: each network has the best of three rates for its own error",
        "step target": (
            "not continuous: outside the theorem",
            "shown, since no continuous network comes nearer than half the jump",
        ),
    },
    smoke={"settings": {"replicates": 3, "steps": 100}},
)
