"""What ReLU saves: time a number, time a slope, and time a whole training step."""

import numpy as np

from study.lab.declare.experiment import Claim, Simulation
from study.lab.declare.measures import Column
from study.lab.declare.rows import tables
from study.lab.figures import Dots, Table
from study.lab.rules.verdicts import Equivalent, Less, Shape
from study.theory.in_place import CLASSES, DOUBLE, INPUTS, operations, steps
from study.theory.timing import alternated

TRAINED = ("ReLU", "sigmoid", "tanh")
NETWORKS = {"4 layers of 100": (100,) * 4, "3 layers of 1,000": (1_000,) * 3}
BATCH = 128
MOST = 10_000_000  # numbers


def elements(draws, rounds, sizes):
    """Time a billion values and slopes, by the time of fewer."""
    random = draws(0, "elements")
    for size in sizes:
        calls = operations(random.standard_normal(size, "float32"))
        repeats = max(1, min(3, MOST // size))
        for (library, name, what), turn, seconds in alternated(calls, rounds, repeats):
            each = seconds / size * 1e9
            yield {
                "table": what,
                "library": library,
                "activation": name,
                "numbers": size,
                "replicate": turn,
                "seconds_per_billion": each,
                "seconds_log2": np.log2(each),
            }


def training(draws, rounds):
    """Time a whole training step, by hand and in Keras."""
    random = draws(0, "steps")
    x = random.random((BATCH, INPUTS), "float32")
    labels = random.integers(CLASSES, size=BATCH)
    for network, hidden in NETWORKS.items():
        calls = steps(random, hidden, x, labels, TRAINED)
        repeats = 20 if max(hidden) == 100 else 2
        for (library, name), turn, seconds in alternated(calls, rounds, repeats):
            yield {
                "table": "step",
                "library": library,
                "activation": name,
                "network": network,
                "replicate": turn,
                "seconds_step": 1e3 * seconds,
                "seconds_log2": np.log2(seconds),
            }


def run(draws, rounds, sizes):
    return tables([*elements(draws, rounds, sizes), *training(draws, rounds)])


def arm(library, activation):
    return {"library": library, "activation": activation, "numbers": MOST}


def quicker(table, library, than, delta=0.5):
    """Less time for ReLU; a half of a doubling is a factor of 1.4."""
    return Less(
        measure="seconds_log2",
        table=table,
        arm=arm(library, "ReLU"),
        than=arm(library, than),
        delta=delta,
    )


def step_of(activation):
    network = "3 layers of 1,000"
    return {"library": "Keras", "activation": activation, "network": network}


LIBRARIES, OTHERS = ("NumPy", "Keras"), ("sigmoid", "tanh")

EXPERIMENT = Simulation(
    title="Activations: the cost of computing them",
    claims=(
        Claim(
            "d0-16",
            verdict=Shape(
                *(quicker("value", each, than) for each in LIBRARIES for than in OTHERS)
            ),
        ),
        Claim(
            "d2-22",
            verdict=Shape(
                *(quicker("slope", "NumPy", than) for than in OTHERS),
                # To explain how much sooner a network has learned, a step must be
                # quicker by more than a little.
                *(
                    Less(
                        measure="seconds_log2",
                        table="step",
                        arm=step_of("ReLU"),
                        than=step_of(than),
                        delta=float(np.log2(1.5)),
                    )
                    for than in OTHERS
                ),
            ),
        ),
        Claim(
            "d3-11",
            verdict=Shape(
                *(
                    Equivalent(
                        measure="seconds_log2",
                        table="value",
                        arm=arm(each, "ReLU"),
                        than=arm(each, DOUBLE),
                        margin=1,
                    )
                    for each in LIBRARIES
                )
            ),
        ),
    ),
    run=run,
    timed=True,
    settings={"rounds": 10, "sizes": (1_000_000, MOST)},
    measures=(
        Column("seconds_per_billion", "ns", "time a number"),
        Column("seconds_step", "ms", "time a training step"),
        Column("seconds_log2", "doublings", "log2 of the time"),
    ),
    figures=(
        Dots(
            "seconds_per_billion",
            rows="activation",
            panels="library",
            title="Time to compute an activation, a number of ten million",
            table="value",
            where={"numbers": MOST},
        ),
        Dots(
            "seconds_per_billion",
            rows="activation",
            panels="library",
            title="Time to compute its slope from the outputs, a number of ten million",
            table="slope",
            where={"numbers": MOST},
        ),
        *(
            Dots(
                "seconds_step",
                rows="activation",
                panels="library",
                title=f"Time of a whole training step of 128 images, {network}",
                table="step",
                where={"network": network},
            )
            for network in NETWORKS
        ),
    ),
    tables=(
        Table(
            "Time a number, means of the rounds with 95 % intervals",
            table="value",
            by=("library", "numbers", "activation"),
            columns={
                "library": "library",
                "numbers": "numbers at once",
                "activation": "activation",
                "seconds_per_billion": "time a number (ns)",
            },
        ),
        Table(
            "Time a training step, means of the rounds with 95 % intervals",
            table="step",
            by=("network", "library", "activation"),
            columns={
                "network": "network",
                "library": "library",
                "activation": "activation",
                "seconds_step": "time a step (ms)",
            },
        ),
    ),
    differences=(
        ("replicates", "none", "10 rounds; in each every operation has its turn"),
        (
            "d2-22: makes training converge quickly",
            "said to follow from a derivative that is quick to compute",
            "the derivative's time, and whether a step of Keras takes less time for "
            "it, by a factor of at least 1.5; steps to a training error are counted "
            "by the convergence race",
        ),
        (
            "d3-11: very cheap",
            "said in words",
            "as cheap as doubling the numbers, to within a factor of 2",
        ),
        (
            "slopes",
            "not told how",
            "from the outputs, as back-propagation has them: no exponential is needed",
        ),
    ),
    smoke={"settings": {"rounds": 1, "sizes": (MOST // 10, MOST)}},
)
