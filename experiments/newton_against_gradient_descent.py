"""Newton's method pays in memory and flops for not minding the conditioning."""

import numpy as np
import pandas as pd

from study.lab.declare.facts import fact
from study.lab.declare.finding import Claim, Column, Number, Simulation, Takeaway
from study.lab.declare.rows import tables
from study.lab.figures import Lines, Table
from study.lab.rules.verdicts import DoesNotRaise, Each, Raises, Shape
from study.optimizers import newton
from study.theory.change_of_variables import distances, ends_around_saddle
from study.theory.checks import fitted_power
from study.theory.flops import costs
from study.theory.rotated_quadratics import bug, harms, iterations, needed, quadratics

NEWTON, DESCENT = "Newton", "gradient descent"
METHODS = {True: NEWTON, False: DESCENT}  # by whether curvature counts
FORMULA = "κ · ln(10⁶) / 2"
FLOAT32, BUG = "single precision", "derivatives wrong by 1 %"
SIZES = (64, 128, 256, 512, 1_024)
# What grows: its column, and the powers of n that are claimed of either method.
GROWING = {
    "memory": ("bytes", {NEWTON: 2, DESCENT: 1}),
    "flops of a step": ("flops", {NEWTON: 3, DESCENT: 1}),
    "flops of a trial of the search": ("search", {NEWTON: 1, DESCENT: 1}),
}
COSTS = ("d2-34", "d2-35", "d2-36"), GROWING  # the claims, and what each is of
SHARE = 1e-6  # of the gap at the start: where iterations stop counting
CONDITIONS = (1, 10, 100, 1_000, 10_000)
# For single precision.
STEEPER = {10: "10", 100: "10²", 10**4: "10⁴", 10**6: "10⁶", 10**8: "10⁸"}
STRETCHES = (1, 10, 1_000)
# Measure to its table, and to what is hardest there.
HARDEST = {
    "iterations": ("conditioning", "condition", 10_000),
    "apart": ("invariance", "stretch", 1_000),
}
WRONG = 0.01  # error of the derivatives, as a share of their norm


def counted():
    """Count and time a step of either method."""
    for n in SIZES:
        for second_order, row in costs(n, np.random.default_rng(n)):
            yield {"table": "cost", "method": METHODS[second_order], "n": n, **row}


def powers(rows):
    """Fit the power of n that each cost grows with, and hold it against the claim's."""
    for method, each in pd.DataFrame(rows).groupby("method", sort=False):
        for quantity, (column, claimed) in GROWING.items():
            power = fitted_power(each["n"], each[column])
            yield {
                "table": "power",
                "method": method,
                "quantity": quantity,
                "claimed": claimed[method],
                "power": power,
                "deviation": abs(power - claimed[method]),
            }
        seconds = fitted_power(each["n"], each["seconds_step"])
        cell = {"method": method, "quantity": "seconds of a step, not judged"}
        yield {"table": "power", **cell, "seconds_power": seconds}


def conditioning(draws, replicates):
    """Count iterations on quadratics of growing condition number."""
    for condition in CONDITIONS:
        h, start = quadratics(draws, condition, replicates, far_out=1)
        for second_order, method in METHODS.items():
            cell = {"table": "conditioning", "method": method, "condition": condition}
            counts = enumerate(iterations(second_order, h, start, SHARE))
            for replicate, count in counts:
                yield {**cell, "replicate": replicate, "iterations": count}
        cell = {"table": "conditioning", "method": FORMULA, "condition": condition}
        yield {**cell, "iterations": needed(condition, SHARE)}


def invariance(draws, replicates):
    """Turn and stretch the coordinates, and see whether the path stays the same."""
    for replicate in range(replicates):
        random = draws(replicate, "change of variables")
        for second_order, stretch, apart in distances(random, 5, STRETCHES):
            cell = {"method": METHODS[second_order], "stretch": stretch}
            row = {**cell, "replicate": replicate, "apart": apart}
            yield {"table": "invariance", **row}


def fragility(draws, replicates):
    """Compare runs with numerical errors, or a bug, with the same runs without."""
    for condition, kappa in STEEPER.items():
        matrices, x = quadratics(draws, condition, replicates)
        wrong = bug(draws(0, "bug"), matrices.shape, WRONG)
        for by_bug, second_order, *found in harms(matrices, x, wrong, WRONG):
            for replicate, (harm, left) in enumerate(zip(*found, strict=True)):
                yield {
                    "table": "fragility",
                    "source": BUG if by_bug else FLOAT32,
                    "method": METHODS[second_order],
                    "condition": condition,
                    "kappa": kappa,
                    "replicate": replicate,
                    "harm": harm,
                    "digits": np.log10(harm) if harm > 0 else -16.0,
                    "left": left,
                }


def saddle(draws, replicates):
    """Start both methods around a saddle; see where they end."""
    for replicate in range(replicates):
        start = draws(replicate, "saddle").uniform(-1, 1, (50, 2))
        for second_order, method in METHODS.items():
            ends = ends_around_saddle(second_order, start)
            yield {"table": "saddle", "method": method, "replicate": replicate, **ends}


