"""Seconds until 95 % of 2,000 images are right: one at a time, mini-batches, all."""

import time

import numpy as np
import pandas as pd

from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Simulation
from study.lab.declare.measures import Column
from study.lab.declare.takeaway import Number, Takeaway
from study.lab.figures import LogLog, Table
from study.lab.rules.verdicts import Less, Shape

IMAGES, HIDDEN, CLASSES = 2_000, 50, 10
# Each size at a learning rate of its own, set beforehand.
RATES = {1: 0.03, 8: 0.1, 32: 0.3, 128: 0.3, 512: 0.3, IMAGES: 0.3}
GOAL = 0.95
LOOKS = 10  # an epoch, at most
LONGEST = 1_000  # epochs


def initial(random):
    """Draw He's weights in float32, with zero biases."""
    w = random.standard_normal((784, HIDDEN)) * np.sqrt(2 / 784)
    u = random.standard_normal((HIDDEN, CLASSES)) * np.sqrt(2 / HIDDEN)
    shapes = (w, np.zeros(HIDDEN), u, np.zeros(CLASSES))
    return [each.astype("float32") for each in shapes]


def forward(weights, x):
    """Return hidden outputs and probabilities."""
    w, b, u, c = weights
    h = np.maximum(x @ w + b, 0)
    z = h @ u + c
    z = np.exp(z - z.max(axis=1, keepdims=True))
    return h, z / z.sum(axis=1, keepdims=True)


def step(weights, x, y, rate):
    """Take a step down the gradient of the mean loss, in place."""
    h, p = forward(weights, x)
    p[np.arange(len(y)), y] -= 1
    p *= rate / len(y)
    e = (p @ weights[2].T) * (h > 0)
    slopes = (x.T @ e, e.sum(axis=0), h.T @ p, p.sum(axis=0))
    for each, slope in zip(weights, slopes, strict=True):
        each -= slope


def right(weights, x, y):
    """Return the share of images that are predicted correctly."""
    return float((forward(weights, x)[1].argmax(axis=1) == y).mean())


def batches(random, size):
    """Yield the images of each step, epoch after epoch."""
    for _ in range(LONGEST):
        order = random.permutation(IMAGES)
        yield from (order[i : i + size] for i in range(0, IMAGES, size))


def race(weights, x, y, size, random):
    """Train to the goal; return seconds and steps. Looking is not on the clock."""
    between = max(1, IMAGES // size // LOOKS)
    passed, start = 0.0, time.perf_counter()
    for count, batch in enumerate(batches(random, size), 1):
        step(weights, x[batch], y[batch], RATES[size])
        if count % between == 0:
            passed += time.perf_counter() - start
            if right(weights, x, y) >= GOAL:
                return passed, count
            start = time.perf_counter()
    return passed, count


def run(draws, replicates):
    data = mnist().load()
    rows = []
    for replicate in range(replicates):
        random = draws(replicate, "race")
        picked = random.choice(len(data.x), IMAGES, replace=False)
        x, y, weights = data.x[picked], data.y[picked], initial(random)
        for size in RATES:
            order = draws(replicate, "order")
            start = [each.copy() for each in weights]
            seconds, steps = race(start, x, y, size, order)
            rows.append(
                {
                    "replicate": replicate,
                    "batch_size": size,
                    "network": "784-50-10",
                    "seconds_to_95": seconds,
                    "seconds_log2": np.log2(seconds),
                    "steps_to_95": float(steps),
                    "epochs_to_95": steps * size / IMAGES,
                }
            )
    return pd.DataFrame(rows)


def sooner(size, than):
    return Less(
        measure="seconds_log2",
        arm={"batch_size": size},
        than={"batch_size": than},
        delta=0.5,
    )


EXPERIMENT = Simulation(
    title="Batch size: seconds to 95 %",
    claims=(
        Claim("d0-40", verdict=Shape(sooner(128, IMAGES), sooner(128, 1))),
        Claim("d2-54", verdict=Shape(sooner(1, IMAGES), sooner(128, IMAGES))),
    ),
    takeaway=Takeaway(
        holds="Mini-batches reach 95 % first: in batches of 128 that takes {mini}, "
        "with all 2,000 images a step {whole}, and with one {one}.",
        fails="Mini-batches do not reach 95 % first, or hardly: in batches of 128 it "
        "takes {mini}, with all 2,000 images a step {whole}, and with one {one}.",
        open="Whether mini-batches reach 95 % first stays open: in batches of 128 it "
        "takes {mini}, with all 2,000 images a step {whole}, and with one {one}.",
        numbers={
            name: Number("seconds_to_95", {"batch_size": size})
            for name, size in (("mini", 128), ("whole", IMAGES), ("one", 1))
        },
    ),
    run=run,
    timed=True,
    settings={"replicates": 10},
    measures=(
        Column("batch_size", "images", "batch size"),
        Column("seconds_to_95", "s", "seconds to 95 %"),
        Column("seconds_log2", "doublings", "log2 of the seconds"),
        Column("steps_to_95", "steps", "steps to 95 %"),
        Column("epochs_to_95", "epochs", "epochs to 95 %"),
    ),
    figures=(
        LogLog(
            "batch_size",
            "seconds_to_95",
            hue="network",
            title="Seconds until 95 % of the training images are right",
        ),
        LogLog(
            "batch_size",
            "epochs_to_95",
            hue="network",
            title="Passes over the training images until 95 % of them are right",
        ),
    ),
    tables=(
        Table(
            "To 95 % of the training images: means over the seeds with 95 % intervals",
            where={},
            by=("batch_size",),
            columns={
                "batch_size": "batch size",
                "steps_to_95": "steps",
                "epochs_to_95": "epochs",
                "seconds_to_95": "seconds",
            },
        ),
    ),
    differences=(
        (
            "faster",
            "than not said",
            "than all 2,000 images a step; mini-batches of 128 (d0-40) also than one "
            "image a step. By a factor of √2 at least",
        ),
        (
            "SGD (d2-54)",
            "examples one at a time",
            "batches of one, and mini-batches of 128 beside them",
        ),
        (
            "machine",
            "a GPU's many cores",
            "two cores of a CPU, a lean NumPy loop: the more cores, the better for "
            "large batches",
        ),
        (
            "learning rate",
            "not said",
            "each batch size's own: "
            + ", ".join(f"{b}: {r}" for b, r in RATES.items()),
        ),
    ),
    smoke={"settings": {"replicates": 1}},
)
