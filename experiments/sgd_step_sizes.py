"""SGD converges if steps shrink neither too fast nor too slowly, at its own rate."""

from functools import partial

import numpy as np

from study.lab.declare.experiment import Claim, Simulation
from study.lab.declare.facts import fact
from study.lab.declare.measures import Column
from study.lab.declare.rows import every_seed, of, tables
from study.lab.figures import LogLog, Table
from study.lab.rules.verdicts import Equivalent, Greater, Less, Shape
from study.optimizers import SGD
from study.theory import cycles, stochastic
from study.theory.descents import apart, descend, in_turn, walk
from study.theory.problems import quartic

LAST = 10_000
# Name to the step sizes, and to their sum and that of their squares.
SEQUENCES = {
    "2/(k+1)": (lambda k: 2 / (k + 1), {"sum": "∞", "squares": "finite"}),
    "k^(−3/4)": (lambda k: k**-0.75, {"sum": "∞", "squares": "finite"}),
    "1/√k": (lambda k: k**-0.5, {"sum": "∞", "squares": "∞"}),
    "0.5": (lambda k: 0.5 + 0 * k, {"sum": "∞", "squares": "∞"}),
    "2/(k+1)²": (lambda k: 2 / (k + 1) ** 2, {"sum": "finite", "squares": "finite"}),
}
CONSTANT = (0.2, 0.1, 0.05)
# The problem, the steps of gradient descent and of SGD, and the noise. Starts lie at 1,
# where no curvature of x⁴ / 4 exceeds 3.
RATES = {
    "quadratic": (stochastic.BOWL, lambda k: 1 + 0 * k, lambda k: 2 / (k + 1), 1.0),
    "x⁴": (quartic(), lambda k: 1 / 3 + 0 * k, lambda k: 0.5 * k**-0.5, 0.5),
}
EXAMPLES, SIZE = 8, 3  # of a cycle
HALVINGS = 2.0 ** -np.arange(4, 13)
NOISY = {"problem": "noisy quadratic", "method": "SGD"}


def closeness(draws, replicates):
    """Halve t, and see whether the difference of a cycle from a batch step halves."""
    randoms = (draws(each, "closeness") for each in range(replicates))
    for cell, slopes, x in cycles.losses(randoms, EXAMPLES, SIZE):
        differences, fitted = cycles.shrinking(slopes, x, HALVINGS)
        for t, each in zip(HALVINGS, differences, strict=True):
            yield {"table": "difference", **cell, "t": t, "difference": each}
        yield {"table": "closeness", **cell, **fitted}


def algorithm(draws, t=0.25):
    """Take its steps by formula and by the optimizer, and average ĝ over batches."""
    random = draws(0, "algorithm")
    examples, start = cycles.drawn(random, EXAMPLES, SIZE)
    batches = cycles.minibatches(random, examples, 4, 20)
    slopes = in_turn(cycles.slopes_of(cycles.mean_logistic, batches))
    printed = [*descend(start, slopes, [t] * 20)]
    ours = walk(SGD(t), start, in_turn(cycles.gradients_of(batches)), 20)
    off, bias = apart(ours, printed), cycles.bias(examples, start, 4)
    for quantity, deviation in (
        ("twenty steps: study.optimizers.SGD against the formula", off),
        ("mean of ĝ over all 70 minibatches against the whole slope", bias),
    ):
        yield {"table": "algorithm", "quantity": quantity, "deviation": deviation}


def run(draws, replicates, last):
    every = partial(every_seed, draws, replicates)
    sequences = every("step sequences", stochastic.sequences, SEQUENCES, last)
    return tables(
        [
            *algorithm(draws),
            *of("sequence", sequences),
            {"table": "quartic", "steps": "2/(k+1)", "k": stochastic.outgrown()},
            *of("cycle", cycles.ends(draws(0, "cycle"), EXAMPLES, SIZE)),
            *closeness(draws, replicates),
            *of("rate", every("rates", stochastic.rates, RATES)),
            *of("gap", every("rates", stochastic.gaps, RATES)),
            *of("stationary", every("constant steps", stochastic.settling, CONSTANT)),
            *of("stationary", stochastic.in_theory(CONSTANT)),
        ]
    )


def after(steps, k=LAST):
    return {"steps": steps, "k": k}


def arrives(steps):
    """Closer at the end than at k = 100, than a constant step and than a rash one."""
    return tuple(
        Less(measure="distance", table="sequence", arm=after(steps), than=than)
        for than in (after(steps, 100), after("0.5"), after("2/(k+1)²"))
    )


def than_gd(rule, measure, table, where, **bound):
    arm, than = ({**where, "method": each} for each in ("SGD", "GD"))
    return rule(measure=measure, table=table, arm=arm, than=than, **bound)


def same_rate(problem):
    # half of what parts 1/k from 1/√k
    return than_gd(Equivalent, "rate", "rate", {"problem": problem}, margin=0.25)


def stays_away(problem, t):
    where = {"problem": problem, "t": t}
    # a thousandth of the way from the start
    return than_gd(Greater, "distance", "stationary", where, delta=0.01)


EXPERIMENT = Simulation(
    title="SGD: step sizes",
    about=(SGD,),
    claims=(
        fact("d2-46", "algorithm", 1e-12),
        Claim("d2-48", verdict=Shape(*arrives("2/(k+1)"), *arrives("k^(−3/4)"))),
        fact("d2-49", "cycle", 1e-12, labels="as printed"),
        fact("d2-50", "closeness", 0.5, "shortfall", assumption=cycles.LIPSCHITZ),
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
                    table="stationary",
                    arm=NOISY | {"t": 0.05},
                    than=NOISY | {"t": 0.1},
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
            table="sequence",
            title="Distance from the optimum of a noisy quadratic, five step sequences",
        ),
        LogLog(
            x="t",
            y="variance",
            hue="problem",
            table="stationary",
            where={"method": "SGD"},
            dashed=(stochastic.THEORY,),
            title="Variance around the optimum that constant steps settle at",
        ),
        LogLog(
            x="t",
            y="difference",
            hue="f_i",
            table="difference",
            title="Mean difference of the slopes met in a cycle from those of a batch "
            "step",
        ),
        LogLog(
            x="k",
            y="gap",
            hue="method",
            panels="problem",
            table="gap",
            lower=1e-7,
            upper=10,
            title="Gap of gradient descent and SGD with shrinking steps; what has "
            "fallen below 10⁻⁷ is cut off",
        ),
    ),
    tables=(
        Table(
            "Where the step sequences are at k = 10,000",
            table="sequence",
            where={"k": LAST},
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
            table="quartic",
            columns={"steps": "ε_k", "k": "k"},
        ),
        Table(
            "Constant steps on the noisy quadratic, in the coordinate of curvature 1: "
            "theory has the variance at t / (2 − t)",
            table="stationary",
            where=NOISY,
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
            table="rate",
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
            table="closeness",
            by=("assumption", "f_i"),
            columns={"assumption": "assumption", "f_i": "f_i", "power": "power of t"},
        ),
        Table(
            "Where a cycle and a batch step end",
            table="cycle",
            columns={
                "labels": "labels",
                "quantity": "formula",
                "deviation": "relative deviation",
            },
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
