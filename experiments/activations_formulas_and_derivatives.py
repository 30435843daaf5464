"""Activations and their slopes are what the lectures print, but for four statements."""

from functools import partial

import keras
import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar

from study.activations import (
    elu,
    leaky_relu,
    log_sigmoid,
    mish,
    relu,
    sigmoid,
    sinc,
    softmax,
    softplus,
    softsign,
    step,
    swish,
    tanh,
)
from study.gradients import gradient
from study.lab.experiment import Claim, Erratum, Simulation
from study.lab.figures import Deviations, Functions, Table
from study.lab.measures import Column
from study.lab.verdicts import Exact

GRID = np.arange(-1_000, 1_001) / 100  # from -10 to 10, with 0 and every kink
BETWEEN = GRID[:-1] + 0.005  # central differences need points off the kinks
FAR = np.array([-1e300, 1e300])
TOLERANCE = 1e-12  # float64 rounds at 2e-16; a formula takes some tens of roundings
SATURATED = 0.01  # a slope below this counts as saturated
INPUTS = (0.5, 1.0, 2.0, 4.0)  # of a unit whose slope in its weight is looked at


def logistic(x):
    return 1 / (1 + np.exp(-x))


def sinc_slope(x):
    away = np.where(x == 0, 1, x)
    return np.where(x == 0, 0, (np.cos(away) - np.sin(away) / away) / away)


def mish_slope(x):
    gate = np.tanh(np.log1p(np.exp(x)))
    return gate + x * (1 - gate**2) * logistic(x)


# Each activation: the component, Keras's function, the slope in closed form and the
# arguments it is checked with.
ACTIVATIONS = {
    "sigmoid": (
        sigmoid,
        keras.activations.sigmoid,
        lambda x: logistic(x) * (1 - logistic(x)),
        ({},),
    ),
    "tanh": (
        tanh,
        keras.activations.tanh,
        lambda x: 4 / (np.exp(x) + np.exp(-x)) ** 2,
        ({},),
    ),
    "step": (
        step,
        lambda x, threshold: keras.ops.heaviside(x - threshold, 1.0),
        lambda x, threshold: np.zeros_like(x),
        tuple({"threshold": each} for each in (0.0, -1.0, 0.5, 3.0)),
    ),
    "softplus": (softplus, keras.activations.softplus, logistic, ({},)),
    "ReLU": (relu, keras.activations.relu, lambda x: 1.0 * (x > 0), ({},)),
    "softsign": (
        softsign,
        keras.activations.softsign,
        lambda x: 1 / (1 + abs(x)) ** 2,
        ({},),
    ),
    "ELU": (
        elu,
        keras.activations.elu,
        lambda x, alpha: np.where(x > 0, 1, alpha * np.exp(x)),
        tuple({"alpha": each} for each in (1.0, 0.5, 2.0)),
    ),
    "log-sigmoid": (
        log_sigmoid,
        keras.activations.log_sigmoid,
        lambda x: logistic(-x),
        ({},),
    ),
    "swish": (
        swish,
        keras.activations.silu,
        lambda x: logistic(x) * (1 + x * (1 - logistic(x))),
        ({},),
    ),
    "sinc": (sinc, lambda x: keras.ops.sinc(x / np.pi), sinc_slope, ({},)),
    "leaky ReLU 0.01": (
        leaky_relu,
        keras.activations.leaky_relu,
        lambda x, negative_slope: np.where(x > 0, 1, 0.01),
        ({"negative_slope": 0.01},),
    ),
    "leaky ReLU 0.1": (
        leaky_relu,
        keras.activations.leaky_relu,
        lambda x, negative_slope: np.where(x > 0, 1, 0.1),
        ({"negative_slope": 0.1},),
    ),
    "mish": (mish, keras.activations.mish, mish_slope, ({},)),
}

