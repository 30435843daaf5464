"""Gradient descent keeps its O(1/k) bound at every step size up to 1/L."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd

from study.gradients import gradient, hessian
from study.lab.experiment import Claim, Erratum, Simulation
from study.lab.figures import LogLog, Table
from study.lab.measures import Column
from study.lab.verdicts import Exact
from study.optimizers import SGD, newton

# The rows of log-sum-exp. With three of them every distribution over rows is met, so
# that the bound on their variance is the least one.
ROWS = np.array([[2.0, 0.0], [-1.0, 1.5], [-1.0, -1.5]])
# Step sizes in units of 1/L, with their names.
STEPS = {
    0.1: "0.1/L",
    0.5: "0.5/L",
    1.0: "1/L",
    1.5: "1.5/L",
    1.9: "1.9/L",
    2.1: "2.1/L",
    3.0: "3/L",
}
SHOWN = (0.5, 1.0, 1.9, 2.1)  # in the figure
ALLOWED, BETWEEN, BEYOND = "t ≤ 1/L", "1/L < t < 2/L", "t > 2/L"
TALLIED = {"allowed": ALLOWED, "between": BETWEEN} | {
    "just_beyond": "t = 2.1/L",
    "beyond": "t = 3/L",
}
ROUNDING = 1e-9
BOUND = "the bound"
AS_A_NUMBER, AS_A_FORM = "½·c·‖y − x‖², the best c", "½(y − x)ᵀ∇²f(x)(y − x)"
HOPELESS = 1e6  # a gap so many times above its bound is followed no further
DRAWN = ("quadratic, κ = 100", "Huber, threshold 0.3", "log-sum-exp of a triangle")


@dataclass(frozen=True)
class Problem:
    """A convex function of rows of `x`, whose slope changes by at most `limit` a unit.

    `gap` is the function above its least value, taken at `best`, and `curvature` the
    largest one there. Slopes have the shape of `x`.
    """

    gap: Callable
    slope: Callable
    best: np.ndarray
    curvature: float
    limit: float = 1.0


def quadratic(condition, size=10):
    """Return half the sum of curvature · x², curvatures from 1/condition to 1."""
    curvatures = np.geomspace(1 / condition, 1, size)
    return Problem(
        gap=lambda x: (curvatures * x**2).sum(-1) / 2,
        slope=lambda x: curvatures * x,
        best=np.zeros(size),
        curvature=1.0,
    )


def chain(size=50):
    """Return Nesterov's quadratic, whose coordinates hear of each other one by one."""
    best = 1 - np.arange(1, size + 1) / (size + 1)
    matrix = (2 * np.eye(size) - np.eye(size, k=1) - np.eye(size, k=-1)) / 4
    return Problem(
        gap=lambda x: ((x - best) * ((x - best) @ matrix)).sum(-1) / 2,
        slope=lambda x: (x - best) @ matrix,
        best=best,
        curvature=np.linalg.eigvalsh(matrix)[-1],
    )


def huber(threshold, size=5):
    """Return a parabola that goes on as a straight line beyond the threshold."""

    def gap(x):
        inside = np.minimum(abs(x), threshold)
        return (inside * (abs(x) - inside / 2)).sum(-1)

    return Problem(
        gap=gap,
        slope=lambda x: np.clip(x, -threshold, threshold),
        best=np.zeros(size),
        curvature=1.0,
    )


def softmax(x, rows):
    scores = x @ rows.T
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def log_sum_exp(x, rows):
    scores = x @ rows.T
    top = scores.max(-1, keepdims=True)
    return top[..., 0] + np.log(np.exp(scores - top).sum(-1))


def soft_maximum(rows):
    """Return the log-sum-exp of rows · x: its curvature is the variance of the rows.

    No variance exceeds a quarter of the squared distance of the two furthest rows,
    and Newton's method finds where their mean is 0.
    """
    best = newton(
        lambda x: keras.ops.logsumexp(keras.ops.sum(rows * x, axis=1)),
        np.zeros(rows.shape[1]),
        tolerance=1e-14,
    ).x
    least = log_sum_exp(best, rows)
    distances = ((rows[:, None] - rows) ** 2).sum(-1)
    return Problem(
        gap=lambda x: log_sum_exp(x, rows) - least,
        slope=lambda x: softmax(x, rows) @ rows,
        best=best,
        curvature=np.linalg.eigvalsh(soft_maximum_hessian(best, rows))[-1],
        limit=distances.max() / 4,
    )


