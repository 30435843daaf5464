"""SGD converges if steps shrink neither too fast nor too slowly, at its own rate."""

import itertools

import keras
import numpy as np
import pandas as pd

from study.gradients import gradient
from study.lab.experiment import Claim, Erratum, Simulation
from study.lab.figures import LogLog, Table
from study.lab.measures import Column
from study.lab.verdicts import Equivalent, Exact, Greater, Less, Shape
from study.optimizers import SGD

CHAINS = 100  # runs behind the number of one seed
CURVATURES = np.array([0.5, 1.0])  # of the noisy quadratic; the noise has deviation 1
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
EXAMPLES, SIZE = 8, 3  # of a cycle
HALVINGS = 2.0 ** -np.arange(4, 13)
THEORY = "theory: t / (2 − t)"
SMOOTH, LIPSCHITZ = "slopes Lipschitz", "only f_i Lipschitz"


def follow(x, steps, slope):
    """Yield x at k = 0, 1, ... where x⁽ᵏ⁾ = x⁽ᵏ⁻¹⁾ - steps[k - 1] · slope(x⁽ᵏ⁻¹⁾).

    x is (arms, chains, size) and `steps` (k, arms).
    """
    yield x
    for t in steps:
        x = x - t[:, None, None] * slope(x)
        yield x


def with_noise(slope, random, deviation=1.0):
    """Add the same noise to the slopes of all arms."""
    return lambda x: slope(x) + deviation * random.standard_normal(x.shape[1:])


def bowl(x):
    """Return the slopes of the quadratic."""
    return CURVATURES * x


def distance(x):
    """Return the root of the mean square, of each arm."""
    return np.sqrt((x**2).mean(axis=(1, 2)))


def sequences(draws, replicates, last):
    """Follow the step sequences on the noisy quadratic."""
    k = np.arange(1.0, last + 1)
    steps = np.column_stack([size(k) for size, *_ in SEQUENCES.values()])
    seen = {100, *np.geomspace(1, last, 25).astype(int)}
    for replicate in range(replicates):
        random = draws(replicate, "step sequences")
        start = np.full((len(SEQUENCES), CHAINS, 2), FAR)
        for at, x in enumerate(follow(start, steps, with_noise(bowl, random))):
            if at in seen:
                for (name, sums), each in zip(
                    SEQUENCES.items(), distance(x), strict=True
                ):
                    yield {
                        "part": "sequence",
                        "steps": name,
                        "sum": sums[1],
                        "squares": sums[2],
                        "replicate": replicate,
                        "k": at,
                        "distance": each,
                    }


def quartic():
    """Count the steps of 2/(k+1) down x⁴ from 3 until x is beyond all bounds.

    Its slope grows faster than x, which the two sums do not rule out.
    """
    steps = 2 / (np.arange(1.0, 50)[:, None] + 1)
    path = follow(np.full((1, 1, 1), 3.0), steps, lambda x: 4 * x**3)
    beyond = next(at for at, x in enumerate(path) if abs(x.item()) > 1e100)
    yield {"part": "quartic", "steps": "2/(k+1)", "k": beyond}


def regression(random):
    """Draw examples of two inputs, and targets that a line fits to within noise."""
    inputs = random.standard_normal((100, 2))
    targets = inputs @ [1.0, -1.0] + random.standard_normal(100)
    return inputs, targets, np.linalg.lstsq(inputs, targets)[0]


