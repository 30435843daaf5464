"""SGD converges if steps shrink neither too fast nor too slowly, at its own rate."""

import itertools
from functools import partial

import numpy as np
import pandas as pd

from study.gradients import gradient
from study.lab.experiment import Claim, Erratum, Simulation
from study.lab.figures import LogLog, Table
from study.lab.measures import Column
from study.lab.verdicts import Equivalent, Exact, Greater, Less, Shape
from study.optimizers import SGD
from study.theory.cycles import (
    cycle,
    difference,
    logistic,
    logistic_loss,
    mean_logistic,
    slopes_of,
    squares,
    worst_hubers,
)
from study.theory.descents import apart, descend, in_turn, power, walk
from study.theory.problems import quadratic, quartic
from study.theory.stochastic import Regression, noisy, settled_variance

CHAINS = 100  # runs behind the number of one seed
BOWL = quadratic([0.5, 1.0])  # its noise has deviation 1
FAR = 10.0  # from the optimum, in both coordinates
LAST = 10_000
# Name to the step sizes, their sum and that of their squares.
SEQUENCES = {
    "2/(k+1)": (lambda k: 2 / (k + 1), "∞", "finite"),
    "k^(−3/4)": (lambda k: k**-0.75, "∞", "finite"),
    "1/√k": (lambda k: k**-0.5, "∞", "∞"),
    "0.5": (lambda k: 0.5 + 0 * k, "∞", "∞"),
    "2/(k+1)²": (lambda k: 2 / (k + 1) ** 2, "finite", "finite"),
}
CONSTANT = (0.2, 0.1, 0.05)
# The problem, the steps of gradient descent and of SGD, and the noise. Starts lie at 1,
# where no curvature of x⁴ / 4 exceeds 3.
RATES = {
    "quadratic": (BOWL, lambda k: 1 + 0 * k, lambda k: 2 / (k + 1), 1.0),
    "x⁴": (quartic(), lambda k: 1 / 3 + 0 * k, lambda k: 0.5 * k**-0.5, 0.5),
}
EXAMPLES, SIZE = 8, 3  # of a cycle
HALVINGS = 2.0 ** -np.arange(4, 13)
THEORY = "theory: t / (2 − t)"
SMOOTH, LIPSCHITZ = "slopes Lipschitz", "only f_i Lipschitz"


def follow(start, slope, steps):
    """Yield (arms, chains, size) at k = 0, 1, ... by step sizes (k, arms)."""
    return descend(start, slope, steps[..., None, None])


def sequences(draws, replicates, last):
    """Follow the step sequences on the noisy quadratic."""
    k = np.arange(1.0, last + 1)
    steps = np.column_stack([size(k) for size, *_ in SEQUENCES.values()])
    seen = {100, *np.geomspace(1, last, 25).astype(int)}
    start = np.full((len(SEQUENCES), CHAINS, 2), FAR)
    for replicate in range(replicates):
        slope = noisy(BOWL.slope, draws(replicate, "step sequences"))
        for at, x in enumerate(follow(start, slope, steps)):
            if at not in seen:
                continue
            distances = np.sqrt((x**2).mean(axis=(1, 2)))
            for (name, sums), each in zip(SEQUENCES.items(), distances, strict=True):
                yield {
                    "part": "sequence",
                    "steps": name,
                    "sum": sums[1],
                    "squares": sums[2],
                    "replicate": replicate,
                    "k": at,
                    "distance": each,
                }


def outgrown():
    """Count the steps of 2/(k+1) down x⁴ from 3 until x is beyond all bounds.

    Its slope grows faster than x, which the two sums do not rule out.
    """
    steps = 2 / (np.arange(1.0, 50) + 1)
    path = descend(np.full(1, 3.0), lambda x: 4 * x**3, steps)
    beyond = next(at for at, x in enumerate(path) if abs(x.item()) > 1e100)
    yield {"part": "quartic", "steps": "2/(k+1)", "k": beyond}