# What the lectures print, letter by letter: the claim, the activation and the formula.
PRINTED = {
    "d0-09": ("ReLU", lambda x: np.where(x > 0, x, 0)),
    "d0-18": ("leaky ReLU 0.01", lambda x, **_: np.where(x > 0, x, 0.01 * x)),
    "d0-19": ("swish", lambda x: x / (1 + np.exp(-x))),
    "d2-05": ("sigmoid", lambda x: 1 / (1 + np.exp(-x))),
    "d2-06": ("tanh", np.tanh),
    "d2-07": ("step", lambda x, threshold: np.where(x < threshold, 0, 1)),
    "d2-08": ("softplus", lambda x: np.log(1 + np.exp(x))),
    "d2-09": ("ReLU", lambda x: np.where(x < 0, 0, x)),
    "d2-10": ("softsign", lambda x: x / (1 + abs(x))),
    "d2-11": ("ELU", lambda x, alpha: np.where(x < 0, alpha * (np.exp(x) - 1), x)),
    "d2-12": ("log-sigmoid", lambda x: np.log(1 / (1 + np.exp(-x)))),
    "d2-13": ("swish", lambda x: x / (1 + np.exp(-x))),
    "d2-14": ("sinc", lambda x: np.sin(x) / x),
    "d2-15": ("leaky ReLU 0.1", lambda x, **_: np.maximum(0.1 * x, x)),
    "d2-16": ("mish", lambda x: x * np.tanh(np.log(1 + np.exp(x)))),
    "d3-18": ("leaky ReLU 0.1", lambda x, **_: np.maximum(0.1 * x, x)),
    "d3-19": ("ELU", lambda x, alpha: np.where(x > 0, x, alpha * (np.exp(x) - 1))),
    "d3-37": ("ReLU", lambda x: np.maximum(0, x)),
}
FACTS = ("d0-08", "d1-03", "d2-17", "d2-18", "d2-19", "d2-20", "d3-10")


def numpy(function, x, **arguments):
    """Return what a component or Keras gives in float64."""
    return np.asarray(function(keras.ops.convert_to_tensor(x), **arguments))


def slopes(function, x, **arguments):
    """Return the slopes that automatic differentiation finds."""
    return gradient(lambda x: keras.ops.sum(function(x, **arguments)), x)


def central_differences(function, x, step=1e-5, **arguments):
    up, down = (numpy(function, x + each, **arguments) for each in (step, -step))
    return (up - down) / (2 * step)


def error(found, wanted):
    """Return the largest error, relative to numbers beyond 1.

    Where `wanted` has no value it counts as 1.
    """
    errors = abs(found - wanted) / np.maximum(1, abs(wanted))
    return float(np.where(np.isnan(wanted), 1, errors).max())


def definitions():
    """Compare each printed formula with the component and Keras, and their slopes."""
    for claim, (name, formula) in PRINTED.items():
        component, twin, slope, variants = ACTIVATIONS[name]
        for each in variants:
            with np.errstate(invalid="ignore"):  # 0 / 0
                printed = formula(GRID, **each)
            found = slopes(component, GRID, **each)
            central = central_differences(component, BETWEEN, **each)
            yield {
                "part": "definition",
                "claim": claim,
                "activation": name,
                "check": f"{claim} {name}",
                "arguments": ", ".join(f"{k} {v:g}" for k, v in each.items()),
                "deviation": error(numpy(component, GRID, **each), printed),
                "keras_error": error(numpy(twin, GRID, **each), printed),
                "slope_error": error(found, slope(GRID, **each)),
                "central_error": error(central, slope(BETWEEN, **each)),
            }


def fact(claim, check, deviation, **more):
    return {
        "part": "fact",
        "claim": claim,
        "check": f"{claim} {check}",
        "deviation": deviation,
        **more,
    }


def bound():
    """Look for slopes of a sigmoid unit in its weight that exceed 1/4."""
    for value in INPUTS:
        found = slopes(lambda w, value=value: sigmoid(w * value), GRID)
        yield fact(
            "d0-08",
            f"∂σ(w·x)/∂w - 1/4, x = {value:g}",
            max(0, found.max() - 0.25),
            input=value,
            largest_slope=found.max(),
        )


def falling(values):
    """Return the share of steps at which values do not rise."""
    return np.mean(np.diff(values) <= 0)


def plots():
    """Check the shapes of the two plots: an S, and a bump with 0 on both sides."""
    slope = slopes(sigmoid, GRID)
    left, right = slope[GRID <= 0], slope[GRID >= 0]
    yield fact("d1-03", "σ does not rise", falling(numpy(sigmoid, GRID)))
    bent = max(falling(left), falling(-right))
    yield fact("d1-03", "σ′ does not rise, then fall", bent)
    yield fact("d1-03", "σ′ far out", slopes(sigmoid, FAR).max())


