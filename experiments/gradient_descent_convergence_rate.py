"""Gradient descent keeps its O(1/k) bound at every step size up to 1/L."""

from itertools import product

import keras
import numpy as np
import pandas as pd

from study.gradients import gradient, hessian
from study.lab.experiment import Claim, Erratum, Simulation
from study.lab.figures import LogLog, Table
from study.lab.measures import Column
from study.lab.verdicts import Exact
from study.optimizers import SGD, newton
from study.theory.descents import apart, descend, walk
from study.theory.formulas import sgd_by_coordinate
from study.theory.problems import (
    capped_root,
    conditioned,
    huber,
    log_sum_exp,
    nesterov_chain,
    quadratic,
)
from study.theory.rate_bound import (
    ROUNDING,
    over_bound,
    steps_to,
    violation,
    worst_huber,
)
from study.theory.second_order import StepModel, left

# The rows of log-sum-exp. With three of them every distribution over rows is met, so
# that the bound on their variance is the least one.
ROWS = np.array([[2.0, 0.0], [-1.0, 1.5], [-1.0, -1.5]])
TRIANGLE = "log-sum-exp of a triangle"
STEPS = (0.1, 0.5, 1.0, 1.5, 1.9, 2.1, 3.0)  # in units of 1/L
SHOWN = (0.5, 1.0, 1.9, 2.1)  # in the figure
ALLOWED, BETWEEN, BEYOND = "t ≤ 1/L", "1/L < t < 2/L", "t > 2/L"
TALLIED = {"allowed": ALLOWED, "between": BETWEEN} | {
    "just_beyond": "t = 2.1/L",
    "beyond": "t = 3/L",
}
BOUND = "the bound"
AS_A_NUMBER, AS_A_FORM = "½·c·‖y − x‖², the best c", "½(y − x)ᵀ∇²f(x)(y − x)"
DRAWN = ("quadratic, κ = 100", "Huber, threshold 0.3", TRIANGLE)
AT = np.array([0.4, -0.3])  # where models of a function are looked at


def named():
    return {
        "quadratic, κ = 1": conditioned(1),
        "quadratic, κ = 100": conditioned(100),
        "quadratic, κ = 10⁶": conditioned(1e6),
        "Nesterov's quadratic": nesterov_chain(),
        "Huber, threshold 1": huber(1.0),
        "Huber, threshold 0.3": huber(0.3),
        "log-sum-exp of x and −x": log_sum_exp(np.array([[1.0], [-1.0]])),
        TRIANGLE: log_sum_exp(ROWS),
    }


def regime(relative):
    return ALLOWED if relative <= 1 else BETWEEN if relative < 2 else BEYOND


def bounds(draws, replicates, steps):
    """Hold every gap against ‖x⁽⁰⁾ - x*‖² / (2tk): all problems, starts and steps."""
    seen = np.unique(np.geomspace(1, steps, 20).astype(int))
    for name, problem in named().items():
        size = len(problem.best)
        starts = [
            problem.best + draws(each, "starts").normal(0, 3, size)
            for each in range(replicates)
        ]
        t = np.array(STEPS) / problem.limit
        ratios = np.stack([*over_bound(problem, np.stack(starts), t, steps)])
        for (i, relative), replicate in product(enumerate(STEPS), range(replicates)):
            course = ratios[:, i, replicate]
            cell = {
                "problem": name,
                "step": f"t = {relative:g}/L",
                "regime": regime(relative),
                "replicate": replicate,
            }
            curvature = problem.curvature / problem.limit
            yield {"part": "bound", **cell, "curvature": curvature, **violation(course)}
            if name in DRAWN and relative in SHOWN:
                for k in seen:
                    yield {"part": "course", **cell, "k": k, "ratio": course[k - 1]}


def tallies(rows):
    """Count the starts and step sizes with a gap above its bound."""
    table = pd.DataFrame(row for row in rows if row["part"] == "bound")
    for (name, curvature), each in table.groupby(["problem", "curvature"], sort=False):
        cell = {"part": "tally", "problem": name, "curvature": curvature}
        for column, step in TALLIED.items():
            found = each[(each["regime"] == step) | (each["step"] == step)]
            cell[column] = f"{found['violated'].sum():.0f} of {len(found)}"
        yield cell


def unity(steps):
    """Draw the bound itself, 1 in its own unit."""
    for name, k in product(DRAWN, (1, steps)):
        cell = {"part": "course", "problem": name, "step": BOUND, "replicate": 0}
        yield {**cell, "k": k, "ratio": 1.0}


