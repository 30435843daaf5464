"""Activations and their slopes are what the lectures print, but for two ends."""

from functools import partial
from itertools import product

import keras
import numpy as np
from scipy.optimize import minimize_scalar

from study import activations as ours
from study.lab.declare.facts import conditional, exact, readings
from study.lab.declare.finding import Column, Number, Simulation, Takeaway
from study.lab.declare.rows import of, tables
from study.lab.figures import Deviations, Table
from study.theory import shapes
from study.theory.activations import PRINTED, SLOPES
from study.theory.shapes import falling, saturated, slopes, values

from .figures.functions import Functions

GRID = np.arange(-1_000, 1_001) / 100  # from -10 to 10, with 0 and every kink
BETWEEN = GRID[:-1] + 0.005  # central differences need points off the kinks
FAR = np.array([-1e300, 1e300])
TOLERANCE = 1e-12  # float64 rounds at 2e-16; a formula takes some tens of roundings
SATURATED = 0.01  # a slope below this counts as saturated
FACTS = ("d1-03", "d2-17", "d2-18", "d2-20")
SAID = "as it is said"  # the reading of a statement that has but one
AWAY, AT_0 = "x other than 0", "x = 0"
CLOSED, OPEN = "0 belongs to the range", "the range is open"
# The conditions that two claims lack.
LIMIT, WITH_0 = "x is not 0, where the limit, 1, is put", f"{CLOSED}, [0, ∞)"
INNER, WEIGHT = "in the pre-activation", "in a weight"
RIGHT, BOTH = "where x > 0", "on both sides of 0"


def at(name, *numbers):
    return tuple({name: each} for each in numbers)


def heaviside(x, threshold):
    return keras.ops.heaviside(x - threshold, 1.0)


# Each activation: the component, Keras's function and the arguments it is checked with.
theirs = keras.activations
ACTIVATIONS = {
    "sigmoid": (ours.sigmoid, theirs.sigmoid, ({},)),
    "tanh": (ours.tanh, theirs.tanh, ({},)),
    "step": (ours.step, heaviside, at("threshold", 0.0, -1.0, 0.5, 3.0)),
    "softplus": (ours.softplus, theirs.softplus, ({},)),
    "ReLU": (ours.relu, theirs.relu, ({},)),
    "softsign": (ours.softsign, theirs.softsign, ({},)),
    "ELU": (ours.elu, theirs.elu, at("alpha", 1.0, 0.5, 2.0)),
    "log-sigmoid": (ours.log_sigmoid, theirs.log_sigmoid, ({},)),
    "swish": (ours.swish, theirs.silu, ({},)),
    "sinc": (ours.sinc, lambda x: keras.ops.sinc(x / np.pi), ({},)),
    "leaky ReLU 0.01": (ours.leaky_relu, theirs.leaky_relu, at("negative_slope", 0.01)),
    "leaky ReLU 0.1": (ours.leaky_relu, theirs.leaky_relu, at("negative_slope", 0.1)),
    "mish": (ours.mish, theirs.mish, ({},)),
}


def definitions():
    """Compare each printed formula with the component and Keras, and their slopes."""
    for claim, (name, formula) in PRINTED.items():
        *functions, variants = ACTIVATIONS[name]
        compared = partial(shapes.formula_errors, functions, formula, SLOPES[name])
        grids = {AWAY: GRID[GRID != 0], AT_0: np.zeros(1)}
        for each, (where, x) in product(
            variants, grids.items() if name == "sinc" else [("all x", GRID)]
        ):
            yield {
                "claim": claim,
                "activation": name,
                "where": where,
                "arguments": ", ".join(f"{k} {v:g}" for k, v in each.items()),
                **compared(x, BETWEEN, **each),
            }


def row(claim, check, deviation, reading=SAID, **more):
    check = f"{claim} {check}"
    found = {"claim": claim, "reading": reading, "check": check}
    return {**found, "deviation": deviation, **more}


