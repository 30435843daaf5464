"""Race to a share of right answers, in steps of one compiled loop; looks are free."""

import time

import keras
import numpy as np
from keras import ops

from study.theory.relu_classifier import forward

__all__ = ["CLASSES", "HIDDEN", "LOOKS", "Steps", "moved", "orders", "race"]

HIDDEN, CLASSES = 30, 10  # of the network that races
GOAL = 0.95
LOOKS = 20  # an epoch, at most
SEEN = 10_000
EPOCHS, STEPS = 20, 2_000  # after which a race is lost, the later of both


def moved(weights, x, y, rate):
    """Return the weights after a step down the gradient of the mean loss.

    Args:
        weights: As of `study.theory.relu_classifier`.
        x: Inputs, (examples, inputs).
        y: Labels as rows of 0 with a 1, (examples, classes).
        rate: Learning rate.
    """
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
    """Take a step on each row of `order`, all of them in one compiled loop.

    Args:
        x, y: All images and their labels, from 0 on.
        size: Images a step, at most.
    """

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
    """Yield the images of some steps, (steps, size), epoch after epoch.

    Args:
        random: NumPy generator.
        images: How many there are.
        size: Images a step.
    """
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

    Args:
        loop: A `Steps` of the images.
        weights, x, y: As for `study.theory.relu_classifier.forward`.
        rate: Learning rate.
        random: NumPy generator, which orders the images.
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
