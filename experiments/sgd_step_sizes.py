"""SGD converges if steps shrink neither too fast nor too slowly, at its own rate."""

from functools import partial
from itertools import product

import numpy as np

from study.lab.declare.controls import Control, Controlled
from study.lab.declare.facts import fact
from study.lab.declare.finding import Claim, Column, Number, Simulation, Takeaway
from study.lab.declare.rows import every_seed, of, tables
from study.lab.figures import Lines, Table
from study.lab.rules.verdicts import DoesNotLower, Each, Lowers, Margin, Raises
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
BETWEEN = ("2/(k+1)", "k^(−3/4)")  # those that meet both conditions
# The slope and the start.
SLOPES = {
    "quadratic": (stochastic.BOWL.slope, stochastic.FAR),
    "x⁴": (quartic().slope, 3.0),
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
CLOSER = Margin(
    2, "factor", because="steps of k^(−p) come closer by 3 or more where p is above 1/2"
)
LESS = Margin(2, "factor", because="a gap of 1/√k falls by 3")
AWAY = Margin(0.01, because="a thousandth of the way from the start")
SAME_POWER = Margin(0.25, because="half of what parts 1/k from 1/√k")


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
    sequences = every("steps", stochastic.sequences, SEQUENCES, SLOPES, last)
    return tables(
        [
            *algorithm(draws),
            *of("sequence", sequences),
            *of("cycle", cycles.ends(draws(0, "cycle"), EXAMPLES, SIZE)),
            *closeness(draws, replicates),
            *of("rate", every("rates", stochastic.rates, RATES)),
            *of("gap", every("rates", stochastic.gaps, RATES)),
            *of("stationary", every("constant steps", stochastic.settling, CONSTANT)),
            *of("stationary", stochastic.in_theory(CONSTANT)),
        ]
    )


def later(rule, steps, problem="quadratic"):
    """Hold the distance at the last step against that at the hundredth."""
    cell = {"problem": problem, "steps": steps}
    arm, than = ({**cell, "k": k} for k in (LAST, 100))
    return rule(measure="distance", table="sequence", arm=arm, than=than, margin=CLOSER)


def falls(problem):
    """Hold SGD's gap after 300 steps against that after 30."""
    cell = {"problem": problem, "method": "SGD"}
    arm, than = ({**cell, "k": k} for k in (300, 30))
    return Lowers(measure="gap", table="gap", arm=arm, than=than, margin=LESS)


def than_gd(rule, measure, table, margin, **where):
    arm, than = ({**where, "method": each} for each in ("SGD", "GD"))
    return rule(measure=measure, table=table, arm=arm, than=than, margin=margin)


def stays(steps):
    what = f"with steps of {steps}, which break a condition, nothing comes closer"
    return Control(what, later(DoesNotLower, steps), "more iterations")


def last_distance(problem):
    cell = {"problem": problem, "steps": "2/(k+1)", "k": LAST}
    return Number("distance", cell, "sequence", unit="")


EXPERIMENT = Simulation(
    title="SGD: step sizes",
    about=(SGD,),
    claims=(
        fact("d2-46", "algorithm", 1e-12),
        Claim(
            "d2-48",
            Controlled(
                Each(*(later(Lowers, y, x) for x, y in product(SLOPES, BETWEEN))),
                stays("0.5"),
                stays("2/(k+1)²"),
            ),
        ),
        fact("d2-49", "cycle", 1e-12, labels="as printed"),
        fact("d2-50", "closeness", 0.5, "shortfall", assumption=cycles.LIPSCHITZ),
        Claim(
            "d2-51",
            Each(
                *map(falls, RATES),
                than_gd(DoesNotLower, "rate", "rate", SAME_POWER, problem="x⁴"),
            ),
        ),
        Claim(
            "d2-52",
            Each(
                *(
                    than_gd(Raises, "distance", "stationary", AWAY, problem=x, t=t)
                    for x, t in product(("noisy quadratic", "regression"), CONSTANT)
                )
            ),
        ),
    ),
    takeaway=Takeaway(
        of="d2-48",
        holds="SGD converges with steps whose sum is infinite and whose squares' sum "
        "is finite",
        depends="SGD with steps whose sum is infinite and whose squares' sum is finite "
        "converges {where}",
        fails="SGD need not converge with steps whose sum is infinite and whose "
        "squares' sum is finite",
        open="Whether SGD converges with steps whose sum is infinite and whose "
        "squares' sum is finite stays open",
        evidence="with steps of 2/(k+1) it ends {quadratic} from the optimum of a "
        "quadratic, and {quartic} from that of x⁴, where a million stands for beyond "
        "all bounds.",
        numbers={
            "quadratic": last_distance("quadratic"),
            "quartic": last_distance("x⁴"),
        },
    ),
    run=run,
    settings={"replicates": 10, "last": LAST},
    measures=(
        Column("distance", "", "distance from the optimum"),
        Column("deviation", "", "deviation"),
        Column("difference", "", "|Σ[∇fᵢ(x⁽ᵏ⁺ⁱ⁻¹⁾) − ∇fᵢ(x⁽ᵏ⁾)]| / m"),
        Column("shortfall", "", "power of t short of 1"),
        Column("rate", "", "power of 1/k"),
        Column("gap", "", "gap f(x⁽ᵏ⁾) − f*"),
        Column("variance", "", "variance"),
        Column("k", "", "iteration k"),
        Column("t", "", "step size t"),
    ),
    figures=(
        Lines(
            "distance",
            x="k",
            hue="steps",
            table="sequence",
            where={"problem": "quadratic"},
            log="xy",
            title="Distance from the optimum of a noisy quadratic, five step sequences",
        ),
        Lines(
            "variance",
            x="t",
            hue="problem",
            table="stationary",
            where={"method": "SGD"},
            dashed=(stochastic.THEORY,),
            log="xy",
            title="Variance around the optimum that constant steps settle at",
        ),
        Lines(
            "difference",
            x="t",
            hue="f_i",
            table="difference",
            log="xy",
            title="Mean difference of the slopes met in a cycle from those of a batch "
            "step",
        ),
        Lines(
            "gap",
            x="k",
            hue="method",
            panels="problem",
            table="gap",
            limits=(1e-7, 10),
            log="xy",
            title="Gap of gradient descent and SGD with shrinking steps; what has "
            "fallen below 10⁻⁷ is cut off",
        ),
    ),
    tables=(
        Table(
            "Where the step sequences are at k = 10,000, from 10 down a quadratic and "
            "from 3 down x⁴, whose slope outgrows x: a million stands for beyond all "
            "bounds",
            table="sequence",
            where={"k": LAST},
            by=("problem", "steps", "sum", "squares"),
            called={
                "problem": "f",
                "steps": "ε_k",
                "sum": "Σ ε_k",
                "squares": "Σ ε_k²",
            },
        ),
        Table(
            "How the gap falls from k = 30 to 300 down x⁴, as a power of 1/k",
            table="rate",
            where={"problem": "x⁴"},
            by=("method",),
        ),
        Table(
            "Where a cycle and a batch step end",
            table="cycle",
            called={"quantity": "formula", "deviation": "relative deviation"},
        ),
    ),
    differences={
        "SGD converges like gradient descent (line 433)": (
            "not said in what",
            "both readings: its gap falls, and by no smaller power of 1/k. The power "
            "is read on x⁴; down a quadratic that of gradient descent has no bound",
        ),
        "f (line 412)": "a quadratic and x⁴, with noise of deviation 1 on their "
        "slopes, 100 runs a seed",
        "two conditions on ε_k": (
            "sufficient",
            "not necessary: 1/√k breaks the second and converges",
        ),
    },
    smoke={"settings": {"replicates": 2, "last": 1_000}},
)