def outside(function, low, high):
    """Tell how far an open range is from what a function takes.

    It is the share of the grid's values that the range leaves out or, if larger, the
    gap between its ends and the values far out, 1/|value| for an infinite end.
    """
    values, far = numpy(function, GRID), numpy(function, FAR)
    gaps = [
        abs(value - end) if np.isfinite(end) else 1 / abs(value)
        for value, end in zip(far, (low, high), strict=True)
    ]
    return max(np.mean((values <= low) | (values >= high)), *gaps)


def table_of_slopes():
    """Check the lecture's table: slopes on the grid, and ranges."""
    for claim, name, range_ in (
        ("d2-17", "sigmoid", (0, 1)),
        ("d2-18", "tanh", (-1, 1)),
        ("d2-19", "ReLU", (0, np.inf)),
    ):
        component, _, slope, _ = ACTIVATIONS[name]
        found = slopes(component, GRID)
        central = central_differences(component, BETWEEN)
        yield fact(
            claim,
            f"slope of {name}",
            error(found, slope(GRID)),
            central_error=error(central, slope(BETWEEN)),
        )
        yield fact(claim, f"range of {name}", outside(component, *range_))


def jacobian(x):
    """Return the partial derivatives of the softmax, a row an output."""
    return np.stack([gradient(lambda x, i=i: softmax(x)[i], x) for i in range(len(x))])


def softmax_jacobian(draws, replicates):
    """Compare the Jacobian of the softmax with the formula, on random inputs."""
    errors, sums, centrals = [], [], []
    for replicate in range(replicates):
        random = draws(replicate, "softmax")
        x = 3 * random.standard_normal(2 + replicate)
        s = np.exp(x) / np.exp(x).sum()
        found = jacobian(x)
        wanted = s[:, None] * (np.eye(len(x)) - s)
        errors.append(error(found, wanted))
        sums.append(abs(found.sum(axis=1)).max())
        columns = [
            central_differences(
                lambda h, x=x, j=j: softmax(x + h * np.eye(len(x))[j]), np.zeros(1)
            )
            for j in range(len(x))
        ]
        centrals.append(error(np.stack(columns, axis=1), wanted))
    yield fact("d2-20", "Jacobian of softmax", max(errors), central_error=max(centrals))
    yield fact("d2-20", "sums of its rows", max(sums))


def saturated(slope):
    return np.mean(abs(slope) < SATURATED)


def saturation():
    """Count where ReLU's slope vanishes."""
    slope = slopes(relu, GRID)
    yield fact("d3-10", "share where ReLU is saturated", saturated(slope))
    yield fact("d3-10", "the same where x > 0", saturated(slope[GRID > 0]))


def lowest(function):
    """Return where a function is least on the grid's range, and its value there."""
    nearest = GRID[function(GRID).argmin()]
    ends = max(nearest - 0.01, GRID[0]), min(nearest + 0.01, GRID[-1])
    found = minimize_scalar(
        lambda x: float(function(np.array([x]))[0]),
        bounds=ends,
        method="bounded",
        options={"xatol": 1e-10},
    )
    return found.x, found.fun


def extremes():
    """Find the least value, the range of slopes and the saturated share of each."""
    for name, (component, _, slope, (arguments, *_)) in ACTIVATIONS.items():
        value = partial(numpy, component, **arguments)
        rise = partial(slope, **arguments)
        fall = partial(falls, rise)
        at, least = lowest(value)
        inside = value(GRID[[0, -1]]).min() > least
        yield {
            "part": "extremes",
            "activation": name,
            "minimum": least if inside else np.nan,
            "minimum_at": at if inside else np.nan,
            "least_slope": lowest(rise)[1],
            "largest_slope": -lowest(fall)[1],
            "saturated": 100 * saturated(rise(GRID)),
        }


def falls(slope, x):
    return -slope(x)


def leaky_slopes():
    """Read the slope below 0 off each leaky ReLU."""
    for where, function in (
        ("Deep Learning, line 118", PRINTED["d0-18"][1]),
        ("structure, optimization, back-propagation, line 181", PRINTED["d2-15"][1]),
        ("weight update, line 150", PRINTED["d3-18"][1]),
        ("keras.activations.leaky_relu", keras.activations.leaky_relu),
        ("keras.layers.LeakyReLU", keras.layers.LeakyReLU(dtype="float64")),
    ):
        below = np.asarray(function(np.array([-1.0])))
        yield {"part": "leaky", "check": where, "negative_slope": -float(below[0])}