def facts():
    """Check what is claimed of plots, slopes, ranges and saturation."""
    slope = slopes(ours.sigmoid, GRID)
    yield row("d0-08", "∂σ(a)/∂a - 1/4", max(0, slope.max() - 0.25), INNER)
    for each in (0.5, 1.0, 2.0, 4.0):  # inputs of a unit
        most = slopes(lambda w, each=each: ours.sigmoid(w * each), GRID).max()
        beyond = max(0, most - 0.25)
        more = {"input": each, "largest_slope": most}
        yield row("d0-08", f"∂σ(w·x)/∂w - 1/4, x = {each:g}", beyond, WEIGHT, **more)
    # the two plots: an S, and a bump with 0 on both sides
    bent = max(falling(slope[GRID <= 0]), falling(-slope[GRID >= 0]))
    yield row("d1-03", "σ does not rise", falling(values(ours.sigmoid, GRID)))
    yield row("d1-03", "σ′ does not rise, then fall", bent)
    yield row("d1-03", "σ′ far out", slopes(ours.sigmoid, FAR).max())
    # the lecture's table of slopes and ranges
    for claim, name, ends in (
        ("d2-17", "sigmoid", (0, 1)),
        ("d2-18", "tanh", (-1, 1)),
        ("d2-19", "ReLU", (0, np.inf)),
    ):
        component, slope = ACTIVATIONS[name][0], SLOPES[name]
        deviation, central = shapes.slope_errors(component, slope, GRID, BETWEEN)
        closed = CLOSED if name == "ReLU" else SAID
        yield row(claim, f"slope of {name}", deviation, closed, central_error=central)
        grid, far = (values(component, x) for x in (GRID, FAR))
        if name == "ReLU":
            beyond = shapes.outside(grid[grid != 0], far, *ends)
            yield row(claim, "range of ReLU, and 0", beyond, CLOSED)
        apart = shapes.outside(grid, far, *ends)
        yield row(claim, f"range of {name}", apart, OPEN if name == "ReLU" else SAID)


def softmax_and_relu(draws, replicates):
    """Check the Jacobian of the softmax on random inputs, and where ReLU is flat."""
    randoms = [draws(each, "softmax") for each in range(replicates)]
    inputs = (3 * each.standard_normal(2 + i) for i, each in enumerate(randoms))
    found = (shapes.softmax_errors(ours.softmax, x) for x in inputs)
    errors, sums, centrals = zip(*found, strict=True)
    yield row("d2-20", "Jacobian of softmax", max(errors), central_error=max(centrals))
    yield row("d2-20", "sums of its rows", max(sums))
    slope = slopes(ours.relu, GRID)
    for reading, there in ((RIGHT, slope[GRID > 0]), (BOTH, slope)):
        share = saturated(there, SATURATED)
        yield row("d3-10", f"share saturated {reading}", share, reading)


def extremes():
    """Find the least value, the range of slopes and the saturated share of each."""
    least = partial(minimize_scalar, method="bounded", options={"xatol": 1e-10})
    for name, (component, _, (arguments, *_)) in ACTIVATIONS.items():
        found = partial(shapes.extremes, component, SLOPES[name], GRID, SATURATED)
        yield {"activation": name, **found(least, **arguments)}


def leaky_slopes():
    """Read the slope below 0 off each leaky ReLU."""
    for where, function in (
        ("Deep Learning, line 118", PRINTED["d0-18"][1]),
        ("structure, optimization, back-propagation, line 181", PRINTED["d2-15"][1]),
        ("weight update, line 150", PRINTED["d3-18"][1]),
        ("keras.activations.leaky_relu", keras.activations.leaky_relu),
        ("keras.layers.LeakyReLU", keras.layers.LeakyReLU(dtype="float64")),
    ):
        below = values(function, np.array([-1.0]))
        yield {"check": where, "negative_slope": -float(below[0])}


def drawn():
    """Take every twentieth point of the grid for the figure."""
    x = GRID[::20]
    for name, (component, _, (arguments, *_)) in ACTIVATIONS.items():
        points = shapes.points(component, x, **arguments)
        yield from ({"activation": name, **each} for each in points)


def run(draws, replicates):
    return tables(
        [
            *of("definition", definitions()),
            *of("fact", facts()),
            *of("fact", softmax_and_relu(draws, replicates)),
            *of("extremes", extremes()),
            *of("leaky", leaky_slopes()),
            *of("drawn", drawn()),
        ]
    )