def run(draws, replicates):
    cost = [*counted()]
    return tables(
        [
            *cost,
            *powers(cost),
            *conditioning(draws, replicates),
            *invariance(draws, replicates),
            *fragility(draws, replicates),
            *saddle(draws, replicates),
        ]
    )


def hardest(method, measure):
    """Compare a method at the hardest with itself at 1."""
    rule = DoesNotRaise if method == NEWTON else Raises
    table, swept, most = HARDEST[measure]
    arm, than = ({"method": method, swept: each} for each in (most, 1))
    return rule(measure=measure, table=table, arm=arm, than=than)


def worse(source, condition):
    cell = {"source": source, "condition": condition}
    arm, than = ({**cell, "method": each} for each in (NEWTON, DESCENT))
    return Raises(measure="digits", table="fragility", arm=arm, than=than)


def moved(method):
    return Number("apart", {"method": method, "stretch": 1_000}, "invariance", unit="")


EXPERIMENT = Simulation(
    title="Newton's method against gradient descent",
    about=(newton,),
    claims=(
        *(fact(id, "power", 0.1, quantity=x) for id, x in zip(*COSTS, strict=True)),
        Claim(
            "d2-37",
            Shape(*(hardest(x, each) for x in METHODS.values() for each in HARDEST)),
        ),
        Claim(
            "d2-38",
            Each(*(worse(each, hard) for each in (FLOAT32, BUG) for hard in STEEPER)),
        ),
    ),
    takeaway=Takeaway(
        of="d2-37",
        holds="Newton's method does not care how variables are scaled",
        fails="Newton's method is not what alone is untouched by the scale of "
        "variables",
        open="Whether Newton's method alone is untouched by the scale of variables "
        "stays open",
        evidence="stretched by 1,000 to 1, its path moves by {newton} of the first "
        "distance, that of gradient descent by {descent}.",
        numbers={"newton": moved(NEWTON), "descent": moved(DESCENT)},
    ),
    run=run,
    timed=True,
    measures=(
        Column("deviation", "", "deviation from the claimed power of n"),
        Column("n", "", "number of weights n"),
        Column("flops", "", "flops of a step"),
        Column("iterations", "", "iterations until the gap is a millionth"),
        Column("condition", "", "condition number κ"),
        Column("apart", "", "distance of the paths, in distances of the start"),
        Column("harm", "", "distance from the errorless run"),
        Column("digits", "decades", "distance from the errorless run"),
        Column("left", "", "gap after over gap before"),
        Column("at_saddle", "%", "ends at the saddle"),
        Column("at_minimum", "%", "ends at a minimum"),
    ),
    figures=(
        Lines(
            "iterations",
            x="condition",
            hue="method",
            table="conditioning",
            dashed=(FORMULA,),
            log="xy",
            title="Iterations on quadratics until the gap is a millionth of that at "
            "the start",
        ),
        Lines(
            "harm",
            x="condition",
            hue="method",
            panels="source",
            table="fragility",
            log="xy",
            title="Distance of a run with errors from the same run without, in "
            "distances that the latter went: one step of Newton's method, a hundred of "
            "gradient descent",
        ),
        Lines(
            "flops",
            x="n",
            hue="method",
            table="cost",
            log="xy",
            title="Flops of a step, given slope and Hessian",
        ),
    ),
    tables=(
        Table(
            "What grows with which power of the number of weights n",
            table="power",
            columns=("quantity", "method", "claimed", "power", "seconds_power"),
            called={
                "claimed": "claimed power of n",
                "power": "counted",
                "seconds_power": "timed",
            },
        ),
        Table(
            "A step, counted and timed. The seconds, the best of ten, are the "
            "machine's and judge nothing",
            table="cost",
            columns=("method", "n", "bytes", "flops", "search", "seconds_step"),
            called={
                "bytes": "bytes of Hessian or slope",
                "search": "flops of a trial of the search",
                "seconds_step": "seconds",
            },
        ),
        Table(
            "Paths after a change of variables that stretches by so much",
            table="invariance",
            by=("method", "stretch"),
            called={"stretch": "largest stretch over smallest"},
        ),
        Table(
            "Runs with errors. At κ = 10⁸ a step of Newton's method in single "
            "precision goes far astray and still leaves less gap than a hundred "
            "gradient steps; with wrong derivatives it may leave more than there was",
            table="fragility",
            by=("source", "kappa", "method"),
            columns=("harm", "left"),
            called={
                "source": "error",
                "kappa": "κ",
                "harm": "distance from the run without, over the way of that",
            },
        ),
        Table(
            "Where fifty starts around the saddle of x² − y² + y⁴/4 end",
            table="saddle",
            by=("method",),
        ),
    ),
    differences={
        "O(n) of gradient descent": (
            "a step",
            "the update alone, given the slope: the slope of a dense quadratic takes "
            "2n² flops",
        ),
        "O(n) of backtracking": (
            "the search",
            "a trial of it, without evaluating f: that takes 2n² flops on a dense "
            "quadratic",
        ),
        "bug": (
            "not said which",
            "derivatives wrong by 1 % of their norm: the Hessian in Newton's method, "
            "each slope in gradient descent",
        ),
    },
)
