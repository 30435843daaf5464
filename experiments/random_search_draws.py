"""Hyperparameters drawn as ten to a uniform power: every decade is as likely."""

from itertools import product

from study.lab.declare.facts import fact
from study.lab.declare.finding import Column, Number, Simulation, Takeaway
from study.lab.declare.rows import tables
from study.lab.figures import Deviations, Points, Table
from study.lab.rules.statements import with_largest
from study.theory.log_uniform import KOLMOGOROV, distance, excess, expected, outside

RANGES = {"weight decay": (-8, -4), "learning rate": (-6, -2)}
DRAWS = 10_000
POWERS, VALUES = "10^uniform", "uniform"  # ways to draw
TOLERANCE = 1e-12  # float64 keeps log10 of these numbers to some 1e-15


def drawn(random, low, high, count):
    """Draw as the lecture does: 10 to a power from U(low, high)."""
    return 10 ** random.uniform(low, high, count)


def statements(draws, name, replicate, shares, count):
    """Yield (statement, how far the draws are from it)."""
    low, high = RANGES[name]
    values = drawn(draws(replicate, name), low, high, count)
    yield "the range", outside(values, low, high)
    farther = distance(values, low, high) - KOLMOGOROV / count**0.5
    yield "all decades as likely", max(0.0, farther)
    for way in (POWERS, VALUES):
        found = [each for each in shares if each["drawn"] == way]
        pairs = ((each["share"] / 100, each["exact"] / 100) for each in found)
        off = max(excess(*each, count) for each in pairs)
        yield f"the exact shares of decades, {way}", off


def decades(draws, name, replicate, count):
    """Yield the share of draws in each decade, for even powers and for even values."""
    low, high = RANGES[name]
    random = draws(replicate, name)
    ways = {
        POWERS: drawn(random, low, high, count),
        VALUES: random.uniform(10.0**low, 10.0**high, count),
    }
    for (way, values), power in product(ways.items(), range(low, high)):
        inside = (values >= 10.0**power) & (values < 10.0 ** (power + 1))
        yield {
            "table": "decade",
            "hyperparameter": name,
            "drawn": way,
            "decade": f"{name} from 1e{power} to 1e{power + 1}",
            "replicate": replicate,
            "share": 100 * inside.mean(),
            "exact": 100 * expected(power, low, high, way == POWERS),
        }


def run(draws, replicates, count):
    """Check every seed, and keep the largest deviation of each statement."""
    rows = []
    for replicate, name in product(range(replicates), RANGES):
        shares = [*decades(draws, name, replicate, count)]
        for statement, off in statements(draws, name, replicate, shares, count):
            cell = {"table": "seed", "row": f"{name}: {statement}"}
            rows.append({**cell, "replicate": replicate, "deviation": float(off)})
        rows += ({**each, "exact": float(f"{each['exact']:.3g}")} for each in shares)
    found = tables(rows)
    return found | with_largest(found["seed"], ["row"])


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
        Points(
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