def soft_maximum_hessian(x, rows):
    shares = softmax(x, rows)
    mean = shares @ rows
    return (rows * shares[:, None]).T @ rows - np.outer(mean, mean)


def problems():
    return {
        "quadratic, κ = 1": quadratic(1),
        "quadratic, κ = 100": quadratic(100),
        "quadratic, κ = 10⁶": quadratic(1e6),
        "Nesterov's quadratic": chain(),
        "Huber, threshold 1": huber(1.0),
        "Huber, threshold 0.3": huber(0.3),
        "log-sum-exp of x and −x": soft_maximum(np.array([[1.0], [-1.0]])),
        "log-sum-exp of a triangle": soft_maximum(ROWS),
    }


def descend(problem, starts, t, steps):
    """Yield gap / bound of every start at k = 1, 2, ... for every step size.

    Starts are (starts, size), step sizes (sizes,), what comes is (sizes, starts).
    """
    x = np.broadcast_to(starts, (len(t), *starts.shape))
    away = ((starts - problem.best) ** 2).sum(-1)
    alive = np.ones(x.shape[:2], bool)
    for k in range(1, steps + 1):
        x = x - t[:, None, None] * alive[..., None] * problem.slope(x)
        ratio = problem.gap(x) * 2 * t[:, None] * k / away
        alive &= ratio < HOPELESS
        yield np.where(alive, ratio, np.inf)


def regime(relative):
    return ALLOWED if relative <= 1 else BETWEEN if relative < 2 else BEYOND


def bounds(draws, replicates, steps):
    """Hold every gap against ‖x⁽⁰⁾ - x*‖² / (2tk): all problems, starts and steps."""
    seen = np.unique(np.geomspace(1, steps, 20).astype(int))
    for name, problem in problems().items():
        size = len(problem.best)
        starts = [
            problem.best + draws(each, "starts").normal(0, 3, size)
            for each in range(replicates)
        ]
        t = np.array([*STEPS]) / problem.limit
        ratios = np.stack([*descend(problem, np.stack(starts), t, steps)])
        for i, replicate in np.ndindex(len(t), replicates):
            relative = [*STEPS][i]
            course = ratios[:, i, replicate]
            cell = {
                "problem": name,
                "step": f"t = {STEPS[relative]}",
                "regime": regime(relative),
                "replicate": replicate,
            }
            yield {
                "part": "bound",
                **cell,
                "curvature": problem.curvature / problem.limit,
                **violation(course),
            }
            if name in DRAWN and relative in SHOWN:
                for k in seen:
                    yield {"part": "course", **cell, "k": k, "ratio": course[k - 1]}


def tallies(rows):
    """Count the starts and step sizes with a gap above its bound."""
    table = pd.DataFrame(row for row in rows if row["part"] == "bound")
    for (name, curvature), each in table.groupby(["problem", "curvature"], sort=False):
        counts = {
            column: f"{found['violated'].sum():.0f} of {len(found)}"
            for column, step in TALLIED.items()
            if len(found := each[select(each, step)])
        }
        yield {"part": "tally", "problem": name, "curvature": curvature, **counts}


def select(table, step):
    return (table["regime"] == step) | (table["step"] == step)


def unity(steps):
    """Draw the bound itself, 1 in its own unit."""
    for name in DRAWN:
        for k in (1, steps):
            yield {
                "part": "course",
                "problem": name,
                "step": BOUND,
                "replicate": 0,
                "k": k,
                "ratio": 1.0,
            }


def violation(course):
    """Say by how much and when a course of gap / bound first exceeds 1."""
    broken = course > 1 + ROUNDING
    return {
        "ratio": course.max(),
        "excess": max(0.0, course.max() - 1),
        "violated": float(broken.any()),
        "first": broken.argmax() + 1 if broken.any() else np.nan,
    }


