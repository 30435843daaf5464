"""Newton's method pays in memory and flops for not minding the conditioning."""

import time

import numpy as np
import pandas as pd

from study.lab.experiment import Claim, Simulation
from study.lab.figures import LogLog, Table
from study.lab.measures import Column
from study.lab.verdicts import Equivalent, Exact, Greater, Shape
from study.optimizers import newton

NEWTON, DESCENT = "Newton", "gradient descent"
FORMULA = "κ · ln(10⁶) / 2"
SOURCES = {
    "float32": "single precision",
    "bug": "derivatives wrong by 1 %",
}
SIZES = (64, 128, 256, 512, 1_024)
SPREAD = 12  # unknowns of the problems that are solved
SHARE = 1e-6  # of the gap at the start: where iterations stop counting
CONDITIONS = (1, 10, 100, 1_000, 10_000)
STEEPER = {  # for single precision
    10: "10",
    100: "10²",
    10_000: "10⁴",
    1_000_000: "10⁶",
    100_000_000: "10⁸",
}
STRETCHES = (1, 10, 1_000)
STEPS = 100  # of gradient descent, where Newton's method takes one
WRONG = 0.01  # error of the derivatives, as a share of their norm
STARTS = 50  # around the saddle


def eliminate(matrix, right):
    """Solve a linear system by Gaussian elimination; return it and the flops counted.

    Every sum, difference, product and quotient of two numbers is a flop.
    """
    a, b, flops = matrix.copy(), right.copy(), 0
    for k in range(len(b) - 1):
        factors = a[k + 1 :, k] / a[k, k]
        a[k + 1 :, k + 1 :] -= np.outer(factors, a[k, k + 1 :])
        b[k + 1 :] -= factors * b[k]
        flops += len(factors) * (1 + 2 * len(factors) + 2)
    for k in reversed(range(len(b))):
        b[k] = (b[k] - a[k, k + 1 :] @ b[k + 1 :]) / a[k, k]
        flops += 2 * (len(b) - k - 1) + 1
    return b, flops


def descend(x, slope, t):
    """Take one gradient step; return it and the flops counted."""
    return x - t * slope, 2 * len(x)


def backtrack(function, x, slope, direction, share=1e-4):
    """Halve the step until Armijo's rule holds; return its length, trials and flops.

    Flops are those of the search itself: none of `function`, and once the product of
    slope and direction.
    """
    start, fall = function(x), slope @ direction
    length, trials, flops = 1.0, 0, 2 * len(x) - 1
    while True:
        after = x + length * direction
        trials, flops = trials + 1, flops + 2 * len(x) + 4
        if function(after) <= start + share * length * fall:
            return length, trials, flops
        length /= 2


def convex(n, random):
    """Return a well-conditioned Hessian of full rank, and a slope."""
    factor = random.standard_normal((n, n)) / np.sqrt(n)
    return factor @ factor.T + np.eye(n), random.standard_normal(n)


def fastest(action, repeats=10):
    """Return the seconds of the fastest of some runs: noise only slows them down."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def costs():
    """Count what a step of either method keeps, computes and spends on its search."""
    for n in SIZES:
        random = np.random.default_rng(n)
        matrix, slope = convex(n, random)
        x = random.standard_normal(n)
        direction, flops = eliminate(matrix, slope)
        wrong = abs(direction - np.linalg.solve(matrix, slope)).max()
        for method, kept, needed, way, action in (
            (
                NEWTON,
                matrix.nbytes,
                flops + n,
                -np.linalg.solve(matrix, matrix @ x),
                lambda matrix=matrix, slope=slope: np.linalg.solve(matrix, slope),
            ),
            (
                DESCENT,
                slope.nbytes,
                descend(x, slope, 0.1)[1],
                -(matrix @ x),
                lambda x=x, slope=slope: descend(x, slope, 0.1),
            ),
        ):
            _, trials, searched = backtrack(
                lambda y, matrix=matrix: y @ (matrix @ y) / 2, x, matrix @ x, way
            )
            yield {
                "part": "cost",
                "method": method,
                "n": n,
                "bytes": kept,
                "flops": needed,
                "trials": trials,
                "search": (searched - 2 * n + 1) / trials,
                "seconds_step": fastest(action),
                "error": wrong if method == NEWTON else np.nan,
            }


def powers(rows):
    """Fit the power of n that each cost grows with, and hold it against the claim's."""
    table = pd.DataFrame(rows)
    for method, each in table.groupby("method", sort=False):
        for quantity, column, claimed in (
            ("memory", "bytes", {NEWTON: 2, DESCENT: 1}),
            ("flops of a step", "flops", {NEWTON: 3, DESCENT: 1}),
            ("flops of a trial of the search", "search", {NEWTON: 1, DESCENT: 1}),
        ):
            power = np.polyfit(np.log(each["n"]), np.log(each[column]), 1)[0]
            yield {
                "part": "power",
                "method": method,
                "quantity": quantity,
                "claimed": claimed[method],
                "power": power,
                "deviation": abs(power - claimed[method]),
            }
        seconds = np.polyfit(np.log(each["n"]), np.log(each["seconds_step"]), 1)[0]
        yield {
            "part": "power",
            "method": method,
            "quantity": "seconds of a step, not judged",
            "seconds_power": seconds,
        }