def worst_case():
    """Attain the rate: each k has a Huber function that is slow for just k steps."""
    for k in (1, 3, 10, 30, 100, 300, 1_000):
        ratio = worst_huber(k)
        gap, formula = ratio / (2 * k), 1 / (4 * k + 2)
        deviation = abs(gap / formula - 1)
        cell = {"part": "worst case", "k": k, "gap": gap, "formula": formula}
        yield {**cell, "ratio": ratio, "deviation": deviation}


def iterations(steps):
    """Count iterations to ever smaller gaps, and hold them against R² / (2tε).

    The worst Huber function is another one at each accuracy.
    """
    shares = 1 / np.geomspace(4, 2 * steps, 12)
    hubers = huber(np.geomspace(1, 1 / steps, 200)[:, None], size=1)
    for name, problem, starts in (
        ("quadratic, κ = 10", conditioned(10), np.ones((1, 10))),
        ("Nesterov's quadratic", nesterov_chain(), np.zeros((1, 50))),
        ("worst Huber function", hubers, np.ones((200, 1))),
    ):
        found = steps_to(problem, starts, shares, steps).max(0)
        for share, count in zip(shares, found, strict=True):
            yield {
                "part": "iterations",
                "problem": name,
                "drawn": "iterations",
                "inverse": 1 / share,
                "iterations": count,
                "product": count * share,
                "excess": max(0, count - np.ceil(1 / (2 * share) - ROUNDING)),
            }
    for share in shares:
        cell = {"part": BOUND, "problem": BOUND, "drawn": "iterations"}
        yield {**cell, "inverse": 1 / share, "iterations": 1 / (2 * share)}


def assumptions(steps):
    """Try the bound on what the lecture assumes, and on what it does not.

    M bounds the slope and L its change. The lecture assumes M; with L = M its step
    sizes go up to 1/M.
    """
    starts = np.array([[0.3], [1.1], [1.9]])
    for name, problem, slope, change, sizes in (
        ("|x|^(3/2), straight beyond 1", capped_root(), "M = 1", "no", (1.0, 0.3)),
        ("Huber, threshold 0.1", huber(0.1, 1), "M = 0.1", "L = 1", (10.0, 3.0, 1.0)),
        ("quadratic", conditioned(1, 1), "no", "L = 1", (1.0, 0.3)),
    ):
        ratios = np.stack([*over_bound(problem, starts, np.array(sizes), steps)])
        for i, start in np.ndindex(len(sizes), len(starts)):
            yield {
                "part": "assumption",
                "problem": name,
                "lipschitz": slope,
                "smooth": change,
                "assumed": "no" if slope == "no" else "yes",
                "t": sizes[i],
                "start": starts[start, 0],
                **violation(ratios[:, i, start]),
            }


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
        yield {"part": "rule", "quantity": name, "deviation": apart(path, printed)}


def expansion(triangle):
    """Tell what is left of f beside its value, its slope and a second-order term."""
    for name, problem in (
        ("½·‖x‖²", quadratic([1.0, 1.0])),
        ("½·(x₁² + 100·x₂²)", quadratic([1.0, 100.0])),
        (TRIANGLE, triangle),
    ):
        for term, rest in zip((AS_A_NUMBER, AS_A_FORM), left(problem, AT), strict=True):
            cell = {"part": "expansion", "problem": name, "term": term}
            yield {**cell, "deviation": rest}


def proximity(problem):
    """Minimise the model of a gradient step, and read its Hessian off."""
    for t in (0.1, 1.0, 10.0):
        model = StepModel(problem, AT, t)
        matrix, slope, after = hessian(model, AT), problem.slope(AT), model.least
        least, step = newton(model, AT).x, AT - np.linalg.solve(matrix, slope)
        flat = t * np.linalg.eigvalsh(matrix) - 1
        for part, quantity, gap in (
            ("proximity", "least value by Newton's method", least - after),
            ("proximity", "distance from the least value", model.off_its_distance()),
            ("replacement", "t · eigenvalues of the model's Hessian − 1", flat),
            ("replacement", "Newton's step with that Hessian", step - after),
        ):
            worst = abs(gap).max()
            yield {"part": part, "quantity": quantity, "t": t, "deviation": worst}
        for quantity, each in (
            ("slope of the model at x⁺", gradient(model, after)),
            ("slope of f at x⁺", problem.slope(after)),
        ):
            norm = np.linalg.norm(each)
            yield {"part": "condition", "quantity": quantity, "t": t, "norm": norm}


