"""A network whose weights all start at zero learns, if at all, as one unit a layer."""

from itertools import pairwise

import keras
import numpy as np
import pandas as pd

from study.lab.experiment import Claim, Simulation
from study.lab.figures import Table, Trend
from study.lab.measures import Column
from study.lab.verdicts import Exact

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TASKS = {
    "XOR": np.array([0.0, 1.0, 1.0, 0.0]),
    "OR": np.array([0.0, 1.0, 1.0, 1.0]),
    "first input": np.array([0.0, 0.0, 1.0, 1.0]),
}
# Each activation with its slope at an output of it.
ACTIVATIONS = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda h: h * (1 - h)),
    "tanh": (np.tanh, lambda h: 1 - h**2),
    "ReLU": (lambda z: np.maximum(z, 0), lambda h: (h > 0) * 1.0),
}
UNITS, LEARNING_RATE, LOOKS, TWIN_STEPS = 3, 1.0, 40, 20


def network(depth, weights):
    """Return kernels and biases of so many hidden layers; `weights` draws a kernel."""
    sizes = [X.shape[1], *[UNITS] * depth, 1]
    kernels = [weights(shape) for shape in pairwise(sizes)]
    return kernels, [
        np.zeros((*each.shape[:-2], 1, each.shape[-1])) for each in kernels
    ]


def passes(kernels, biases, labels, activation):
    """Return the mean cross-entropy and its gradients by kernels and by biases.

    Leading axes of the kernels are runs of their own.
    """
    function, slope = ACTIVATIONS[activation]
    outputs = [X]
    for kernel, bias in zip(kernels[:-1], biases[:-1], strict=True):
        outputs.append(function(outputs[-1] @ kernel + bias))
    logits = outputs[-1] @ kernels[-1] + biases[-1]
    losses = np.logaddexp(0, logits) - labels[:, None] * logits
    error = (1 / (1 + np.exp(-logits)) - labels[:, None]) / len(labels)
    by_kernels, by_biases = [], []
    for kernel, output in zip(kernels[::-1], outputs[::-1], strict=True):
        by_kernels.insert(0, np.swapaxes(output, -1, -2) @ error)
        by_biases.insert(0, error.sum(axis=-2, keepdims=True))
        error = error @ np.swapaxes(kernel, -1, -2) * slope(output)
    return losses.mean(axis=(-1, -2)), by_kernels, by_biases


def descend(kernels, biases, labels, activation, steps):
    """Train in place by full-batch gradient descent; yield step and loss at each look.

    A loss is that of the weights before its step.
    """
    looks = set(np.linspace(0, steps, LOOKS + 1).astype(int))
    for step in range(steps + 1):
        loss, *gradients = passes(kernels, biases, labels, activation)
        if step in looks:
            yield step, loss
        if step < steps:
            for weights, slopes in zip((kernels, biases), gradients, strict=True):
                for weight, gradient in zip(weights, slopes, strict=True):
                    weight -= LEARNING_RATE * gradient


def guess(labels):
    """Return the loss of the best guess that knows nothing of the inputs."""
    share = labels.mean()
    return -(share * np.log(share) + (1 - share) * np.log(1 - share))


def between_units(kernels, biases):
    """Return the largest difference between two units of a hidden layer."""
    return max(np.ptp(each, axis=-1).max() for each in (*kernels[:-1], *biases[:-1]))


def keras_twin(depth, labels, activation, steps):
    """Return the weights of Keras's network, from zeros, after so many steps."""
    layers = [
        keras.layers.Dense(
            UNITS, activation.lower(), kernel_initializer="zeros", dtype="float64"
        )
        for _ in range(depth)
    ]
    last = keras.layers.Dense(1, kernel_initializer="zeros", dtype="float64")
    model = keras.Sequential([keras.Input((2,), dtype="float64"), *layers, last])
    loss = keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64")
    model.compile(keras.optimizers.SGD(LEARNING_RATE), loss, run_eagerly=True)
    for _ in range(steps):
        model.train_on_batch(X, labels[:, None])
    return model.get_weights()


