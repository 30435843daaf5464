"""A network whose weights all start at zero learns, if at all, as one unit a layer."""

from itertools import pairwise

import keras
import numpy as np

from study.lab.declare.experiment import Simulation
from study.lab.declare.facts import fact
from study.lab.declare.measures import Column
from study.lab.declare.rows import tables
from study.lab.figures import Table, Trend
from study.theory.activations import RELU, SIGMOID, TANH
from study.theory.checks import largest_deviation
from study.theory.networks import dense_model
from study.theory.training import between_units, cross_entropy_pass, descend, guess

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TASKS = {
    "XOR": np.array([0.0, 1.0, 1.0, 0.0]),
    "OR": np.array([0.0, 1.0, 1.0, 1.0]),
    "first input": np.array([0.0, 0.0, 1.0, 1.0]),
}
ACTIVATIONS = {"sigmoid": SIGMOID, "tanh": TANH, "ReLU": RELU}
UNITS, LEARNING_RATE, LOOKS, TWIN_STEPS = 3, 1.0, 40, 20


def network(depth, weights):
    """Return the layers of a network; `weights` draws a kernel of a shape."""
    kernels = [weights(shape) for shape in pairwise([2, *[UNITS] * depth, 1])]
    shapes = [(*each.shape[:-2], 1, each.shape[-1]) for each in kernels]
    return [(k, np.zeros(shape)) for k, shape in zip(kernels, shapes, strict=True)]


def trained(layers, labels, activation, steps):
    """Train a network in place; return step and loss at each look."""
    looks = set(np.linspace(0, steps, LOOKS + 1).astype(int))
    arguments = X, labels, ACTIVATIONS[activation], LEARNING_RATE, steps, looks
    return list(descend(layers, *arguments))


def keras_twin(depth, labels, activation, steps):
    """Return the weights of Keras's network, from zeros, after so many steps."""
    layers = [(kernel, bias[0]) for kernel, bias in network(depth, np.zeros)]
    model = dense_model(layers, [activation.lower()] * depth + ["linear"])
    loss = keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64")
    model.compile(keras.optimizers.SGD(LEARNING_RATE), loss, run_eagerly=True)
    for _ in range(steps):
        model.train_on_batch(X, labels[:, None])
    return model.get_weights()


def distance_from_keras(depth, labels, activation):
    """Return the largest deviation of a weight from its twin after a few steps."""
    layers = network(depth, np.zeros)
    trained(layers, labels, activation, TWIN_STEPS)
    ours = [each for layer in layers for each in layer]
    twin = keras_twin(depth, labels, activation, TWIN_STEPS)
    pairs = zip(ours, twin, strict=True)
    return max(largest_deviation(a.reshape(b.shape), b) for a, b in pairs)


def from_zeros(steps):
    """Train each network from zeros, and tell what its hidden layers do."""
    for task, labels in TASKS.items():
        for activation in ACTIVATIONS:
            for depth in (1, 2):
                layers, by_hand = network(depth, np.zeros), ACTIVATIONS[activation]
                _, first = cross_entropy_pass(layers, X, labels, by_hand)
                cell = {"task": task, "activation": activation, "depth": depth}
                curve = trained(layers, labels, activation, steps)
                yield {
                    **cell,
                    "table": "end",
                    "gradient": max(np.abs(each).max() for each, _ in first[:-1]),
                    "moved": max(np.abs(each).max() for each, _ in layers[:-1]),
                    "apart": between_units(layers),
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
        curve = trained(network(1, normal), labels, "sigmoid", steps)
        yield from _told(curve, task, "N(0, 1), sigmoid", range(replicates))


def twins():
    """Compare a few steps from zeros with Keras's."""
    for activation in ACTIVATIONS:
        yield {
            "table": "twin",
            "activation": activation,
            "deviation": distance_from_keras(2, TASKS["OR"], activation),
        }


def _told(curve, task, start, replicates):
    for step, losses in curve:
        for replicate, loss in zip(replicates, np.atleast_1d(losses), strict=True):
            yield {
                "table": "curve",
                "task": task,
                "start": start,
                "step": step,
                "replicate": replicate,
                "loss": loss,
            }


def run(draws, steps, replicates):
    rows = *from_zeros(steps), *from_random(draws, steps, replicates), *twins()
    return tables(rows)


EXPERIMENT = Simulation(
    title="Initialization at zero",
    claims=(fact("d4-09", "end", 1e-9, "learned"),),
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
            table="curve",
            title="Loss of networks with one hidden layer",
        ),
    ),
    tables=(
        Table(
            "From zeros: every hidden gradient is 0 at the first step, and the units "
            "of a layer never come apart",
            table="end",
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
            table="twin",
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