def run(draws, replicates, steps):
    bounded = [*bounds(draws, replicates, steps)]
    triangle = log_sum_exp(ROWS)
    return pd.DataFrame(
        [
            *bounded,
            *tallies(bounded),
            *unity(steps),
            *worst_case(),
            *iterations(steps),
            *assumptions(steps),
            *rule(triangle.slope),
            *expansion(triangle),
            *proximity(triangle),
        ]
    )


def exact(id, tolerance, measure="deviation", **where):
    return Claim(id, verdict=Exact(measure=measure, where=where, tolerance=tolerance))


EXPERIMENT = Simulation(
    title="Gradient descent: the rate of convergence",
    about=(SGD,),
    claims=(
        exact("d2-40", 1e-12, part="rule"),
        exact("d2-41", 1e-2, part="expansion", term=AS_A_NUMBER),
        exact("d2-42", 1e-10, part="proximity"),
        exact("d2-43", ROUNDING, "excess", part="assumption", assumed="yes"),
        exact("d2-44", ROUNDING, "excess", part="bound", regime=ALLOWED),
        exact("d2-45", 0, "excess", part="iterations"),
        exact("d2-87", 1e-10, part="replacement"),
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
        Column("violated", "", "violates the bound"),
        Column("curvature", "", "curvature at the optimum, in L"),
        Column("first", "", "first k beyond the bound"),
    ),
    figures=(
        LogLog(
            x="k",
            y="ratio",
            hue="step",
            panels="problem",
            where={"part": "course"},
            dashed=(BOUND,),
            lower=1e-4,
            upper=1e3,
            title="Gap f(x⁽ᵏ⁾) − f* over its bound ‖x⁽⁰⁾ − x*‖² / (2tk)",
        ),
        LogLog(
            x="inverse",
            y="iterations",
            hue="problem",
            where={"drawn": "iterations"},
            dashed=(BOUND,),
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
            where={"part": "tally"},
            columns={
                "problem": "f",
                "curvature": "curvature at the optimum, in L",
                "allowed": "t ≤ 1/L",
                "between": "t = 1.5/L, 1.9/L",
                "just_beyond": "t = 2.1/L",
                "beyond": "t = 3/L",
            },
        ),
        Table(
            "The worst case attains the rate: one Huber function for each k, with "
            "L = ‖x⁽⁰⁾ − x*‖ = 1 and t = 1",
            where={"part": "worst case"},
            columns={
                "k": "k",
                "gap": "gap after k iterations",
                "formula": "1 / (4k + 2)",
                "ratio": "gap over its bound 1 / (2k)",
            },
        ),
        Table(
            "What the bound needs: the slope's change L, not the slope M, must be "
            "bounded. M is the limit the lecture asks for, with t up to 1/M",
            where={"part": "assumption"},
            columns={
                "problem": "f",
                "lipschitz": "|f′| ≤ M",
                "smooth": "|f″| ≤ L",
                "t": "t",
                "start": "x⁽⁰⁾",
                "ratio": "largest gap over its bound",
                "first": "first k beyond it",
            },
        ),
        Table(
            "What the second-order term leaves of f, over ‖y − x‖² and at "
            "‖y − x‖ = 0.001",
            where={"part": "expansion"},
            columns={"problem": "f", "term": "term", "deviation": "what is left"},
        ),
        Table(
            "Which slope is 0 after a gradient step",
            where={"part": "condition"},
            columns={"quantity": "quantity", "t": "t", "norm": "norm"},
        ),
    ),
    errata=(
        Erratum(
            id="E13",
            claim="d2-41",
            where="d2:355",
            says="the second-order term is ½·∇²f(x)·‖y − x‖²",
            correction="½·(y − x)ᵀ∇²f(x)(y − x): a Hessian times a number is a matrix, "
            "and no number does its work unless all its eigenvalues are equal",
        ),
        Erratum(
            id="E14",
            claim="d2-43",
            where="d2:369",
            says="f must be Lipschitz continuous",
            correction="the gradient of f must be, with the constant L of the bound; f "
            "itself need not: no quadratic is",
        ),
    ),
    differences=(
        (
            "L",
            "not said what it is",
            "the largest curvature of f. For log-sum-exp it is a quarter of the "
            "largest squared distance of two rows; with the triangle it is met only "
            "far from the optimum",
        ),
        (
            "what is 0 at x⁺ (line 363, E33)",
            "∇f(y)",
            "the slope of the quadratic model; ∇f(x⁺) is not, see the last table",
        ),
    ),
    smoke={"settings": {"replicates": 2, "steps": 300}},
)
