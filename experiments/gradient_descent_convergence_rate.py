"""Gradient descent keeps its O(1/k) bound at every step size up to 1/L."""

import keras
import numpy as np
import pandas as pd

from study.lab.declare.facts import fact, readings
from study.lab.declare.finding import Claim, Column, Number, Simulation, Takeaway
from study.lab.declare.rows import of, tables
from study.lab.figures import Lines, Table
from study.lab.rules.verdicts import Cited
from study.optimizers import SGD
from study.theory import bounded_problems
from study.theory.bounded_problems import TRIANGLE
from study.theory.descents import apart, descend, walk
from study.theory.formulas import sgd_by_coordinate
from study.theory.rate_bound import ROUNDING, attained, courses, needed, violation
from study.theory.second_order import StepModel, left

STEPS = (0.1, 0.5, 1.0, 1.5, 1.9, 2.1, 3.0)  # in units of 1/L
SHOWN = (0.5, 1.0, 1.9, 2.1)  # in the figure
ALLOWED, BETWEEN, BEYOND = "t ≤ 1/L", "1/L < t < 2/L", "t > 2/L"
TALLIED = {"allowed": ALLOWED, "between": BETWEEN} | {
    "just_beyond": "t = 2.1/L",
    "beyond": "t = 3/L",
}
SLOW_FOR = (1, 3, 10, 30, 100, 300, 1_000)  # k steps, each a Huber function of its own
BOUND, COUNTED = "the bound", "counted"
AS_A_NUMBER, AS_A_FORM = "½·c·‖y − x‖², the best c", "½(y − x)ᵀ∇²f(x)(y − x)"
TERMS = {"∇²f as a quadratic form": AS_A_FORM, "∇²f as a number": AS_A_NUMBER}
DRAWN = ("quadratic, κ = 100", "Huber, threshold 0.3", TRIANGLE)
THEOREM = (
    "Beck and Teboulle 2009, SIAM Journal on Imaging Sciences 2: A fast iterative "
    "shrinkage-thresholding algorithm, theorem 3.1"
)
AT = np.array([0.4, -0.3])  # where models of a function are looked at


def named(relative):
    """Name a step size and where it lies."""
    regime = ALLOWED if relative <= 1 else BETWEEN if relative < 2 else BEYOND
    return {"step": f"t = {relative:g}/L", "regime": regime}


def bounds(draws, replicates, steps):
    """Hold every gap against ‖x⁽⁰⁾ - x*‖² / (2tk): all problems, starts and steps."""
    seen = np.unique(np.geomspace(1, steps, 20).astype(int))
    for name, problem in bounded_problems.smooth().items():
        randoms = (draws(each, "starts") for each in range(replicates))
        away = [random.normal(0, 3, len(problem.best)) for random in randoms]
        t, curvature = np.array(STEPS) / problem.limit, problem.curvature
        found = courses(problem, problem.best + np.stack(away), t, steps)
        for i, replicate, course in found:
            cell = {"problem": name, **named(STEPS[i]), "replicate": replicate}
            row = {"curvature": curvature / problem.limit, **violation(course)}
            yield {"table": "bound", **cell, **row}
            if name in DRAWN and STEPS[i] in SHOWN:
                for k in seen:
                    yield {"table": "course", **cell, "k": k, "ratio": course[k - 1]}


def tallies(rows):
    """Count the starts and step sizes with a gap above its bound."""
    table = pd.DataFrame(row for row in rows if row["table"] == "bound")
    for (name, curvature), each in table.groupby(["problem", "curvature"], sort=False):
        cell = {"table": "tally", "problem": name, "curvature": curvature}
        for column, step in TALLIED.items():
            found = each[(each["regime"] == step) | (each["step"] == step)]
            cell[column] = f"{found['violated'].sum():.0f} of {len(found)}"
        yield cell


def unity(steps):
    """Draw the bound itself, 1 in its own unit."""
    for name in DRAWN:
        for k in (1, steps):
            cell = {"problem": name, "step": BOUND, "replicate": 0}
            yield {"table": "course", **cell, "k": k, "ratio": 1.0}