def quadratics(draws, condition, replicates, far_out=0):
    """Return a rotated Hessian and a start of each seed, at distance 1.

    Curvatures go from 1/condition to 1. With `far_out` 1 starts lie far out where
    curvatures are small, so that the slowest direction holds much of the gap.
    """
    curvatures = np.geomspace(1 / condition, 1, SPREAD)
    matrices, starts = [], []
    for replicate in range(replicates):
        random = draws(replicate, f"quadratic {condition}")
        turn, _ = np.linalg.qr(random.standard_normal((SPREAD, SPREAD)))
        matrices.append((turn * curvatures) @ turn.T)
        start = turn @ (random.standard_normal(SPREAD) / curvatures**far_out)
        starts.append(start / np.linalg.norm(start))
    return np.stack(matrices), np.stack(starts)[..., None]


def gap(matrices, x):
    return (x * (matrices @ x)).sum(axis=(1, 2)) / 2


def iterations(step, matrices, x):
    """Count the steps of each seed until the gap is the share that ends them."""
    goal, counts = SHARE * gap(matrices, x), np.zeros(len(x))
    while (open_ := gap(matrices, x) > goal).any():
        counts += open_
        x = step(x)
    return counts


def conditioning(draws, replicates):
    """Count iterations on quadratics of growing condition number."""
    for condition in CONDITIONS:
        matrices, start = quadratics(draws, condition, replicates, far_out=1)
        for method, step in (
            (NEWTON, lambda x, h=matrices: x - np.linalg.solve(h, h @ x)),
            (DESCENT, lambda x, h=matrices: x - h @ x),
        ):
            for replicate, count in enumerate(iterations(step, matrices, start)):
                yield {
                    "part": "conditioning",
                    "drawn": "conditioning",
                    "method": method,
                    "condition": condition,
                    "replicate": replicate,
                    "iterations": count,
                }
        yield {
            "part": "formula",
            "drawn": "conditioning",
            "method": FORMULA,
            "condition": condition,
            "iterations": condition * np.log(1 / SHARE) / 2,
        }


def bowl(x, rows):
    """Return slope and Hessian of log-sum-exp(rows · x) + ‖x‖² / 2."""
    shares = np.exp(rows @ x - (rows @ x).max())
    shares /= shares.sum()
    mean = shares @ rows
    spread = (rows * shares[:, None]).T @ rows - np.outer(mean, mean)
    return mean + x, spread + np.eye(len(x))


def path(method, x, rows, change, steps=20):
    """Return the points of a method that sees z where x = change · z."""
    z = np.linalg.solve(change, x)
    points = [x]
    limit = 1 + ((rows[:, None] - rows) ** 2).sum(-1).max() / 4
    t = 1 / (limit * np.linalg.norm(change, 2) ** 2)
    for _ in range(steps):
        slope, matrix = bowl(change @ z, rows)
        slope, matrix = change.T @ slope, change.T @ matrix @ change
        z = z - (np.linalg.solve(matrix, slope) if method == NEWTON else t * slope)
        points.append(change @ z)
    return np.stack(points)


