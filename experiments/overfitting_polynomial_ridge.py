"""Overfitting polynomials have huge coefficients, and ridge trades them for misfit."""

import itertools

import numpy as np

from study.lab.declare.controls import Control, Controlled
from study.lab.declare.facts import fact
from study.lab.declare.finding import (
    Anchor,
    Claim,
    Column,
    Difference,
    Number,
    Simulation,
    Takeaway,
)
from study.lab.declare.rows import tables
from study.lab.figures import Lines, Table
from study.lab.rules.verdicts import Lowers, Margin, Raises, Shape, Some
from study.theory.polynomials import features, fitted, noisy_sine, ridge_errors

EXAMPLES, NOISE = 15, 0.3
DEGREES = tuple(range(1, 16))
SIZES = (10, 15, 30, 100, 300)
SIMPLE, RIGHT, FLEXIBLE = 1, 3, 14
POWERS = range(-10, 3)  # of ten: the strengths of the ridge
LADDER = (-6, -2, 2)  # powers of ten that are compared
VERY = Margin(1, because="of ten times as large one says very large")
FACTS = {"degree": (1, 3, 6, 9, 14), "strength": (1e-3, 1e-1, 1e1)}
DRAWN = {
    "by_degree": {"training error": "train", "test error": "test"},
    "by_strength": {
        "norm of the coefficients": "norm",
        "sum of squared residuals": "misfit",
        "test error": "test",
    },
}


def sample(random, n):
    """Draw values of the sine at evenly spaced places."""
    x = np.linspace(0, 1, n)
    return x, noisy_sine(random, x, NOISE)


def fits(draws, replicate):
    """Sweep degree and number of examples, then the strength of the ridge."""
    sweeps = [(n, d, 0.0) for n in SIZES for d in DEGREES if d < n]
    ridges = [(EXAMPLES, FLEXIBLE, 10.0**power) for power in POWERS]
    for n, degree, strength in (*sweeps, *ridges):
        # the same noise for every degree and strength
        random = draws(replicate, f"polynomial {n}")
        cell = {"table": "fit", **polynomial(degree, n, strength)}
        found = fitted(random, *sample(random, n), degree, strength, NOISE)
        yield {**cell, "replicate": replicate, **found}


def drawn(rows):
    """List what a figure shows side by side, one quantity a row, in decades."""
    for row in rows:
        table = "by_strength" if row["strength"] else "by_degree"
        keys = ("examples", "degree", "strength", "replicate")
        cell = {key: row[key] for key in keys}
        for quantity, name in DRAWN[table].items():
            value = np.log10(row[name]) if name == "train" else row[name]
            yield {"table": table, "quantity": quantity, **cell, "value": value}


def facts(draws, replicate):
    """Compare the closed form with a zero gradient, least squares and weight decay."""
    x, y = sample(draws(replicate, "ridge"), EXAMPLES)
    for degree, strength in itertools.product(FACTS["degree"], FACTS["strength"]):
        cell = polynomial(degree, strength=strength) | {"replicate": replicate}
        for against, off in ridge_errors(features(x, degree), y, strength):
            yield {"table": "fact", "against": against, **cell, "deviation": off}


def run(draws, replicates):
    rows = []
    for replicate in range(replicates):
        found = list(fits(draws, replicate))
        shown = drawn(row for row in found if row["examples"] == EXAMPLES)
        rows += [*found, *shown, *facts(draws, replicate)]
    return tables(rows)


def polynomial(degree, examples=EXAMPLES, strength=0.0):
    return {"examples": examples, "degree": degree, "strength": strength}


def penalized(power):
    return {"strength": 10.0**power}


def lower(measure, arm, than):
    return Lowers(measure=measure, table="fit", arm=arm, than=than)


def larger(measure, arm, than, margin=None):
    return Raises(measure=measure, table="fit", arm=arm, than=than, margin=margin)


def trades(power, larger_power):
    """A stronger ridge lowers the norm and raises the misfit."""
    weaker, stronger = penalized(power), penalized(larger_power)
    return lower("norm", stronger, weaker), larger("misfit", stronger, weaker)


def above_right(degree):
    """By how many decades the test error is above that of the right degree."""
    one, right = (Number("test", polynomial(each), "fit") for each in (degree, RIGHT))
    return Difference(one, right)


