"""Hyperparameters drawn as ten to a uniform power: every decade is as likely."""

import numpy as np
import pandas as pd
from scipy.special import rel_entr

from study.lab.declare.facts import fact
from study.lab.declare.finding import Column, Number, Simulation, Takeaway
from study.lab.declare.rows import tables
from study.lab.figures import Deviations, Dots, Table
from study.lab.rules.statements import with_largest

RANGES = {"weight decay": (-8, -4), "learning rate": (-6, -2)}
DRAWS = 10_000
POWERS, VALUES = "10^uniform", "uniform"  # ways to draw
TOLERANCE = 1e-12  # float64 keeps log10 of these numbers to some 1e-15
FEW = 1e-6  # the chance of what is farther off than chance lets it be
# Kolmogorov's bound on the distance of distributions, over the root of the number.
CHANCE = float(np.sqrt(np.log(2 / FEW) / 2))


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


def expected(way, power, low, high):
    """Return the exact share of draws from 10^power to 10^(power + 1)."""
    if way == POWERS:
        return 1 / (high - low)
    return 9 * 10.0**power / (10.0**high - 10.0**low)


def excess(share, exact, count):
    """Return by how much a share lies farther from the exact one than chance lets it.

    By Chernoff a share is as far off, to either side, with a chance of at most
    2 exp(-count D), where D is the relative entropy; that is FEW at the bound.
    """
    entropy = rel_entr(share, exact) + rel_entr(1 - share, 1 - exact)
    return max(0.0, entropy - np.log(2 / FEW) / count)


def statements(draws, name, replicate, count):
    """Yield (statement, how far the draws are from it)."""
    low, high = RANGES[name]
    values = drawn(draws(replicate, name), low, high, count)
    yield "the range", outside(values, low, high)
    farther = distance(values, low, high) - CHANCE / np.sqrt(count)
    yield "all decades as likely", max(0.0, farther)
    found = [*decades(draws, name, replicate, count)]
    for way in (POWERS, VALUES):
        off = [
            excess(each["share"] / 100, each["exact"] / 100, count)
            for each in found
            if each["drawn"] == way
        ]
        yield f"the exact shares of decades, {way}", max(off)


def decades(draws, name, replicate, count):
    """Yield the share of draws in each decade, for even powers and for even values."""
    low, high = RANGES[name]
    random = draws(replicate, name)
    ways = {
        POWERS: drawn(random, low, high, count),
        VALUES: random.uniform(10.0**low, 10.0**high, count),
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
                "exact": 100 * expected(way, power, low, high),
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
            for each in decades(draws, name, replicate, count):
                shares.append(each | {"exact": float(f"{each['exact']:.3g}")})
    return with_largest(pd.DataFrame(rows), ["row"]) | tables(shares)


def lowest(measure, drawn):
    cell = {"decade": "learning rate from 1e-6 to 1e-5", "drawn": drawn}
    return Number(measure, cell, "decade")


EXPERIMENT = Simulation(
    title="Random search: the draws",
    claims=(fact("d3-34", "seed", TOLERANCE),),
    takeaway=Takeaway(
        holds="Drawn as powers of ten, as the lecture's code draws them, all decades "
        "are as likely",
        fails="The lecture's code does not draw powers of ten as it is told",
        evidence="{power} of the learning rates fall between 0.000001 and 0.00001. "
        "Drawn uniformly, {uniform} would.",
        numbers={"power": lowest("share", POWERS), "uniform": lowest("exact", VALUES)},
    ),
    run=run,
    settings={"replicates": 10, "count": DRAWS},
    measures=(
        Column("deviation", "", "largest deviation"),
        Column("share", "%", "share of the draws"),
        Column("exact", "%", "exact share"),
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
            called={"row": "statement"},
        ),
        Table(
            "Share of the draws in each decade, in %",
            table="decade",
            by=("decade", "drawn", "exact"),
            called={"drawn": "drawn as", "exact": "exact share"},
        ),
    ),
    differences={
        "draws": ("one a trial, 100 in all", f"{DRAWS:,} in each of 10 seeds"),
        "d3-34: what could refute it": (
            "two lines of code",
            "not the draws, which follow these lines: that they draw as it says is "
            "read off them. What follows is checked by the draws",
        ),
        "all decades as likely": (
            "not said; it follows from the formula",
            "no farther from even than in one of a million samples",
        ),
    },
    smoke={"settings": {"replicates": 2, "count": 1_000}},
)