def invariance(draws, replicates, size=5):
    """Turn and stretch the coordinates, and see whether the path stays the same."""
    for replicate in range(replicates):
        random = draws(replicate, "change of variables")
        rows, x = random.standard_normal((12, size)), random.standard_normal(size)
        left, right = (
            np.linalg.qr(random.standard_normal((size, size)))[0] for _ in range(2)
        )
        for method in (NEWTON, DESCENT):
            plain = path(method, x, rows, np.eye(size))
            for stretch in STRETCHES:
                change = (left * np.geomspace(1, stretch, size)) @ right
                apart = abs(path(method, x, rows, change) - plain).max()
                yield {
                    "part": "invariance",
                    "method": method,
                    "stretch": stretch,
                    "replicate": replicate,
                    "apart": apart / np.linalg.norm(x),
                }


def one_step(matrices, x, seen):
    """Take Newton's step with the Hessian that is seen."""
    return x - np.linalg.solve(seen, matrices @ x)


def many_steps(matrices, x, error=0.0):
    """Take gradient steps; `error` turns each slope to a side by a share of it."""
    for k in range(STEPS):
        slope = matrices @ x
        side = np.roll(slope, 1 + k % (SPREAD - 1), axis=1)
        x = x - slope - error * side
    return x


def fragility(draws, replicates):
    """Compare runs with numerical errors, or a bug, with the same runs without.

    Their distance is told in distances that the run without errors went.
    """
    for condition in STEEPER:
        matrices, x = quadratics(draws, condition, replicates)
        h, y = matrices.astype("float32"), x.astype("float32")
        random = draws(0, "bug")
        bug = random.standard_normal(matrices.shape)
        bug += bug.transpose(0, 2, 1)
        bug *= WRONG / np.linalg.norm(bug, 2, axis=(1, 2))[:, None, None]
        newton_clean, descent_clean = (
            one_step(matrices, x, matrices),
            many_steps(matrices, x),
        )
        for source, method, found, clean in (
            ("float32", NEWTON, one_step(h, y, h), newton_clean),
            ("float32", DESCENT, many_steps(h, y), descent_clean),
            ("bug", NEWTON, one_step(matrices, x, matrices + bug), newton_clean),
            ("bug", DESCENT, many_steps(matrices, x, WRONG), descent_clean),
        ):
            moved = np.linalg.norm(clean - x, axis=(1, 2))
            harm = np.linalg.norm(found - clean, axis=(1, 2)) / moved
            left = gap(matrices, found) / gap(matrices, x)
            for replicate, each in enumerate(harm):
                yield {
                    "part": "fragility",
                    "source": SOURCES[source],
                    "method": method,
                    "condition": condition,
                    "kappa": STEEPER[condition],
                    "replicate": replicate,
                    "harm": each,
                    "digits": np.log10(each) if each > 0 else -16.0,
                    "left": left[replicate],
                }


def saddle(draws, replicates):
    """Start both methods around the saddle of x² - y² + y⁴ / 4; see where they end."""
    for replicate in range(replicates):
        random = draws(replicate, "saddle")
        start = random.uniform(-1, 1, (STARTS, 2))
        for method in (NEWTON, DESCENT):
            x, y = start.T
            for _ in range(200):
                slope, curvature = -2 * y + y**3, -2 + 3 * y**2
                x, y = (
                    (0 * x, y - slope / curvature)
                    if method == NEWTON
                    else (x - 0.1 * 2 * x, y - 0.1 * slope)
                )
            yield {
                "part": "saddle",
                "method": method,
                "replicate": replicate,
                "at_saddle": 100 * np.mean(abs(y) < 1e-6),
                "at_minimum": 100 * np.mean(abs(abs(y) - np.sqrt(2)) < 1e-6),
            }


def run(draws, replicates):
    counted = [*costs()]
    return pd.DataFrame(
        [
            *counted,
            *powers(counted),
            *conditioning(draws, replicates),
            *invariance(draws, replicates),
            *fragility(draws, replicates),
            *saddle(draws, replicates),
        ]
    )


def cost(id, quantity):
    return Claim(
        id,
        verdict=Exact(
            measure="deviation",
            where={"part": "power", "quantity": quantity},
            tolerance=0.1,
        ),
    )


def solved(method, condition):
    return {"part": "conditioning", "method": method, "condition": condition}


def changed(method, stretch):
    return {"part": "invariance", "method": method, "stretch": stretch}


def harmed(source, method, condition):
    return {
        "part": "fragility",
        "source": SOURCES[source],
        "method": method,
        "condition": condition,
    }