def worst_case():
    """Attain the rate: each k has a Huber function that is slow for just k steps.

    From 1, with threshold 1 / (2k + 1) and t = 1/L, all k steps go down the straight
    part. The gap is then L·R² / (4k + 2), which is half the bound for large k.
    """
    for k in (1, 3, 10, 30, 100, 300, 1_000):
        problem = huber(1 / (2 * k + 1), size=1)
        *_, ratio = descend(problem, np.ones((1, 1)), np.ones(1), k)
        gap, formula = ratio.item() / (2 * k), 1 / (4 * k + 2)
        yield {
            "part": "worst case",
            "k": k,
            "gap": gap,
            "formula": formula,
            "ratio": ratio.item(),
            "deviation": abs(gap / formula - 1),
        }


def steps_to(problem, starts, shares, most):
    """Count the steps of 1/L until gap ≤ share · L · ‖x⁽⁰⁾ - x*‖², (starts, shares)."""
    t = np.ones(1) / problem.limit
    courses = np.stack([each[0] for each in descend(problem, starts, t, most)])
    shares_left = courses / (2 * np.arange(1, most + 1)[:, None])
    reached = shares_left[..., None] <= shares
    assert reached.any(0).all(), "more steps are needed"
    return reached.argmax(0) + 1


def iterations(steps):
    """Count iterations to ever smaller gaps, and hold them against R² / (2tε).

    The worst Huber function is another one at each accuracy.
    """
    shares = 1 / np.geomspace(4, 2 * steps, 12)
    thresholds = np.geomspace(1, 1 / steps, 200)[:, None]
    easy, linked = quadratic(10), chain()
    counts = {
        "quadratic, κ = 10": steps_to(easy, np.ones((1, 10)), shares, steps),
        "Nesterov's quadratic": steps_to(linked, np.zeros((1, 50)), shares, steps),
        "worst Huber function": steps_to(
            huber(thresholds, size=1), np.ones((200, 1)), shares, steps
        ),
    }
    for name, found in counts.items():
        for share, count in zip(shares, found.max(0), strict=True):
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
        yield {
            "part": BOUND,
            "problem": BOUND,
            "drawn": "iterations",
            "inverse": 1 / share,
            "iterations": 1 / (2 * share),
        }


def roots():
    """Return a function that is Lipschitz while its slope is not: |x|^(3/2), capped.

    Its slope √|x| stays at 1 beyond 1. Whatever the fixed step t, descent ends in
    hopping between t²/4 and -t²/4.
    """

    def gap(x):
        inside = np.minimum(abs(x), 1)
        return (2 / 3 * inside**1.5 + abs(x) - inside).sum(-1)

    return Problem(
        gap=gap,
        slope=lambda x: np.sign(x) * np.sqrt(np.minimum(abs(x), 1)),
        best=np.zeros(1),
        curvature=np.inf,
    )


def assumptions(steps):
    """Try the bound on what the lecture assumes, and on what it does not.

    M bounds the slope and L its change. The lecture assumes M; with L = M its step
    sizes go up to 1/M.
    """
    starts = np.array([[0.3], [1.1], [1.9]])
    for name, problem, slope, change, sizes in (
        ("|x|^(3/2), straight beyond 1", roots(), "M = 1", "no", (1.0, 0.3)),
        ("Huber, threshold 0.1", huber(0.1, 1), "M = 0.1", "L = 1", (10.0, 3.0, 1.0)),
        ("quadratic", quadratic(1, 1), "no", "L = 1", (1.0, 0.3)),
    ):
        ratios = np.stack([*descend(problem, starts, np.array(sizes), steps)])
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


def rule():
    """Take twenty steps of changing size: by formula, ours, Keras's, each for itself.

    Step sizes are powers of two, which float32 learning rates hold exactly.
    """
    sizes = [2.0 ** -(2 + k % 3) for k in range(20)]
    start = np.array([3.0, -2.0])

    def slope(x):
        return softmax(x, ROWS) @ ROWS

    by_formula, by_coordinate = start, start
    optimizers = {
        "study.optimizers.SGD": SGD(),
        "keras.optimizers.SGD": keras.optimizers.SGD(momentum=0.0),
    }
    found = {name: keras.Variable(start, dtype="float64") for name in optimizers}
    worst = dict.fromkeys([*found, "one coordinate after the other, from one slope"], 0)
    for t in sizes:
        by_formula = by_formula - t * slope(by_formula)
        fixed = slope(by_coordinate)
        by_coordinate = np.array(
            [x - t * g for x, g in zip(by_coordinate, fixed, strict=True)]
        )
        for name, optimizer in optimizers.items():
            optimizer.learning_rate = t
            at = keras.ops.convert_to_numpy(found[name])
            optimizer.apply([keras.ops.convert_to_tensor(slope(at))], [found[name]])
        points = [*map(keras.ops.convert_to_numpy, found.values()), by_coordinate]
        for name, point in zip(worst, points, strict=True):
            worst[name] = max(worst[name], abs(point - by_formula).max())
    for name, deviation in worst.items():
        yield {"part": "rule", "quantity": name, "deviation": deviation}