def iterations(steps):
    """Count iterations to ever smaller gaps, and hold them against R² / (2tε)."""
    for name, (problem, starts) in bounded_problems.slow(steps).items():
        rows = [*needed(problem, starts, steps)]
        cell = {"table": "iterations", "problem": name, "how": COUNTED}
        yield from ({**cell, **row} for row in rows)
    for inverse in (row["inverse"] for row in rows):
        cell = {"table": "iterations", "problem": BOUND, "how": BOUND}
        yield {**cell, "inverse": inverse, "iterations": inverse / 2}


def assumptions(steps):
    """Try the bound on what the lecture assumes, and on what it does not.

    M bounds the slope and L its change. The lecture assumes M; with L = M its step
    sizes go up to 1/M.
    """
    starts = np.array([[0.3], [1.1], [1.9]])
    for name, (problem, sizes, known) in bounded_problems.with_or_without().items():
        for i, start, course in courses(problem, starts, sizes, steps):
            cell = {"problem": name, **known}
            at = {"t": sizes[i], "start": starts[start, 0]}
            yield {"table": "assumption", **cell, **at, **violation(course)}


def rule(slope):
    """Take twenty steps of changing size: by formula, ours, Keras's, each for itself.

    Step sizes are powers of two, which float32 learning rates hold exactly.
    """
    sizes = [2.0 ** -(2 + k % 3) for k in range(20)]
    start = np.array([3.0, -2.0])
    printed = [*descend(start, slope, sizes)]
    one_by_one = [*descend(start, slope, sizes, sgd_by_coordinate)]
    theirs = keras.optimizers.SGD(momentum=0.0)
    for name, path in (
        ("study.optimizers.SGD", walk(SGD(), start, slope, 20, sizes)),
        ("keras.optimizers.SGD", walk(theirs, start, slope, 20, sizes)),
        ("one coordinate after the other, from one slope", one_by_one),
    ):
        yield {"table": "rule", "quantity": name, "deviation": apart(path, printed)}


def expansion():
    """Tell what is left of f beside its value, its slope and a second-order term."""
    for name, problem in bounded_problems.curved().items():
        for term, rest in zip((AS_A_NUMBER, AS_A_FORM), left(problem, AT), strict=True):
            cell = {"table": "expansion", "problem": name, "term": term}
            yield {**cell, "deviation": rest}


def proximity(problem):
    """Minimize the model of a gradient step, and read its Hessian off."""
    for t in (0.1, 1.0, 10.0):
        model = StepModel(problem, AT, t)
        for table, quantity, worst in model.errors():
            yield {"table": table, "quantity": quantity, "t": t, "deviation": worst}
        for quantity, norm in model.norms():
            yield {"table": "condition", "quantity": quantity, "t": t, "norm": norm}


def run(draws, replicates, steps):
    bounded = [*bounds(draws, replicates, steps)]
    log_sum_exp = bounded_problems.triangle()
    return tables(
        [
            *bounded,
            *tallies(bounded),
            *unity(steps),
            *of("worst_case", map(attained, SLOW_FOR)),
            *iterations(steps),
            *assumptions(steps),
            *rule(log_sum_exp.slope),
            *expansion(),
            *proximity(log_sum_exp),
        ]
    )


def theorem(id, says):
    note = f"It says: {says} (reported, not re-read). The cases here illustrate it."
    return Claim(id, verdict=Cited(source=THEOREM, note=note, read=False))


