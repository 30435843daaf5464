"""What ReLU saves: time a number, time a slope, and time a whole training step."""

import itertools

from study.lab.declare.finding import Column, Number, Ratio, Simulation, Takeaway
from study.lab.declare.rows import tables
from study.lab.figures import Points, Table
from study.lab.rules.verdicts import Band, DoesNotRaise, Each, Lowers, Margin
from study.theory.repeated import CLASSES, DOUBLE, INPUTS, network, operations, training
from study.theory.timing import alternated

LIBRARIES, OTHERS = ("NumPy", "Keras"), ("sigmoid", "tanh")
TRAINED = ("ReLU", *OTHERS)
NETWORKS = {"4 layers of 100": (100,) * 4, "3 layers of 1,000": (1_000,) * 3}
BATCH, REPEATS = 128, 3
LAYERS = (BATCH * 100, BATCH * 1_000)  # outputs of a layer for a batch
LARGE = 10_000_000  # more numbers than fit into a cache
ENOUGH = 4_000_000  # numbers to be computed between two looks at the clock


def elements(draws, rounds, sizes):
    """Time a billion values and slopes, by the time of fewer."""
    random = draws(0, "numbers of a layer")
    for size in sizes:
        times = max(3, ENOUGH // size)
        calls = operations(random.standard_normal((size // 100, 100), "float32"), times)
        for key, turn, seconds in alternated(calls, rounds, REPEATS):
            library, name, what = key
            yield {
                "table": what,
                "library": library,
                "activation": name,
                "numbers": size,
                "replicate": turn,
                "seconds_per_billion": seconds / (size * times) * 1e9,
            }


def steps(draws, rounds):
    """Time a training step, of several in one compiled loop."""
    random = draws(0, "images and weights")
    x = random.random((BATCH, INPUTS), "float32")
    labels = random.integers(CLASSES, size=BATCH)
    for name, hidden in NETWORKS.items():
        weights, times = network(random, hidden), 2_000 // max(hidden)
        calls = {each: training(weights, x, labels, each, times) for each in TRAINED}
        for activation, turn, seconds in alternated(calls, rounds, REPEATS):
            yield {
                "table": "step",
                "activation": activation,
                "network": name,
                "replicate": turn,
                "seconds_step": 1e3 * seconds / times,
            }


def run(draws, rounds, sizes):
    return tables([*elements(draws, rounds, sizes), *steps(draws, rounds)])


def at_sizes(rule, table, arm, than, **bound):
    """Compare two activations in each library, for layers of both sizes."""
    for library, numbers in itertools.product(LIBRARIES, LAYERS):
        place = {"library": library, "numbers": numbers}
        yield rule(
            measure="seconds_per_billion",
            table=table,
            arm={"activation": arm, **place},
            than={"activation": than, **place},
            **bound,
        )


def quicker(table):
    return Each(
        *(part for than in OTHERS for part in at_sizes(Lowers, table, "ReLU", than))
    )


SIX_TIMES = {"low": 3, "high": 12}  # to within a factor of two
CHEAP = Margin(2, "factor", because="doubling it is the least to do to a number")


def step_takes_longer(network):
    arm, than = ({"activation": x, "network": network} for x in ("sigmoid", "ReLU"))
    return Band(measure="seconds_step", table="step", arm=arm, than=than, **SIX_TIMES)


def value(activation):
    cell = {"library": "Keras", "numbers": LAYERS[0], "activation": activation}
    return Number("seconds_per_billion", cell, "value")


def step(activation):
    cell = {"network": "4 layers of 100", "activation": activation}
    return Number("seconds_step", cell, "step")


def times(number):
    return Ratio(number("sigmoid"), number("ReLU"))


EXPERIMENT = Simulation(
    title="Activations: the cost of computing them",
    claims={
        "d0-15": Each(
            *at_sizes(Band, "value", "sigmoid", "ReLU", **SIX_TIMES),
            *map(step_takes_longer, NETWORKS),
        ),
        "d0-16": quicker("value"),
        "d2-22": quicker("slope"),
        "d3-11": Each(*at_sizes(DoesNotRaise, "value", "ReLU", DOUBLE, margin=CHEAP)),
    },
    takeaway=Takeaway(
        holds="A ReLU is computed some six times faster than a sigmoid",
        depends="That a ReLU is computed six times faster than a sigmoid depends on "
        "what is timed",
        fails="A ReLU is not computed six times faster than a sigmoid",
        open="Whether a ReLU is computed six times faster than a sigmoid stays open",
        evidence="alone, in Keras, the sigmoid takes {alone} times as long, a whole "
        "training step of a small network {step} times.",
        numbers={"alone": times(value), "step": times(step)},
    ),
    run=run,
    timed=True,
    settings={"rounds": 10, "sizes": (*LAYERS, LARGE)},
    measures=(
        Column("seconds_per_billion", "ns", "time a number"),
        Column("seconds_step", "ms", "time a training step"),
    ),
    figures=(
        *(
            Points(
                "seconds_per_billion",
                rows="activation",
                panels="library",
                title=f"Time to compute {what}, a number of a layer of 1,000 units",
                table=table,
                where={"numbers": LAYERS[1]},
            )
            for table, what in (
                ("value", "an activation"),
                ("slope", "its slope from the outputs"),
            )
        ),
        Points(
            "seconds_step",
            rows="activation",
            panels="network",
            title="Time of a whole training step of 128 images, in a compiled loop",
            table="step",
        ),
    ),
    tables=(
        *(
            Table(
                f"Time of {what} a number, means of the rounds with 95 % intervals",
                table=table,
                by=("library", "numbers", "activation"),
                called={"numbers": "numbers at once"},
            )
            for table, what in (("value", "a value"), ("slope", "a slope"))
        ),
        Table(
            "Time a training step, means of the rounds with 95 % intervals",
            table="step",
            by=("network", "activation"),
        ),
    ),
    differences={
        "replicates": ("none", "10 rounds; in each every operation has its turn"),
        "where": "into a given array by NumPy, and by Keras in one compiled loop, on "
        "the outputs of a layer of 100 or 1,000 units for 128 images. On ten million "
        "numbers, shown beside, memory is timed",
        "d0-15: six times": (
            "faster than the sigmoid function",
            "three to twelve times, of the function and, in the other fair reading, of "
            "a network's training step. Steps to an error, in which the source counts, "
            "stand on the page of the convergence race",
        ),
        "d2-22: fast convergence": (
            "said beside the derivative",
            "the derivative's time alone; the convergence race counts the steps, for "
            "d3-12",
        ),
        "d3-11: very cheap": (
            "said in words",
            "no more than twice as long as to double the numbers",
        ),
        "slopes": "from the outputs, as back-propagation has them: no exponential is "
        "needed",
    },
    smoke={"settings": {"rounds": 1, "sizes": LAYERS[1:]}},
)