EXPERIMENT = Simulation(
    title="Newton's method against gradient descent",
    about=(newton,),
    claims=(
        cost("d2-34", "memory"),
        cost("d2-35", "flops of a step"),
        cost("d2-36", "flops of a trial of the search"),
        Claim(
            "d2-37",
            verdict=Shape(
                Equivalent(
                    measure="iterations",
                    arm=solved(NEWTON, 10_000),
                    than=solved(NEWTON, 1),
                    margin=0.5,
                ),
                Greater(
                    measure="iterations",
                    arm=solved(DESCENT, 10_000),
                    than=solved(DESCENT, 1),
                ),
                Equivalent(
                    measure="apart",
                    arm=changed(NEWTON, 1_000),
                    than=changed(NEWTON, 1),
                    margin=1e-8,
                ),
                Greater(
                    measure="apart",
                    arm=changed(DESCENT, 1_000),
                    than=changed(DESCENT, 1),
                    delta=0.01,
                ),
            ),
        ),
        Claim(
            "d2-38",
            verdict=Shape(
                *(
                    Greater(
                        measure="digits",
                        arm=harmed(source, NEWTON, condition),
                        than=harmed(source, DESCENT, condition),
                        delta=1.0,
                    )
                    for source, condition in (
                        ("float32", 100_000_000),
                        ("bug", 10_000),
                    )
                ),
            ),
        ),
    ),
    run=run,
    timed=True,
    settings={"replicates": 10},
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
        LogLog(
            x="condition",
            y="iterations",
            hue="method",
            where={"drawn": "conditioning"},
            dashed=(FORMULA,),
            title="Iterations on quadratics until the gap is a millionth of that at "
            "the start",
        ),
        LogLog(
            x="condition",
            y="harm",
            hue="method",
            panels="source",
            where={"part": "fragility"},
            title="Distance of a run with errors from the same run without, in "
            "distances that the latter went: one step of Newton's method, a hundred of "
            "gradient descent",
        ),
        LogLog(
            x="n",
            y="flops",
            hue="method",
            where={"part": "cost"},
            title="Flops of a step, given slope and Hessian",
        ),
    ),
    tables=(
        Table(
            "What grows with which power of the number of weights n",
            where={"part": "power"},
            columns={
                "quantity": "quantity",
                "method": "method",
                "claimed": "claimed power of n",
                "power": "counted",
                "seconds_power": "timed",
            },
        ),
        Table(
            "A step, counted and timed. The seconds, the best of ten, are the "
            "machine's and judge nothing",
            where={"part": "cost"},
            columns={
                "method": "method",
                "n": "n",
                "bytes": "bytes of Hessian or slope",
                "flops": "flops, given them",
                "search": "flops of a trial of the search",
                "seconds_step": "seconds",
            },
        ),
        Table(
            "Paths after a change of variables that stretches by so much",
            where={"part": "invariance"},
            by=("method", "stretch"),
            columns={
                "method": "method",
                "stretch": "largest stretch over smallest",
                "apart": "distance from the path without it",
            },
        ),
        Table(
            "Runs with errors. At κ = 10⁸ a step of Newton's method in single "
            "precision goes far astray and still leaves less gap than a hundred "
            "gradient steps; with wrong derivatives it may leave more than there was",
            where={"part": "fragility"},
            by=("source", "kappa", "method"),
            columns={
                "source": "error",
                "kappa": "κ",
                "method": "method",
                "harm": "distance from the run without, over the way of that",
                "left": "gap after over gap before",
            },
        ),
        Table(
            "Where fifty starts around the saddle of x² − y² + y⁴/4 end",
            where={"part": "saddle"},
            by=("method",),
            columns={
                "method": "method",
                "at_saddle": "at the saddle (%)",
                "at_minimum": "at a minimum (%)",
            },
        ),
    ),
    differences=(
        (
            "O(n) of gradient descent",
            "a step",
            "the update alone, given the slope: the slope of a dense quadratic takes "
            "2n² flops",
        ),
        (
            "O(n) of backtracking",
            "the search",
            "a trial of it, without evaluating f: that takes 2n² flops on a dense "
            "quadratic",
        ),
        (
            "bug",
            "not said which",
            "derivatives wrong by 1 % of their norm: the Hessian in Newton's method, "
            "each slope in gradient descent",
        ),
    ),
    smoke={"settings": {"replicates": 2}},
)
