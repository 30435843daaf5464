"""The penalties L2, L1 and both, and the max-norm bound, agree with their formulas."""

import keras
import numpy as np

from study.constraints import MaxNorm
from study.gradients import gradient, value
from study.lab.experiment import Claim, Erratum, Simulation
from study.lab.figures import Deviations, Table
from study.lab.measures import Column
from study.lab.statements import checked
from study.lab.verdicts import Exact
from study.regularizers import L1, L1L2, L2

INPUTS, UNITS = 20, 12
TOLERANCE = 1e-9  # central differences of sums near 100 round by some 1e-10
STEP = 1e-3  # differences of quadratics and, off the kink, of sizes are exact
STRENGTHS = (1e-5, 1e-2, 0.7)  # the lecture's range of λ, and a large one
BOUNDS = (0.25, 1.0, 4.0)  # c


def penalties(strength):
    """List (name, ours, Keras's, formula, its slope) at a strength λ."""
    half, twice = strength / 2, 2 * strength
    keras_kinds = keras.regularizers
    return [
        (
            "½λw²",
            L2(strength),
            keras_kinds.L2(half),
            lambda w: half * (w**2).sum(),
            lambda w: strength * w,
        ),
        (
            "λ|w|",
            L1(strength),
            keras_kinds.L1(strength),
            lambda w: strength * np.abs(w).sum(),
            lambda w: strength * np.sign(w),
        ),
        (
            "both",
            L1L2(strength, twice),
            keras_kinds.L1L2(strength, strength),
            lambda w: strength * (np.abs(w) + w**2).sum(),
            lambda w: strength * (np.sign(w) + 2 * w),
        ),
    ]


def away_from_zero(random):
    """Draw weights of either sign, none so small that a difference crosses 0."""
    size = random.uniform(0.01, 2, (INPUTS, UNITS))
    return size * random.choice([-1.0, 1.0], size.shape)


def central_differences(function, w):
    slopes = np.zeros_like(w)
    for place in np.ndindex(w.shape):
        step = np.zeros_like(w)
        step[place] = STEP
        slopes[place] = (function(w + step) - function(w - step)) / (2 * STEP)
    return slopes


def apart(a, b):
    return float(np.abs(np.asarray(a) - np.asarray(b)).max())


def penalty_rows(w):
    """Yield how far values and slopes of the penalties are from their formulas."""
    for strength in STRENGTHS:
        for name, ours, theirs, formula, slope in penalties(strength):
            found = {
                "value": apart(value(ours, w), formula(w)),
                "slope": apart(gradient(ours, w), slope(w)),
                "slope, central differences": apart(
                    central_differences(formula, w), slope(w)
                ),
            }
            for what, deviation in found.items():
                yield "d4-28", f"{name}: {what}", deviation
            # Keras keeps strengths in single precision
            single = np.asarray(theirs(w.astype("float32")), "float64")
            relative = apart(single / formula(w), 1)
            yield "beside", f"{name}: value, relative, Keras", relative


def squares(w):
    """Return the sum of squares of every unit's incoming weights."""
    return (w**2).sum(axis=0)


def projected(constraint, w):
    return keras.ops.convert_to_numpy(constraint(keras.ops.convert_to_tensor(w)))


def max_norm_rows(w):
    """Yield how far the projected weights are from Σw² ≤ c, with and without a root."""
    for c in BOUNDS:
        outside = squares(w) > c
        ours = projected(MaxNorm(np.sqrt(c)), w)
        closed = np.where(outside, w * np.sqrt(c / squares(w)), w)
        yield "d4-29", "Σw² beyond c, max_value √c", max(0, squares(ours).max() - c)
        yield "d4-29", "projection, max_value √c", apart(ours, closed)
        yield "d4-29", "norm beyond √c", max(0, np.sqrt(squares(ours)).max() - c**0.5)
        for name, kind in (("ours", MaxNorm), ("Keras", keras.constraints.MaxNorm)):
            found = squares(projected(kind(c), w))
            # the norm itself is bounded by c, so that the sum may reach c²
            beyond = max(0, found.max() - c)
            yield "beside", f"Σw² beyond c, max_value c, {name}", beyond


def weights(random):
    """Draw units whose norms lie on both sides of every bound."""
    w = away_from_zero(random)
    norms = np.geomspace(0.2, 8, UNITS)
    return w * norms / np.sqrt(squares(w))


def statements(random):
    yield from penalty_rows(away_from_zero(random))
    yield from max_norm_rows(weights(random))


def run(draws, replicates):
    """Check every seed, and keep the largest deviation of each statement."""
    return checked(
        lambda replicate: statements(draws(replicate, "weights")), replicates
    )


EXPERIMENT = Simulation(
    title="Regularizers: the formulas",
    about=(L1, L2, L1L2, MaxNorm),
    claims=tuple(
        Claim(
            id,
            verdict=Exact(
                measure="deviation", where={"claim": id}, tolerance=TOLERANCE
            ),
        )
        for id in ("d4-28", "d4-29")
    ),
    run=run,
    settings={"replicates": 5},
    measures=(Column("deviation", "", "largest deviation"),),
    figures=(
        Deviations(
            "deviation",
            by="statement",
            where={"part": "largest"},
            limit=TOLERANCE,
            title="Largest deviation of each statement over the seeds; those "
            "of Keras are in single precision, and the last two are what comes of "
            "handing c itself to a bound on the norm",
        ),
    ),
    tables=(
        Table(
            "The largest deviation of each statement over the seeds",
            where={"part": "largest"},
            columns={
                "claim": "claim",
                "statement": "statement",
                "deviation": "largest deviation",
            },
        ),
    ),
    errata=(
        Erratum(
            id="E24",
            claim="d4-29",
            where="d4:152",
            says="a maximum L2 norm, enforced by a sum of squares below c",
            correction="the sum of squares is the squared norm, so that the largest "
            "norm is √c, and a weight put back lies on the bound, not below it. The "
            "paper and Keras bound the norm itself by c: hand them √c",
        ),
    ),
    differences=(
        ("numbers", "symbols", f"float64, {INPUTS} weights of {UNITS} units, 5 seeds"),
        (
            "λ for L1 + L2",
            "one symbol for both",
            "λ for |w| and 2λ for ½w², which are both one number in Keras",
        ),
        ("c", "not given", "0.25, 1 and 4, units on both sides of each"),
        ("bound", "below c", "at most c, to rounding"),
    ),
    smoke={"settings": {"replicates": 1}},
)