def by_reading(claim, *names):
    return readings(claim, "fact", TOLERANCE, "reading", names, claim=claim)


EXPERIMENT = Simulation(
    title="Activations: formulas and derivatives",
    about=(*dict.fromkeys(each[0] for each in ACTIVATIONS.values()), ours.softmax),
    claims=(
        *exact([each for each in PRINTED if each != "d2-14"], TOLERANCE, "definition"),
        conditional(
            "d2-14", "definition", TOLERANCE, LIMIT, claim="d2-14", where=(AWAY, AT_0)
        ),
        *exact(FACTS, TOLERANCE, "fact"),
        conditional(
            "d2-19", "fact", TOLERANCE, WITH_0, claim="d2-19", reading=(CLOSED, OPEN)
        ),
        by_reading("d0-08", INNER, WEIGHT),
        by_reading("d3-10", RIGHT, BOTH),
    ),
    takeaway=Takeaway(
        of="d0-08",
        holds="The slope of the sigmoid is at most a quarter, in its pre-activation "
        "and in a weight.",
        depends="That the slope of the sigmoid is at most a quarter is true {where}: "
        "in the weight of an input of 4 it reaches {steepest}.",
        fails="The slope of the sigmoid exceeds a quarter, in its pre-activation and "
        "in a weight.",
        evidence="of the lectures' formulas and slopes {held} are right.",
        numbers={
            "steepest": Number(
                "largest_slope", {"claim": "d0-08", "input": 4.0}, "fact", unit=""
            )
        },
    ),
    run=run,
    measures=(
        Column("deviation", "", "largest deviation, relative where numbers exceed 1"),
        Column("value"),
        Column("slope"),
    ),
    figures=(
        Functions(
            panels="activation",
            x="x",
            lines={"value": "f", "slope": "f′"},
            table="drawn",
            title="The activations f and their slopes f′",
            bottom=-1.6,
            top=2.6,
            xlabel="x",
            ylabel="f(x) and f′(x)",
            jump=0.5,
        ),
        Deviations(
            by="check",
            table="fact",
            limit=TOLERANCE,
            title="What is claimed about slopes, bounds and ranges, against float64",
        ),
    ),
    tables=(
        Table(
            "Extremes between -10 and 10. A minimum is listed where it lies inside; "
            f"saturated is where the slope is below {SATURATED:g}",
            table="extremes",
            called={"minimum_at": "at x =", "saturated": "saturated (%)"},
        ),
        Table(
            "The slope of a sigmoid unit in its weight, by the unit's input",
            table="fact",
            where={"claim": "d0-08", "reading": WEIGHT},
            columns=("input", "largest_slope"),
            called={"largest_slope": "largest ∂σ(w·x)/∂w"},
        ),
        Table(
            "The slope of leaky ReLU below 0, where nothing else is said",
            table="leaky",
            called={"check": "where", "negative_slope": "slope"},
        ),
        Table(
            "Each printed formula on 2,001 points from -10 to 10: largest deviations "
            "of values from the formula and of slopes from their closed form",
            table="definition",
            called={
                "arguments": "with",
                "deviation": "ours",
                "keras_error": "Keras",
                "slope_error": "slope by autodiff",
                "central_error": "by central differences",
            },
        ),
    ),
    differences={
        "slope of the step": ("not given", "0 everywhere: nothing below it learns"),
        "slope at a kink": (
            "ReLU 0 at 0, others not given",
            "the one from the left, as in Keras",
        ),
        "two readings": (
            "∂sigmoid/∂w (d0-08); does not saturate (d3-10)",
            "both judged: the slope in the pre-activation or in a weight, which is "
            "that times the input; above 0, or below it too",
        ),
        "slope of leaky ReLU": (
            "0.01 in one lecture, 0.1 in two others",
            "each judged by its own; an argument of one component",
        ),
        "float64": (
            "not meant",
            "ours to the last digits; Keras keeps leaky ReLU's slope in float32",
        ),
    },
)