def drawn():
    """Take every twentieth point of the grid for the figure."""
    x = GRID[::20]
    for name, (component, _, _, (arguments, *_)) in ACTIVATIONS.items():
        values = numpy(component, x, **arguments)
        for point in zip(x, values, slopes(component, x, **arguments), strict=True):
            named = dict(zip(("x", "value", "slope"), point, strict=True))
            yield {"part": "drawn", "activation": name, **named}


def run(draws, replicates):
    return pd.DataFrame(
        [
            *definitions(),
            *bound(),
            *plots(),
            *table_of_slopes(),
            *softmax_jacobian(draws, replicates),
            *saturation(),
            *extremes(),
            *leaky_slopes(),
            *drawn(),
        ]
    )


EXPERIMENT = Simulation(
    title="Activations: formulas and derivatives",
    about=(*dict.fromkeys(each[0] for each in ACTIVATIONS.values()), softmax),
    claims=tuple(
        Claim(
            id,
            verdict=Exact(
                measure="deviation", where={"claim": id}, tolerance=TOLERANCE
            ),
        )
        for id in sorted((*PRINTED, *FACTS))
    ),
    run=run,
    settings={"replicates": 10},
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
            where={"part": "drawn"},
            title="The activations f and their slopes f′",
            bottom=-1.6,
            top=2.6,
            xlabel="x",
            ylabel="f(x) and f′(x)",
            jump=0.5,
        ),
        Deviations(
            "deviation",
            by="check",
            where={"part": "fact"},
            limit=TOLERANCE,
            title="What is claimed about slopes, bounds and ranges, against float64",
        ),
    ),
    tables=(
        Table(
            "Extremes between -10 and 10. A minimum is listed where it lies inside; "
            f"saturated is where the slope is below {SATURATED:g}",
            where={"part": "extremes"},
            columns={
                "activation": "activation",
                "minimum": "minimum",
                "minimum_at": "at x =",
                "least_slope": "least slope",
                "largest_slope": "largest slope",
                "saturated": "saturated (%)",
            },
        ),
        Table(
            "The slope of a sigmoid unit in its weight, by the unit's input",
            where={"claim": "d0-08"},
            columns={"input": "input", "largest_slope": "largest ∂σ(w·x)/∂w"},
        ),
        Table(
            "The slope of leaky ReLU below 0, where nothing else is said",
            where={"part": "leaky"},
            columns={"check": "where", "negative_slope": "slope"},
        ),
        Table(
            "Each printed formula on 2,001 points from -10 to 10: largest deviations "
            "of values from the formula and of slopes from their closed form",
            where={"part": "definition"},
            columns={
                "claim": "claim",
                "activation": "activation",
                "arguments": "with",
                "deviation": "ours",
                "keras_error": "Keras",
                "slope_error": "slope by autodiff",
                "central_error": "by central differences",
            },
        ),
    ),
    errata=(
        Erratum(
            id="E01",
            claim="d0-08",
            where="d0:50",
            says="∂sigmoid/∂w is at most 1/4",
            correction="the slope in the pre-activation is, ∂σ(a)/∂a ≤ 1/4; in a "
            "weight it is that times the input, so it holds for inputs within [-1, 1], "
            "as behind another sigmoid",
        ),
        Erratum(
            id="E09",
            claim="d2-14",
            where="d2:175",
            says="sinc is sin(x)/x, also at 0",
            correction="0/0 has no value: sinc(0) is set to the limit, 1. Libraries "
            "often mean sin(πx)/(πx), Keras too",
        ),
        Erratum(
            id="E10",
            claim="d2-19",
            where="d2:201",
            says="the range of ReLU is (0, ∞)",
            correction="[0, ∞): half of the line is mapped to 0 itself",
        ),
        Erratum(
            id="E45",
            claim="d3-10",
            where="d3:84-86",
            says="ReLU does not saturate",
            correction="only above 0: its slope is 0 on the whole negative half",
        ),
    ),
    differences=(
        ("slope of the step", "not given", "0 everywhere: nothing below it learns"),
        (
            "slope at a kink",
            "ReLU 0 at 0, others not given",
            "the one from the left, as in Keras",
        ),
        (
            "slope of leaky ReLU",
            "0.01 in one lecture, 0.1 in two others",
            "each judged by its own; an argument of one component",
        ),
        (
            "float64",
            "not meant",
            "ours to the last digits; Keras keeps leaky ReLU's slope in float32",
        ),
    ),
    smoke={"settings": {"replicates": 3}},
)
