"""Seconds until 95 % of MNIST is right: one image a step, mini-batches, all at once."""

import time

import keras
import numpy as np
import pandas as pd
from keras import ops

from study.lab.data import Draws, mnist
from study.lab.declare.finding import Column, Number, Simulation, Takeaway
from study.lab.declare.rows import at_edge
from study.lab.figures import Lines, Table
from study.lab.rules.verdicts import Each, Lowers
from study.theory.relu_classifier import forward, initial

HIDDEN, CLASSES = 30, 10
ONE, MINI, WHOLE = 1, 128, 60_000
# Five learning rates for each size; a draft seed chooses, on a part of the images.
RATES = {
    ONE: (0.003, 0.01, 0.03, 0.1, 0.3),
    16: (0.03, 0.1, 0.3, 1.0, 3.0),
    MINI: (0.1, 0.3, 0.6, 1.0, 3.0),
    1_024: (0.1, 0.2, 0.35, 0.6, 1.0),
    WHOLE: (0.1, 0.2, 0.35, 0.6, 1.0),
}
DRAFT, PART = Draws("draft"), 5_000
GOAL = 0.95
LOOKS = 20  # an epoch, at most
SEEN = 10_000
EPOCHS, STEPS = 20, 2_000  # after which a race is lost, the later of both


def moved(weights, x, y, rate):
    """Return the weights after a step down the gradient of the mean loss."""
    w, b, u, c = weights
    h = ops.relu(ops.matmul(x, w) + b)
    d = ops.softmax(ops.matmul(h, u) + c) - y
    d = d * (rate / x.shape[0])
    e = ops.where(h > 0, ops.matmul(d, ops.transpose(u)), 0.0)
    slopes = (
        ops.matmul(ops.transpose(x), e),
        ops.sum(e, axis=0),
        ops.matmul(ops.transpose(h), d),
        ops.sum(d, axis=0),
    )
    return [each - slope for each, slope in zip(weights, slopes, strict=True)]


class Steps(keras.Model):
    """Take a step on each row of `order`, all of them in one compiled loop."""

    def __init__(self, x, y, size):
        super().__init__()
        self.images, self.size = len(x), min(size, len(x))
        self.x = keras.Variable(x)
        self.y = keras.Variable(np.eye(CLASSES, dtype="float32")[y])
        self.compile(jit_compile=True)

    def call(self, inputs):
        *weights, order, rate = inputs

        def step(i, weights):
            x, y = ops.convert_to_tensor(self.x), ops.convert_to_tensor(self.y)
            if self.size < self.images:
                x, y = (ops.take(each, order[i], axis=0) for each in (x, y))
            return moved(weights, x, y, rate)

        return ops.fori_loop(0, order.shape[0], step, weights)


def orders(random, images, size):
    """Yield the images of some steps, (steps, size), epoch after epoch."""
    rows = images // size
    steps = max(1, rows // LOOKS)
    while True:
        order = random.permutation(images).astype("int32")[: rows * size]
        for i in range(0, rows - steps + 1, steps):
            yield order[i * size : (i + steps) * size].reshape(steps, size)


def right(weights, x, y):
    """Return the share of images, of at most `SEEN`, that are predicted correctly."""
    x, y = x[:SEEN], y[:SEEN]
    return float((forward(weights, x, y)[-1].argmax(axis=1) == y).mean())


def race(loop, weights, x, y, rate, random):
    """Train to the goal; return seconds and steps. Looking is not on the clock.

    A race that is lost has no seconds, and more steps than any.
    """
    most = max(EPOCHS * (loop.images // loop.size), STEPS)
    first = next(orders(np.random.default_rng(0), loop.images, loop.size))
    loop.predict_on_batch([*weights, first, np.float32(0)])  # compiles and stays
    passed, count = 0.0, 0
    for order in orders(random, loop.images, loop.size):
        start = time.perf_counter()
        weights = loop.predict_on_batch([*weights, order, np.float32(rate)])
        passed += time.perf_counter() - start
        count += len(order)
        if right(weights, x, y) >= GOAL:
            return passed, float(count)
        if count >= most:
            return np.nan, np.inf


def drawn(draws, replicate, images):
    """Draw images and weights."""
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


def sooner(measure, size, than):
    arms = {"arm": {"batch_size": size}, "than": {"batch_size": than}}
    return Lowers(measure=measure, **arms)


EXPERIMENT = Simulation(
    title="Batch size: seconds to 95 %",
    claims={
        "d0-40": Each(*(sooner("seconds_to_95", MINI, x) for x in (WHOLE, ONE))),
        "d2-54": Each(
            *(
                sooner(measure, size, WHOLE)
                for measure in ("seconds_to_95", "epochs_to_95")
                for size in (MINI, ONE)
            )
        ),
    },
    takeaway=Takeaway(
        holds="Mini-batches reach 95 % first: in batches of 128 that takes {mini}, "
        "with all 60,000 images a step {whole}, and with one {one}.",
        depends="That mini-batches reach 95 % first depends on what they race: "
        "{where}. In batches of 128 it takes {mini}, with all 60,000 images a step "
        "{whole}, and with one {one}.",
        fails="Mini-batches do not reach 95 % first, or hardly: in batches of 128 it "
        "takes {mini}, with all 60,000 images a step {whole}, and with one {one}.",
        open="Whether mini-batches reach 95 % first stays open: in batches of 128 it "
        "takes {mini}, with all 60,000 images a step {whole}, and with one {one}.",
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
    figures=(
        Lines(
            "seconds_to_95",
            x="batch_size",
            hue="network",
            log="xy",
            title="Seconds until 95 % of the training images are right",
        ),
        Lines(
            "epochs_to_95",
            x="batch_size",
            hue="network",
            log="xy",
            title="Passes over the training images until 95 % of them are right",
        ),
    ),
    tables=(
        Table(
            "To 95 % of the training images: means over the seeds with 95 % intervals",
            where={},
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
    smoke={"settings": {"replicates": 1, "images": 2_000}},
)