def distance_from_keras(depth, labels, activation):
    """Return the largest deviation of a weight from its twin after a few steps."""
    kernels, biases = network(depth, np.zeros)
    list(descend(kernels, biases, labels, activation, TWIN_STEPS))
    ours = [each for pair in zip(kernels, biases, strict=True) for each in pair]
    twin = keras_twin(depth, labels, activation, TWIN_STEPS)
    return max(
        np.abs(each.reshape(other.shape) - other).max()
        for each, other in zip(ours, twin, strict=True)
    )


def from_zeros(steps):
    """Train each network from zeros, and tell what its hidden layers do."""
    for task, labels in TASKS.items():
        for activation in ACTIVATIONS:
            for depth in (1, 2):
                kernels, biases = network(depth, np.zeros)
                _, first, _ = passes(kernels, biases, labels, activation)
                cell = {"task": task, "activation": activation, "depth": depth}
                curve = list(descend(kernels, biases, labels, activation, steps))
                yield {
                    **cell,
                    "part": "end",
                    "gradient": max(np.abs(each).max() for each in first[:-1]),
                    "moved": max(np.abs(each).max() for each in kernels[:-1]),
                    "apart": between_units(kernels, biases),
                    "loss": curve[-1][1],
                    "guess": guess(labels),
                    "learned": max(guess(labels) - curve[-1][1], 0.0),
                }
                if depth == 1:
                    yield from _told(curve, task, f"zeros, {activation}", [0])


def from_random(draws, steps, replicates):
    """Train sigmoid networks from N(0, 1), for comparison."""
    randoms = [draws(each, "weights") for each in range(replicates)]

    def normal(shape):
        return np.stack([each.standard_normal(shape) for each in randoms])

    for task, labels in TASKS.items():
        curve = list(descend(*network(1, normal), labels, "sigmoid", steps))
        yield from _told(curve, task, "N(0, 1), sigmoid", range(replicates))


def twins():
    """Compare a few steps from zeros with Keras's."""
    for activation in ACTIVATIONS:
        yield {
            "part": "twin",
            "activation": activation,
            "deviation": distance_from_keras(2, TASKS["OR"], activation),
        }


def _told(curve, task, start, replicates):
    for step, losses in curve:
        for replicate, loss in zip(replicates, np.atleast_1d(losses), strict=True):
            yield {
                "part": "curve",
                "task": task,
                "start": start,
                "step": step,
                "replicate": replicate,
                "loss": loss,
            }


def run(draws, steps, replicates):
    rows = *from_zeros(steps), *from_random(draws, steps, replicates), *twins()
    return pd.DataFrame(rows)


EXPERIMENT = Simulation(
    title="Initialization at zero",
    claims=(
        Claim(
            "d4-09",
            verdict=Exact(measure="learned", where={"part": "end"}, tolerance=1e-9),
        ),
    ),
    run=run,
    settings={"steps": 1_000, "replicates": 10},
    measures=(
        Column("learned", "nats", "fall of the loss below the best constant guess"),
        Column("loss", "nats", "cross-entropy"),
        Column("gradient", "", "largest gradient of a hidden weight at the first step"),
        Column("moved", "", "largest hidden weight at the end"),
        Column("apart", "", "largest difference between two units of a layer"),
        Column("deviation", "", "largest difference from Keras's weights"),
    ),
    figures=(
        Trend(
            "loss",
            x="step",
            hue="start",
            panels="task",
            where={"part": "curve"},
            title="Loss of networks with one hidden layer",
        ),
    ),
    tables=(
        Table(
            "From zeros: every hidden gradient is 0 at the first step, and the units "
            "of a layer never come apart",
            where={"part": "end"},
            columns={
                "task": "task",
                "activation": "activation",
                "depth": "hidden layers",
                "gradient": "largest hidden gradient at the first step",
                "moved": "largest hidden weight at the end",
                "apart": "largest difference between two units of a layer",
                "loss": "loss at the end",
                "guess": "loss of the best constant guess",
                "learned": "fall below it",
            },
        ),
        Table(
            f"The weights after {TWIN_STEPS} steps on OR, two hidden layers, against "
            "Keras's in float64",
            where={"part": "twin"},
            columns={
                "activation": "activation",
                "deviation": "largest difference from Keras's weights",
            },
        ),
    ),
    differences=(
        ("what counts as learning", "not said", "a loss below that of the best guess"),
        ("biases", "not said", "zero at the start; they are trained"),
    ),
    smoke={"settings": {"steps": 200, "replicates": 3}},
)