def stationary(draws, replicates, last=1_000):
    """Let constant steps settle, and average over the second half of them.

    Noise is added to the slope of a quadratic, or comes from drawing one of the
    hundred examples of a regression; gradient descent takes the whole slope.
    """
    t = np.array(CONSTANT)
    steps = np.broadcast_to(t, (last, len(t)))
    start = np.full((len(t), CHAINS, 2), FAR)
    for replicate in range(replicates):
        random = draws(replicate, "constant steps")
        inputs, targets, best = regression(random)

        def example(x, inputs=inputs, targets=targets, best=best, random=random):
            drawn = random.integers(len(inputs), size=CHAINS)
            a, b = inputs[drawn], targets[drawn]
            return a * (((x + best) * a).sum(-1) - b)[..., None]

        def whole(x, inputs=inputs):
            return x @ (inputs.T @ inputs) / len(inputs)

        for problem, method, slope in (
            ("noisy quadratic", "SGD", with_noise(bowl, random)),
            ("noisy quadratic", "GD", bowl),
            ("regression", "SGD", example),
            ("regression", "GD", whole),
        ):
            path = itertools.islice(follow(start, steps, slope), last // 2, None)
            variance = sum((x**2).mean(axis=1) for x in path) / (last - last // 2 + 1)
            for i, size in enumerate(CONSTANT):
                yield {
                    "part": "stationary",
                    "problem": problem,
                    "method": method,
                    "t": size,
                    "replicate": replicate,
                    "drawn": "variance" if method == "SGD" else None,
                    "distance": np.sqrt(variance[i].mean()),
                    "variance": variance[i, 1],
                    "variance_per_step": variance[i, 1] / size,
                    "formula": 1 / (2 - size),
                }
    for size in CONSTANT:
        yield {
            "part": "theory",
            "problem": THEORY,
            "drawn": "variance",
            "t": size,
            "variance": size / (2 - size),
        }


# Problem to its slope, the steps of gradient descent and of SGD, and the noise. Starts
# lie at 1, where no curvature of x⁴ / 4 exceeds 3.
RATES = {
    "quadratic": (bowl, lambda k: 1 + 0 * k, lambda k: 2 / (k + 1), 1.0),
    "x⁴": (lambda x: x**3, lambda k: 1 / 3 + 0 * k, lambda k: 0.5 * k**-0.5, 0.5),
}
GAPS = {
    "quadratic": lambda x: (CURVATURES * x**2).sum(-1).mean(-1) / 2,
    "x⁴": lambda x: (x**4).sum(-1).mean(-1) / 4,
}


def rates(draws, replicates):
    """Fit the power of k that the gap falls with, from k = 30 to 300."""
    seen = np.unique(np.geomspace(1, 300, 25).astype(int))
    late = seen >= 30
    k = np.arange(1.0, seen[-1] + 1)[:, None]
    for replicate in range(replicates):
        random = draws(replicate, "rates")
        start = random.uniform(0.5, 1, (1, CHAINS, 2))
        for problem, (slope, full, noisy, deviation) in RATES.items():
            for method, size, felt in (
                ("GD", full, slope),
                ("SGD", noisy, with_noise(slope, random, deviation)),
            ):
                path = [*follow(start, size(k), felt)]
                gaps = np.array([GAPS[problem](path[at]).item() for at in seen])
                cell = {
                    "part": "rate",
                    "problem": problem,
                    "method": method,
                    "replicate": replicate,
                }
                yield {
                    **cell,
                    "rate": -np.polyfit(np.log(seen[late]), np.log(gaps[late]), 1)[0],
                    "early": gaps[late][0],
                    "late": gaps[-1],
                }
                for at, gap in zip(seen, gaps, strict=True):
                    yield {**cell, "part": "gap", "k": at, "gap": gap}


def logistic(x, a):
    """Return the slope of log(1 + exp(-a · x))."""
    return -a / (1 + np.exp((a * x).sum(-1, keepdims=True)))


def squares(x, a):
    """Return the slope of (a · x - 1)² / 2."""
    return a * ((a * x).sum(-1, keepdims=True) - 1)


def cycle(slopes, x, t):
    """Take one step down each of the slopes in turn; return all points and slopes."""
    points, met = [x], []
    for slope in slopes:
        met.append(slope(points[-1]))
        points.append(points[-1] - t * met[-1])
    return points, met


def difference(slopes, x, t):
    """Return Σ [∇f_i(x⁽ᵏ⁺ⁱ⁻¹⁾) - ∇f_i(x⁽ᵏ⁾)], what a cycle has beside a batch."""
    _, met = cycle(slopes, x, t)
    return sum(met) - sum(slope(x) for slope in slopes)


def slopes_of(family, examples):
    return [lambda x, a=a: family(x, a) for a in examples]


def labels(draws, t=0.25):
    """Hold both formulas against the points that the steps themselves go through."""
    random = draws(0, "cycle")
    examples, x = random.normal(size=(EXAMPLES, SIZE)), random.normal(size=SIZE)
    slopes = slopes_of(logistic, examples)
    points, met = cycle(slopes, x, t)
    after_cycle = x - t * sum(met)

    def whole(x):
        return sum(slope(x) for slope in slopes)

    batches, _ = cycle([whole] * EXAMPLES, x, t)
    after_batch = x - t * whole(x)
    for label, quantity, formula, point in (
        ("as printed", "cycle ends at x⁽ᵏ⁺¹⁾", after_cycle, points[1]),
        ("as printed", "batch step ends at x⁽ᵏ⁺ᵐ⁾", after_batch, batches[-1]),
        ("swapped", "cycle ends at x⁽ᵏ⁺ᵐ⁾", after_cycle, points[-1]),
        ("swapped", "batch step ends at x⁽ᵏ⁺¹⁾", after_batch, batches[1]),
        (
            "either",
            "cycle − batch = −t · difference",
            after_cycle - after_batch,
            -t * difference(slopes, x, t),
        ),
    ):
        yield {
            "part": "cycle",
            "labels": label,
            "quantity": quantity,
            "deviation": np.linalg.norm(formula - point) / np.linalg.norm(after_batch),
        }


def worst_hubers(narrowest):
    """Return all f_i alike, of slope at most 1, and starts: what is worst is sought.

    Slopes go from -1 to 1 within `narrowest` or more, one row each, starts beside.
    """
    widths = np.geomspace(narrowest, 1, 40)[:, None]
    starts = np.geomspace(1e-9, 1, 400)[None]
    return [lambda x: np.clip(x / widths, -1, 1)] * EXAMPLES, starts + 0 * widths


def closeness(draws, replicates):
    """Halve t, and see whether the difference of a cycle from a batch step halves."""
    cells = [
        (SMOOTH, "Huber of width ≥ 1, the worst", 0, *worst_hubers(1.0)),
        (LIPSCHITZ, "Huber of any width, the worst", 0, *worst_hubers(1e-9)),
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
        power = np.polyfit(np.log(HALVINGS), np.log(sizes), 1)[0]
        yield {
            "part": "closeness",
            **cell,
            "power": power,
            "shortfall": max(0.0, 1 - power),
        }


def algorithm(draws, t=0.25):
    """Take the steps of the algorithm by formula and with the optimizer.

    The mean of ĝ over all minibatches must be the whole slope.
    """
    random = draws(0, "algorithm")
    examples, start = random.normal(size=(EXAMPLES, SIZE)), random.normal(size=SIZE)
    by_formula, variable = start, keras.Variable(start, dtype="float64")
    optimizer, worst = SGD(t), 0.0
    for _ in range(20):
        batch = examples[random.choice(EXAMPLES, size=4, replace=False)]
        by_formula = by_formula - t * logistic(by_formula, batch).mean(axis=0)

        def loss(x, batch=batch):
            return keras.ops.mean(
                keras.ops.log1p(keras.ops.exp(-keras.ops.sum(batch * x, axis=-1)))
            )

        slope = gradient(loss, keras.ops.convert_to_numpy(variable))
        optimizer.apply([keras.ops.convert_to_tensor(slope)], [variable])
        worst = max(worst, abs(keras.ops.convert_to_numpy(variable) - by_formula).max())
    slopes = logistic(start, examples)
    batches = [*itertools.combinations(range(EXAMPLES), 4)]
    means = np.stack([slopes[[*batch]].mean(axis=0) for batch in batches])
    for quantity, deviation in (
        ("twenty steps: study.optimizers.SGD against the formula", worst),
        (
            "mean of ĝ over all 70 minibatches against the whole slope",
            abs(means.mean(axis=0) - slopes.mean(axis=0)).max(),
        ),
    ):
        yield {"part": "algorithm", "quantity": quantity, "deviation": deviation}


def run(draws, replicates, last):
    return pd.DataFrame(
        [
            *algorithm(draws),
            *sequences(draws, replicates, last),
            *quartic(),
            *labels(draws),
            *closeness(draws, replicates),
            *rates(draws, replicates),
            *stationary(draws, replicates),
        ]
    )


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


EXPERIMENT = Simulation(
    title="SGD: step sizes",
    about=(SGD,),
    claims=(
        Claim(
            "d2-46",
            verdict=Exact(
                measure="deviation", where={"part": "algorithm"}, tolerance=1e-12
            ),
        ),
        Claim("d2-48", verdict=Shape(*arrives("2/(k+1)"), *arrives("k^(−3/4)"))),
        Claim(
            "d2-49",
            verdict=Exact(
                measure="deviation",
                where={"part": "cycle", "labels": "as printed"},
                tolerance=1e-12,
            ),
        ),
        Claim(
            "d2-50",
            verdict=Exact(
                measure="shortfall",
                where={"part": "closeness", "assumption": LIPSCHITZ},
                tolerance=0.5,
            ),
        ),
        Claim(
            "d2-51",
            verdict=Shape(
                *(
                    Equivalent(
                        measure="rate",
                        arm=rate_of(problem, "SGD"),
                        than=rate_of(problem, "GD"),
                        margin=0.25,  # half of what parts 1/k from 1/√k
                    )
                    for problem in RATES
                )
            ),
        ),
        Claim(
            "d2-52",
            verdict=Shape(
                *(
                    Greater(
                        measure="distance",
                        arm=settled(problem, "SGD", t),
                        than=settled(problem, "GD", t),
                        delta=0.01,  # a thousandth of the way from the start
                    )
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
