"""Hyperparameters drawn as ten to a uniform power: every decade is as likely."""

import numpy as np
import pandas as pd

from study.lab.declare.experiment import Simulation
from study.lab.declare.facts import fact
from study.lab.declare.measures import Column
from study.lab.declare.rows import tables
from study.lab.declare.takeaway import Number, Takeaway
from study.lab.figures import Deviations, Dots, Table
from study.lab.rules.statements import with_largest

RANGES = {"weight decay": (-8, -4), "learning rate": (-6, -2)}
DRAWS = 10_000
TOLERANCE = 1e-12  # float64 keeps log10 of these numbers to some 1e-15
# A larger distance of the distributions has a chance of 1e-6: Kolmogorov's
# sqrt(log(2 / 1e-6) / 2), over the root of the number of draws.
CHANCE = float(np.sqrt(np.log(2e6) / 2))


def drawn(random, low, high, count):
    """Draw as the lecture does: 10 to a power from U(low, high)."""
    return 10 ** random.uniform(low, high, count)


def distance(values, low, high):
    """Return the largest distance of the powers' distribution from the even one."""
    shares = (np.sort(np.log10(values)) - low) / (high - low)
    n = len(shares)
    steps = np.arange(n + 1) / n
    return max(np.abs(shares - steps[1:]).max(), np.abs(shares - steps[:-1]).max())


def outside(values, low, high):
    """Return how far, in decades, the farthest value lies outside of the range."""
    powers = np.log10(values)
    return max(0.0, low - powers.min(), powers.max() - high)


def statements(draws, name, replicate, count):
    """Yield (statement, how far the draws are from it)."""
    low, high = RANGES[name]
    values = drawn(draws(replicate, name), low, high, count)
    shares = draws(replicate, name).random(count)  # of the same numbers
    powers = low + (high - low) * shares
    yield "the power is uniform", np.abs(np.log10(values) - powers).max()
    yield "the range", outside(values, low, high)
    excess = distance(values, low, high) - CHANCE / np.sqrt(count)
    yield "all decades as likely", max(0.0, excess)


def decades(draws, name, replicate, count):
    """Yield the share of draws in each decade, for even powers and for even values."""
    low, high = RANGES[name]
    random = draws(replicate, name)
    ways = {
        "10^uniform": drawn(random, low, high, count),
        "uniform": random.uniform(10.0**low, 10.0**high, count),
    }
    for way, values in ways.items():
        for power in range(low, high):
            inside = (values >= 10.0**power) & (values < 10.0 ** (power + 1))
            yield {
                "table": "decade",
                "hyperparameter": name,
                "drawn": way,
                "decade": f"{name} from 1e{power} to 1e{power + 1}",
                "replicate": replicate,
                "share": 100 * inside.mean(),
            }


def run(draws, replicates, count):
    """Check every seed, and keep the largest deviation of each statement."""
    rows, shares = [], []
    for replicate in range(replicates):
        for name in RANGES:
            for statement, deviation in statements(draws, name, replicate, count):
                rows.append(
                    {
                        "row": f"{name}: {statement}",
                        "replicate": replicate,
                        "deviation": float(deviation),
                    }
                )
            shares += decades(draws, name, replicate, count)
    return with_largest(pd.DataFrame(rows), ["row"]) | tables(shares)


def lowest(drawn):
    cell = {"decade": "learning rate from 1e-6 to 1e-5", "drawn": drawn}
    return Number("share", cell, "decade")


EXPERIMENT = Simulation(
    title="Random search: the draws",
    claims=(fact("d3-34", "seed", TOLERANCE),),
    takeaway=Takeaway(
        holds="Drawn as powers of ten, as the lecture's code draws them, all decades "
        "are as likely: {power} of the learning rates fall between 0.000001 and "
        "0.00001. Drawn uniformly, {uniform} would.",
        fails="The lecture's code does not draw powers of ten as it is told: {power} "
        "of the learning rates fall between 0.000001 and 0.00001. Drawn uniformly, "
        "{uniform} would.",
        numbers={"power": lowest("10^uniform"), "uniform": lowest("uniform")},
    ),
    run=run,
    settings={"replicates": 10, "count": DRAWS},
    measures=(
        Column("deviation", "", "largest deviation"),
        Column("share", "%", "share of the draws"),
    ),
    figures=(
        Dots(
            "share",
            rows="decade",
            panels="drawn",
            table="decade",
            title="Share of the draws in each decade, by the lecture's formula and "
            "from even values of the same range",
        ),
        Deviations(
            "deviation",
            by="row",
            table="largest",
            limit=TOLERANCE,
            title="Largest deviation of each statement over the seeds",
        ),
    ),
    tables=(
        Table(
            "The largest deviation of each statement over the seeds",
            table="largest",
            columns={"row": "statement", "deviation": "largest deviation"},
        ),
        Table(
            "Share of the draws in each decade, in %",
            table="decade",
            by=("decade", "drawn"),
            columns={"drawn": "drawn as", "share": "share"},
        ),
    ),
    differences={
        "draws": ("one a trial, 100 in all", f"{DRAWS:,} in each of 10 seeds"),
        "all decades as likely": (
            "not said; it follows from the formula",
            "no farther from even than in one of a million samples",
        ),
    },
    smoke={"settings": {"replicates": 2, "count": 1_000}},
)
