"""Seconds until 95 % of MNIST is right: one image a step, mini-batches, all at once."""

from itertools import product

import pandas as pd

from study.lab.data import Draws, mnist
from study.lab.declare.finding import Column, Number, Simulation, Takeaway
from study.lab.declare.rows import at_edge
from study.lab.figures import Lines, Table
from study.lab.rules.verdicts import Each, Lowers
from study.theory.races import CLASSES, HIDDEN, Steps, race
from study.theory.relu_classifier import initial

ONE, MINI, WHOLE = 1, 128, 60_000
# Five learning rates for each size; a draft seed chooses, on a part of the images.
RATES = {
    ONE: (0.003, 0.01, 0.03, 0.1, 0.3),
    16: (0.03, 0.1, 0.3, 1.0, 3.0),
    MINI: (0.1, 0.3, 0.6, 1.0, 3.0),
    1_024: (0.1, 0.2, 0.35, 0.6, 1.0),
    WHOLE: (0.1, 0.2, 0.35, 0.6, 1.0),
}
TITLES = {
    "seconds_to_95": "Seconds until 95 % of the training images are right",
    "epochs_to_95": "Passes over the training images until 95 % of them are right",
}
DRAFT, PART = Draws("draft"), 5_000


def drawn(draws, replicate, images):
    data, random = mnist().load(), draws(replicate, "race")
    picked = random.permutation(len(data.x))[:images]
    weights = initial(random, data.x.shape[1], HIDDEN, CLASSES, "float32")
    return weights, data.x[picked], data.y[picked]


def chosen(size):
    """Return the rate that takes the fewest steps on a part of the images."""
    weights, x, y = drawn(DRAFT, 0, PART)
    loop = Steps(x, y, size)
    steps = {
        rate: race(loop, weights, x, y, rate, DRAFT(0, "order"))[1]
        for rate in RATES[size]
    }
    return min(steps, key=steps.get)


def run(draws, replicates, images):
    rates = {size: chosen(size) for size in RATES}
    rows = []
    for replicate in range(replicates):
        weights, x, y = drawn(draws, replicate, images)
        for size, rate in rates.items():
            order, loop = draws(replicate, "order"), Steps(x, y, size)
            seconds, steps = race(loop, weights, x, y, rate, order)
            rows.append(
                {
                    "replicate": replicate,
                    "batch_size": size,
                    "network": f"784-{HIDDEN}-10",
                    "rate": rate,
                    "edge": at_edge(rate, RATES[size]),
                    "seconds_to_95": seconds,
                    "steps_to_95": steps,
                    "epochs_to_95": steps * min(size, images) / images,
                }
            )
    return pd.DataFrame(rows)


def draft(draws, images):
    """Race once for each size, at the middle one of its rates."""
    rows = []
    for size, (*_, rate, _, _) in RATES.items():
        weights, x, y = drawn(draws, 0, images)
        loop, order = Steps(x, y, size), draws(0, "order")
        seconds, steps = race(loop, weights, x, y, rate, order)
        rows.append(
            {
                "replicate": 0,
                "batch_size": size,
                "network": f"784-{HIDDEN}-10",
                "rate": rate,
                "edge": at_edge(rate, RATES[size]),
                "seconds_to_95": seconds,
                "steps_to_95": steps,
                "epochs_to_95": steps * min(size, images) / images,
            }
        )
    return pd.DataFrame(rows)


def sooner(measure, size, than):
    arms = {"arm": {"batch_size": size}, "than": {"batch_size": than}}
    return Lowers(measure=measure, **arms)


EXPERIMENT = Simulation(
    title="Batch size: seconds to 95 %",
    claims={
        "d0-40": Each(*(sooner("seconds_to_95", MINI, x) for x in (WHOLE, ONE))),
        "d2-54": Each(*(sooner(*each, WHOLE) for each in product(TITLES, (MINI, ONE)))),
    },
    takeaway=Takeaway(
        holds="Mini-batches reach 95 % first",
        depends="That mini-batches reach 95 % first depends on what they race: "
        "{where}.",
        fails="Mini-batches do not reach 95 % first, or hardly",
        open="Whether mini-batches reach 95 % first stays open",
        evidence="in batches of 128 it takes {mini}, with all 60,000 images a step "
        "{whole}, and with one {one}.",
        numbers={
            name: Number("seconds_to_95", {"batch_size": size})
            for name, size in (("mini", MINI), ("whole", WHOLE), ("one", ONE))
        },
    ),
    run=run,
    timed=True,
    settings={"replicates": 4, "images": 60_000},
    measures=(
        Column("batch_size", "images", "batch size"),
        Column("seconds_to_95", "s", "seconds to 95 %"),
        Column("steps_to_95", "steps", "steps to 95 %"),
        Column("epochs_to_95", "epochs", "epochs to 95 %"),
    ),
    figures=tuple(
        Lines(measure, x="batch_size", hue="network", log="xy", title=title)
        for measure, title in TITLES.items()
    ),
    tables=Table(
        "To 95 % of the training images: means over the seeds with 95 % intervals",
        by=("batch_size", "rate"),
        columns=("steps_to_95", "epochs_to_95", "seconds_to_95"),
        called={
            "batch_size": "batch size",
            "rate": "learning rate",
            "steps_to_95": "steps",
            "epochs_to_95": "epochs",
            "seconds_to_95": "seconds",
        },
    ),
    differences={
        "faster": (
            "than not said",
            "than all 60,000 images a step; mini-batches of 128 (d0-40) also than one "
            "image a step",
        ),
        "SGD (d2-54)": (
            "m examples a step, later one at a time",
            "both: mini-batches of 128, and batches of one; by seconds, and by images "
            "seen",
        ),
        "machine": (
            "a GPU's many cores",
            "two cores of a CPU, and one compiled loop for all sizes: the more cores, "
            "the better for large batches",
        ),
        "learning rate": (
            "not said",
            "each batch size's own, of five the one with the fewest steps on 5,000 "
            "images of a draft seed",
        ),
    },
    smoke={"run": draft, "settings": {"images": 2_000}},
)