EXPERIMENT = Simulation(
    title="Gradient descent: the rate of convergence",
    about=(SGD,),
    claims=(
        fact("d2-40", "rule", 1e-12),
        readings("d2-41", "expansion", 1e-2, "term", TERMS),
        fact("d2-42", "proximity", 1e-10),
        fact("d2-43", "assumption", ROUNDING, "excess", assumed="yes"),
        theorem("d2-44", "the bound at t = 1/L, and at smaller t with a larger L"),
        theorem("d2-45", "the bound is at most ε after ‖x⁽⁰⁾ − x*‖² / (2tε) of them"),
        fact("d2-87", "replacement", 1e-10),
    ),
    takeaway=Takeaway(
        of="d2-43",
        holds="Convexity and a bounded slope are all that the rate of gradient descent "
        "needs.",
        fails="The rate of gradient descent needs a slope whose change is bounded, and "
        "not a bounded slope: without the former the gap reaches {times} its bound on "
        "a convex function with a slope of at most 1.",
        evidence="of the lecture's statements about that rate {held} hold.",
        numbers={
            "times": Number(
                "ratio",
                {"problem": "|x|^(3/2), straight beyond 1", "t": 1.0, "start": 0.3},
                "assumption",
                unit="times",
            )
        },
    ),
    run=run,
    settings={"replicates": 10, "steps": 3_000},
    measures=(
        Column("deviation", "", "deviation"),
        Column("excess", "", "excess over the bound"),
        Column("ratio", "", "gap over its bound"),
        Column("k", "", "iteration k"),
        Column("iterations", "", "iterations needed"),
        Column("inverse", "", "L·‖x⁽⁰⁾ − x*‖² / ε"),
    ),
    figures=(
        Lines(
            "ratio",
            x="k",
            hue="step",
            panels="problem",
            table="course",
            dashed=(BOUND,),
            limits=(1e-4, 1e3),
            log="xy",
            title="Gap f(x⁽ᵏ⁾) − f* over its bound ‖x⁽⁰⁾ − x*‖² / (2tk)",
        ),
        Lines(
            "iterations",
            x="inverse",
            hue="problem",
            table="iterations",
            dashed=(BOUND,),
            log="xy",
            title="Iterations with t = 1/L until the gap is at most ε. The worst Huber "
            "function is another one at each ε: half the bound, and as steep",
        ),
    ),
    tables=(
        Table(
            "How often the gap rose above its bound within 3,000 iterations, in starts "
            "and step sizes. Beyond 2/L it does wherever t times the curvature at the "
            "optimum is above 2; where it is not, descent settles there in spite of "
            "the larger curvature L elsewhere",
            table="tally",
            called={
                "problem": "f",
                "curvature": "curvature at the optimum, in L",
                **TALLIED,
                "between": "t = 1.5/L, 1.9/L",
            },
        ),
        Table(
            "The worst case attains the rate: one Huber function for each k, with "
            "L = ‖x⁽⁰⁾ − x*‖ = 1 and t = 1",
            table="worst_case",
            columns=("k", "gap", "formula", "ratio"),
            called={
                "gap": "gap after k iterations",
                "formula": "1 / (4k + 2)",
                "ratio": "gap over its bound 1 / (2k)",
            },
        ),
        Table(
            "What the bound needs: the slope's change L, not the slope M, must be "
            "bounded. M is the limit the lecture asks for, with t up to 1/M",
            table="assumption",
            columns=("problem", "lipschitz", "smooth", "t", "start", "ratio", "first"),
            called={
                "problem": "f",
                "lipschitz": "|f′| ≤ M",
                "smooth": "|f″| ≤ L",
                "start": "x⁽⁰⁾",
                "ratio": "largest gap over its bound",
                "first": "first k beyond it",
            },
        ),
        Table(
            "What the second-order term leaves of f, over ‖y − x‖² and at "
            "‖y − x‖ = 0.001",
            table="expansion",
            called={"problem": "f", "deviation": "what is left"},
        ),
        Table("Which slope is 0 after a gradient step", table="condition"),
    ),
    differences={
        "L": (
            "not said what it is",
            "the largest curvature of f. For log-sum-exp it is a quarter of the "
            "largest squared distance of two rows; with the triangle it is met only "
            "far from the optimum",
        ),
        "½·∇²f(x)·‖y − x‖² (d2-41)": (
            "a Hessian times a squared length",
            "both readings judged: ½(y − x)ᵀ∇²f(x)(y − x), and the best number in the "
            "Hessian's place",
        ),
        "what is 0 at x⁺ (E33)": (
            "∇f(y)",
            "the slope of the quadratic model; ∇f(x⁺) is not, see the last table",
        ),
    },
    smoke={"settings": {"replicates": 2, "steps": 300}},
)