def expansion():
    """Tell what is left of f beside its value, its slope and a second-order term.

    Over ‖y - x‖² = 10⁻⁶ it must vanish for a second-order model. A Hessian times
    ‖y - x‖² is a matrix, so the best number stands for it: the one in the middle of
    the curvatures.
    """
    x, length = np.array([0.4, -0.3]), 1e-3
    angles = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    steps = length * np.column_stack([np.cos(angles), np.sin(angles)])
    for name, f, slope, matrix in (
        ("½·‖x‖²", lambda x: (x**2).sum(-1) / 2, x, np.eye(2)),
        (
            "½·(x₁² + 100·x₂²)",
            lambda x: (x**2 * [1, 100]).sum(-1) / 2,
            x * [1, 100],
            np.diag([1.0, 100.0]),
        ),
        (
            "log-sum-exp of a triangle",
            lambda x: log_sum_exp(x, ROWS),
            softmax(x, ROWS) @ ROWS,
            soft_maximum_hessian(x, ROWS),
        ),
    ):
        rest = f(x + steps) - f(x) - steps @ slope
        curvatures = np.linalg.eigvalsh(matrix)
        number = (curvatures[0] + curvatures[-1]) / 2
        for term, second in (
            (AS_A_NUMBER, number * length**2 / 2),
            (AS_A_FORM, (steps * (steps @ matrix)).sum(-1) / 2),
        ):
            yield {
                "part": "expansion",
                "problem": name,
                "term": term,
                "deviation": abs(rest - second).max() / length**2,
            }


def proximity():
    """Minimise the model of a gradient step, and read its Hessian off.

    Its distance from its least value must be ‖y - x⁺‖² / (2t) everywhere.
    """
    x = np.array([0.4, -0.3])
    value, slope = log_sum_exp(x, ROWS), softmax(x, ROWS) @ ROWS
    around = x + np.stack(np.meshgrid(*[np.linspace(-5, 5, 41)] * 2), -1).reshape(-1, 2)
    for t in (0.1, 1.0, 10.0):

        def model(y, t=t):
            linear = keras.ops.sum(slope * (y - x), axis=-1)
            return value + linear + keras.ops.sum((y - x) ** 2, axis=-1) / (2 * t)

        after = x - t * slope
        above = keras.ops.convert_to_numpy(model(around) - model(after))
        matrix = hessian(model, x)
        gaps = {
            ("proximity", "least value by Newton's method"): newton(model, x).x - after,
            ("proximity", "distance from the least value"): above
            - ((around - after) ** 2).sum(-1) / (2 * t),
            ("replacement", "t · eigenvalues of the model's Hessian − 1"): t
            * np.linalg.eigvalsh(matrix)
            - 1,
            ("replacement", "Newton's step with that Hessian"): x
            - np.linalg.solve(matrix, slope)
            - after,
        }
        for (part, quantity), each in gaps.items():
            yield {
                "part": part,
                "quantity": quantity,
                "t": t,
                "deviation": abs(each).max(),
            }
        for quantity, each in (
            ("slope of the model at x⁺", gradient(model, after)),
            ("slope of f at x⁺", softmax(after, ROWS) @ ROWS),
        ):
            yield {
                "part": "condition",
                "quantity": quantity,
                "t": t,
                "norm": np.linalg.norm(each),
            }


def run(draws, replicates, steps):
    bounded = [*bounds(draws, replicates, steps)]
    return pd.DataFrame(
        [
            *bounded,
            *tallies(bounded),
            *unity(steps),
            *worst_case(),
            *iterations(steps),
            *assumptions(steps),
            *rule(),
            *expansion(),
            *proximity(),
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
