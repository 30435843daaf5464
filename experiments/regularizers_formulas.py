"""The penalties L2, L1 and both, and the max-norm bound, agree with their formulas."""

from functools import partial

import keras
import numpy as np

from study.constraints import MaxNorm
from study.gradients import gradient, value
from study.lab.declare.facts import Facts, fact
from study.lab.declare.finding import Takeaway
from study.regularizers import L1, L1L2, L2
from study.theory.checks import central_gradient
from study.theory.penalties import PENALTIES, away_from_zero, bounded, of_norms, squares

INPUTS, UNITS = 20, 12
TOLERANCE = 1e-9  # central differences of sums near 100 round by some 1e-10
STEP = 1e-3  # differences of quadratics and, off the kink, of sizes are exact
STRENGTHS = (1e-5, 1e-2, 0.7)  # the lecture's range of λ, and a large one
BOUNDS = (0.25, 1.0, 4.0)  # c
ON_THE_BOUND = "share of units with Σw² not below c"
NORMS = np.geomspace(0.2, 8, UNITS)  # on both sides of every bound


def kinds(strength):
    """Map each penalty at a strength λ to (ours, Keras's)."""
    half, twice = strength / 2, 2 * strength
    theirs = keras.regularizers
    return {
        "½λw²": (L2(strength), theirs.L2(half)),
        "λ|w|": (L1(strength), theirs.L1(strength)),
        "both": (L1L2(strength, twice), theirs.L1L2(strength, strength)),
    }


def penalties(w):
    """Yield how far values and slopes of the penalties are from their formulas."""
    for strength in STRENGTHS:
        for name, (ours, theirs) in kinds(strength).items():
            formula, slope = (partial(f, strength=strength) for f in PENALTIES[name])
            central = central_gradient(formula, w, STEP)
            for what, found, wanted in (
                ("value", value(ours, w), formula(w)),
                ("slope", gradient(ours, w), slope(w)),
                ("slope, central differences", central, slope(w)),
            ):
                yield "d4-28", f"{name}: {what}", found, wanted
            # Keras keeps strengths in single precision
            single = np.asarray(theirs(w.astype("float32")), "float64")
            yield "beside", f"{name}: value, relative, Keras", single / formula(w), 1


def projected(constraint, w):
    return keras.ops.convert_to_numpy(constraint(keras.ops.convert_to_tensor(w)))


def max_norm(w):
    """Yield how far the projected weights are from Σw² ≤ c, with and without a root."""
    for c in BOUNDS:
        ours = projected(MaxNorm(np.sqrt(c)), w)
        yield "d4-29", "Σw² beyond c, max_value √c", max(0, squares(ours).max() - c)
        yield "d4-29", "projection, max_value √c", ours, bounded(w, c)
        yield "d4-29", "norm beyond √c", max(0, np.sqrt(squares(ours)).max() - c**0.5)
        yield "beside", ON_THE_BOUND, float(np.mean(squares(ours) >= c - TOLERANCE))
        for name, kind in (("ours", MaxNorm), ("Keras", keras.constraints.MaxNorm)):
            found = squares(projected(kind(c), w))
            # the norm itself is bounded by c, so that the sum may reach c²
            beyond = max(0, found.max() - c)
            yield "beside", f"Σw² beyond c, max_value c, {name}", beyond


def statements(draws, replicate):
    random = draws(replicate, "weights")
    yield from penalties(away_from_zero(random, (INPUTS, UNITS)))
    yield from max_norm(of_norms(random, INPUTS, NORMS))


EXPERIMENT = Facts(
    title="Regularizers: the formulas",
    about=(L1, L2, L1L2, MaxNorm),
    statements=statements,
    claims=(
        "d4-28",
        fact(
            "d4-29",
            "seed",
            TOLERANCE,
            condition="c itself is allowed, Σw² ≤ c",
            without={"statement": ON_THE_BOUND},
            claim="d4-29",
        ),
    ),
    takeaway=Takeaway(
        holds="The penalties L2, L1 and both together are what the slide writes, in "
        "value and slope.",
        fails="The penalties L2, L1 and both together are not what the slide writes.",
        evidence="of the lecture's statements about them and max-norm {held} hold.",
    ),
    tolerance=TOLERANCE,
    replicates=5,
    smoke=1,
    figure="Largest deviation of each statement over the seeds; those "
    "of Keras are in single precision, and the last two are what comes of "
    "handing c itself to a bound on the norm",
    differences={
        "numbers": ("symbols", f"float64, {INPUTS} weights of {UNITS} units, 5 seeds"),
        "λ for L1 + L2": (
            "one symbol for both",
            "λ for |w| and 2λ for ½w², which are both one number in Keras",
        ),
        "c": ("not given", "0.25, 1 and 4, units on both sides of each"),
        "bound": ("below c", "at most c, to rounding; a unit put back lies on it"),
    },
)