EXPERIMENT = Simulation(
    title="Overfitting: polynomials and ridge",
    claims=(
        Claim(
            "d0-20",
            Shape(
                # too simple: both errors are higher
                lower("train", polynomial(RIGHT), polynomial(SIMPLE)),
                lower("test", polynomial(RIGHT), polynomial(SIMPLE)),
                # too flexible: it fits better and tests worse
                lower("train", polynomial(FLEXIBLE), polynomial(RIGHT)),
                lower("test", polynomial(RIGHT), polynomial(FLEXIBLE)),
            ),
        ),
        Claim(
            "d1-11",
            Shape(
                lower("test", polynomial(RIGHT), polynomial(FLEXIBLE)),
                larger("norm", polynomial(FLEXIBLE), polynomial(RIGHT), VERY),
                lower("test", polynomial(9, 300), polynomial(9, 10)),
                larger("norm", polynomial(9, 10), polynomial(9, 300), VERY),
            ),
        ),
        fact("d1-12", "fact", 1e-9),
        Claim(
            "d1-13",
            Shape(
                *itertools.chain(*map(trades, LADDER, LADDER[1:])),
                lower("test", penalized(-3), polynomial(FLEXIBLE)),
                lower("test", penalized(-3), penalized(2)),
            ),
        ),
        Claim(
            "d4-61",
            Controlled(
                Some(
                    lower("test", polynomial(RIGHT), polynomial(FLEXIBLE)),
                    lower("test", polynomial(RIGHT), polynomial(9)),
                ),
                Control(
                    "all features fit the training set better",
                    lower("train", polynomial(FLEXIBLE), polynomial(RIGHT)),
                    "more features, or fewer examples",
                ),
            ),
        ),
    ),
    takeaway=Takeaway(
        holds="Too simple a polynomial underfits, too flexible a one overfits",
        fails="That too simple a polynomial underfits and too flexible a one overfits "
        "does not show",
        open="Whether too simple a polynomial underfits and too flexible a one "
        "overfits stays open",
        evidence="on 15 examples the test error of degree 1 is {simple} above that of "
        "degree 3, and that of degree 14 {flexible}; a decade is a factor of ten.",
        numbers={"simple": above_right(SIMPLE), "flexible": above_right(FLEXIBLE)},
    ),
    run=run,
    measures=(
        Column("norm", "decades", "log10 of the norm of the coefficients"),
        Column("train", "", "mean squared error on the training set"),
        Column("misfit", "decades", "log10 of the sum of squared residuals"),
        Column("test", "decades", "log10 of the mean squared error on the test set"),
        Column("value", "decades", "log10 of the error or goal"),
        Column("deviation", "", "relative deviation"),
    ),
    figures=(
        Lines(
            "value",
            x="degree",
            hue="quantity",
            table="by_degree",
            limits=(-2.5, 2.5),
            title="Mean squared errors of polynomials fitted to 15 points, log10, "
            "against the degree",
        ),
        Lines(
            "norm",
            x="degree",
            hue="examples",
            table="fit",
            where={"strength": 0.0},
            title="Norm of the coefficients, log10, against the degree, by the number "
            "of examples",
        ),
        Lines(
            "value",
            x="strength",
            hue="quantity",
            table="by_strength",
            log="x",
            title="Ridge on a polynomial of degree 14, fitted to 15 points: log10 of "
            "both goals and of the mean squared error on the test set, against the "
            "strength λ",
        ),
    ),
    tables=(
        Table(
            "Without a penalty, 15 examples: means over the seeds with 95 % intervals. "
            "The noise alone leaves an error of 0.09, −1.05 in decades",
            table="fit",
            where={"examples": EXAMPLES, "strength": 0.0},
            by=("degree",),
        ),
        Table(
            "Degree 9, by the number of examples",
            table="fit",
            where={"degree": 9, "strength": 0.0},
            by=("examples",),
        ),
        Table(
            "Ridge, degree 14, 15 examples",
            table="fit",
            where={"examples": EXAMPLES, "degree": FLEXIBLE},
            by=("strength",),
            columns=("misfit", "norm", "test"),
            called={"strength": "λ"},
        ),
        Table(
            "The closed form (ΦᵀΦ + λI)⁻¹Φᵀy against three other ways to the least "
            "penalized sum of squares, at five degrees and three strengths: a gradient "
            "of 0 by central differences, least squares with rows of √λ below Φ, and "
            "2⁶⁰ steps of gradient descent with weight decay",
            table="fact",
            by=("against",),
        ),
    ),
    anchors=Anchor(
        source="Bishop 2006, Pattern Recognition and Machine Learning, table 1.1, "
        "one sample",
        measure="norm",
        arm=polynomial(9, examples=10),
        value=6.24,
        table="fit",
    ),
    differences={
        "data": (
            "a sketch of points and curves",
            "sin(2πx) with noise 0.3, evenly placed",
        ),
        "d4-61: features left out": (
            "not said of what",
            "the highest powers of x, of 14 and of 9, fitted without a network",
        ),
    },
)