def stationary(draws, replicates, last=1_000):
    """Let constant steps settle, and average over the second half of them.

    Noise is added to the slope of a quadratic, or comes from drawing one of the
    hundred examples of a regression; gradient descent takes the whole slope.
    """
    steps = np.broadcast_to(CONSTANT, (last, len(CONSTANT)))
    start = np.full((len(CONSTANT), CHAINS, 2), FAR)
    for replicate in range(replicates):
        random = draws(replicate, "constant steps")
        regression = Regression.drawn(random)
        for problem, method, slope in (
            ("noisy quadratic", "SGD", noisy(BOWL.slope, random)),
            ("noisy quadratic", "GD", BOWL.slope),
            ("regression", "SGD", regression.slope_of_one(random)),
            ("regression", "GD", regression.slope),
        ):
            path = itertools.islice(follow(start, slope, steps), last // 2, None)
            variance = sum((x**2).mean(axis=1) for x in path) / (last - last // 2 + 1)
            for size, each in zip(CONSTANT, variance, strict=True):
                yield {
                    "part": "stationary",
                    "problem": problem,
                    "method": method,
                    "t": size,
                    "replicate": replicate,
                    "drawn": "variance" if method == "SGD" else None,
                    "distance": np.sqrt(each.mean()),
                    "variance": each[1],
                    "variance_per_step": each[1] / size,
                    "formula": 1 / (2 - size),
                }
    for size in CONSTANT:
        cell = {"part": "theory", "problem": THEORY, "drawn": "variance", "t": size}
        yield {**cell, "variance": settled_variance(size)}


def rates(draws, replicates):
    """Fit the power of k that the gap falls with, from k = 30 to 300."""
    seen = np.unique(np.geomspace(1, 300, 25).astype(int))
    late = seen >= 30
    k = np.arange(1.0, seen[-1] + 1)[:, None]
    for replicate in range(replicates):
        random = draws(replicate, "rates")
        start = random.uniform(0.5, 1, (1, CHAINS, 2))
        for name, (problem, full, shrinking, deviation) in RATES.items():
            for method, size, slope in (
                ("GD", full, problem.slope),
                ("SGD", shrinking, noisy(problem.slope, random, deviation)),
            ):
                path = [*follow(start, slope, size(k))]
                gaps = np.array([problem.gap(path[at]).mean(-1).item() for at in seen])
                fall = -power(seen[late], gaps[late])
                cell = {"problem": name, "method": method, "replicate": replicate}
                ends = {"early": gaps[late][0], "late": gaps[-1]}
                yield {"part": "rate", **cell, "rate": fall, **ends}
                for at, gap in zip(seen, gaps, strict=True):
                    yield {"part": "gap", **cell, "k": at, "gap": gap}


def labels(draws, t=0.25):
    """Hold both formulas against the points that the steps themselves go through."""
    random = draws(0, "cycle")
    examples, x = random.normal(size=(EXAMPLES, SIZE)), random.normal(size=SIZE)
    slopes = slopes_of(logistic, examples)

    def whole(x):
        return sum(slope(x) for slope in slopes)

    points, met = cycle(slopes, x, t)
    batches, _ = cycle([whole] * EXAMPLES, x, t)
    by_cycle, by_batch = x - t * sum(met), x - t * whole(x)
    parted, formula = by_cycle - by_batch, -t * difference(slopes, x, t)
    for label, quantity, ends, point in (
        ("as printed", "cycle ends at x⁽ᵏ⁺¹⁾", by_cycle, points[1]),
        ("as printed", "batch step ends at x⁽ᵏ⁺ᵐ⁾", by_batch, batches[-1]),
        ("swapped", "cycle ends at x⁽ᵏ⁺ᵐ⁾", by_cycle, points[-1]),
        ("swapped", "batch step ends at x⁽ᵏ⁺¹⁾", by_batch, batches[1]),
        ("either", "cycle − batch = −t · difference", parted, formula),
    ):
        off = np.linalg.norm(ends - point) / np.linalg.norm(by_batch)
        cell = {"part": "cycle", "labels": label, "quantity": quantity}
        yield {**cell, "deviation": off}


def closeness(draws, replicates):
    """Halve t, and see whether the difference of a cycle from a batch step halves."""
    smooth, sharp = (worst_hubers(each, EXAMPLES) for each in (1.0, 1e-9))
    cells = [
        (SMOOTH, "Huber of width ≥ 1, the worst", 0, *smooth),
        (LIPSCHITZ, "Huber of any width, the worst", 0, *sharp),
    ]
    for replicate in range(replicates):
        random = draws(replicate, "closeness")
        examples, x = random.normal(size=(EXAMPLES, SIZE)), random.normal(size=SIZE)
        for name, family in (("logistic", logistic), ("squared error", squares)):
            slopes = slopes_of(family, examples)
            cells.append((SMOOTH, f"{name} regression", replicate, slopes, x))
    for assumption, name, replicate, slopes, x in cells:
        sizes = [abs(difference(slopes, x, t)).max() / EXAMPLES for t in HALVINGS]
        cell = {"assumption": assumption, "f_i": name, "replicate": replicate}
        for t, size in zip(HALVINGS, sizes, strict=True):
            yield {"part": "difference", **cell, "t": t, "difference": size}
        grown = power(HALVINGS, sizes)
        short = max(0.0, 1 - grown)
        yield {"part": "closeness", **cell, "power": grown, "shortfall": short}


def algorithm(draws, t=0.25):
    """Take the steps of the algorithm by formula and with the optimizer.

    The mean of ĝ over all minibatches must be the whole slope.
    """
    random = draws(0, "algorithm")
    examples, start = random.normal(size=(EXAMPLES, SIZE)), random.normal(size=SIZE)
    picked = [random.choice(EXAMPLES, size=4, replace=False) for _ in range(20)]
    batches = [examples[each] for each in picked]
    printed = descend(start, in_turn(slopes_of(mean_logistic, batches)), [t] * 20)
    losses = [partial(gradient, logistic_loss(batch)) for batch in batches]
    steps = apart(walk(SGD(t), start, in_turn(losses), 20), [*printed])
    every = itertools.combinations(range(EXAMPLES), 4)
    means = np.stack([mean_logistic(start, examples[[*batch]]) for batch in every])
    bias = abs(means.mean(axis=0) - mean_logistic(start, examples)).max()
    for quantity, deviation in (
        ("twenty steps: study.optimizers.SGD against the formula", steps),
        ("mean of ĝ over all 70 minibatches against the whole slope", bias),
    ):
        yield {"part": "algorithm", "quantity": quantity, "deviation": deviation}


def run(draws, replicates, last):
    return pd.DataFrame(
        [
            *algorithm(draws),
            *sequences(draws, replicates, last),
            *outgrown(),
            *labels(draws),
            *closeness(draws, replicates),
            *rates(draws, replicates),
            *stationary(draws, replicates),
        ]
    )


def exact(id, tolerance, measure="deviation", **where):
    return Claim(id, verdict=Exact(measure=measure, where=where, tolerance=tolerance))


def after(steps, k=LAST):
    return {"part": "sequence", "steps": steps, "k": k}


def arrives(steps):
    """Closer at the end than at k = 100, than a constant step and than a rash one."""
    return tuple(
        Less(measure="distance", arm=after(steps), than=than)
        for than in (after(steps, 100), after("0.5"), after("2/(k+1)²"))
    )


def rate_of(problem, method):
    return {"part": "rate", "problem": problem, "method": method}


def settled(problem, method, t):
    return {"part": "stationary", "problem": problem, "method": method, "t": t}


def same_rate(problem):
    arm, than = rate_of(problem, "SGD"), rate_of(problem, "GD")
    # half of what parts 1/k from 1/√k
    return Equivalent(measure="rate", arm=arm, than=than, margin=0.25)


def stays_away(problem, t):
    arm, than = settled(problem, "SGD", t), settled(problem, "GD", t)
    # a thousandth of the way from the start
    return Greater(measure="distance", arm=arm, than=than, delta=0.01)


EXPERIMENT = Simulation(
    title="SGD: step sizes",
    about=(SGD,),
    claims=(
        exact("d2-46", 1e-12, part="algorithm"),
        Claim("d2-48", verdict=Shape(*arrives("2/(k+1)"), *arrives("k^(−3/4)"))),
        exact("d2-49", 1e-12, part="cycle", labels="as printed"),
        exact("d2-50", 0.5, "shortfall", part="closeness", assumption=LIPSCHITZ),
        Claim("d2-51", verdict=Shape(*map(same_rate, RATES))),
        Claim(
            "d2-52",
            verdict=Shape(
                *(
                    stays_away(problem, t)
                    for problem in ("noisy quadratic", "regression")
                    for t in CONSTANT
                ),
                Equivalent(
                    measure="variance_per_step",
                    arm=settled("noisy quadratic", "SGD", 0.05),
                    than=settled("noisy quadratic", "SGD", 0.1),
                    margin=0.1,
                ),
            ),
        ),
    ),
    run=run,
    settings={"replicates": 10, "last": LAST},
    measures=(
        Column("distance", "", "distance from the optimum"),
        Column("deviation", "", "deviation"),
        Column("difference", "", "|Σ[∇f_i(x⁽ᵏ⁺ⁱ⁻¹⁾) − ∇f_i(x⁽ᵏ⁾)]| / m"),
        Column("shortfall", "", "power of t short of 1"),
        Column("power", "", "power of t"),
        Column("rate", "", "power of 1/k"),
        Column("early", "", "gap at k = 30"),
        Column("late", "", "gap at k = 300"),
        Column("gap", "", "gap f(x⁽ᵏ⁾) − f*"),
        Column("variance", "", "variance"),
        Column("variance_per_step", "", "variance / t"),
        Column("formula", "", "1 / (2 − t)"),
        Column("k", "", "iteration k"),
        Column("t", "", "step size t"),
    ),
    figures=(
        LogLog(
            x="k",
            y="distance",
            hue="steps",
            where={"part": "sequence"},
            title="Distance from the optimum of a noisy quadratic, five step sequences",
        ),
        LogLog(
            x="t",
            y="variance",
            hue="problem",
            where={"drawn": "variance"},
            dashed=(THEORY,),
            title="Variance around the optimum that constant steps settle at",
        ),
        LogLog(
            x="t",
            y="difference",
            hue="f_i",
            where={"part": "difference"},
            title="Mean difference of the slopes met in a cycle from those of a batch "
            "step",
        ),
        LogLog(
            x="k",
            y="gap",
            hue="method",
            panels="problem",
            where={"part": "gap"},
            lower=1e-7,
            upper=10,
            title="Gap of gradient descent and SGD with shrinking steps; what has "
            "fallen below 10⁻⁷ is cut off",
        ),
    ),
    tables=(
        Table(
            "Where the step sequences are at k = 10,000",
            where={"part": "sequence", "k": LAST},
            by=("steps", "sum", "squares"),
            columns={
                "steps": "ε_k",
                "sum": "Σ ε_k",
                "squares": "Σ ε_k²",
                "distance": "distance from the optimum",
            },
        ),
        Table(
            "The first iteration at which x⁴, from x = 3, is beyond 10¹⁰⁰: the two "
            "sums need a slope that does not outgrow x",
            where={"part": "quartic"},
            columns={"steps": "ε_k", "k": "k"},
        ),
        Table(
            "Constant steps on the noisy quadratic, in the coordinate of curvature 1: "
            "theory has the variance at t / (2 − t)",
            where={"part": "stationary", "problem": "noisy quadratic", "method": "SGD"},
            by=("t", "formula"),
            columns={
                "t": "t",
                "variance": "variance",
                "variance_per_step": "variance / t",
                "formula": "1 / (2 − t)",
            },
        ),
        Table(
            "How the gap falls from k = 30 to 300, as a power of 1/k",
            where={"part": "rate"},
            by=("problem", "method"),
            columns={
                "problem": "f",
                "method": "method",
                "rate": "power",
                "early": "gap at k = 30",
                "late": "gap at k = 300",
            },
        ),
        Table(
            "How the difference of a cycle from a batch step shrinks with t: the power "
            "is 1 where halving t halves it",
            where={"part": "closeness"},
            by=("assumption", "f_i"),
            columns={"assumption": "assumption", "f_i": "f_i", "power": "power of t"},
        ),
        Table(
            "Where a cycle and a batch step end",
            where={"part": "cycle"},
            columns={
                "labels": "labels",
                "quantity": "formula",
                "deviation": "relative deviation",
            },
        ),
    ),
    errata=(
        Erratum(
            id="E16",
            claim="d2-49",
            where="d2:415",
            says="a cycle over m examples ends at x⁽ᵏ⁺¹⁾",
            correction="at x⁽ᵏ⁺ᵐ⁾: its sum runs over the m points from x⁽ᵏ⁾ on",
        ),
        Erratum(
            id="E34",
            claim="d2-49",
            where="d2:418",
            says="a batch step ends at x⁽ᵏ⁺ᵐ⁾",
            correction="at x⁽ᵏ⁺¹⁾: it is one step. With labels swapped both formulas "
            "and their difference are right",
        ),
        Erratum(
            id="E35",
            claim="d2-50",
            where="d2:423",
            says="f_i changes little with x if it is Lipschitz continuous",
            correction="the gradient of f_i must be Lipschitz; then halving t halves "
            "the difference. Among functions of slope at most 1 it need not shrink",
        ),
    ),
    differences=(
        (
            "SGD converges like gradient descent (line 433)",
            "not said in what",
            "in its rate, as a power of 1/k. That it converges at all is d2-48",
        ),
        (
            "f (line 412)",
            "not named",
            "a quadratic with noise of deviation 1 on its slope, 100 runs a seed",
        ),
        (
            "two conditions on ε_k",
            "sufficient",
            "sufficient here; not necessary: 1/√k breaks the second and converges",
        ),
    ),
    smoke={"settings": {"replicates": 2, "last": 1_000}},
)
