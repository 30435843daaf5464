"""Softmax and sigmoid state probabilities best; ReLU cannot state negative targets."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, softmax

from study.lab.data import Draws
from study.lab.experiment import Claim, Erratum, Simulation
from study.lab.figures import Dots, Table
from study.lab.measures import Column
from study.lab.verdicts import Less, Shape

HIDDEN, NOISE = 10, 0.1
EXAMPLES, TESTS = 200, 1_000
RATES = (0.03, 0.1, 0.3, 1.0)
EPSILON = 1e-7  # where Keras clips a probability before it takes the logarithm
REPLICATES_TO_TUNE = 3


def keep(values):
    return values


def relu(z):
    return np.maximum(z, 0)


def squared(y, t):
    """Return the slope of (y - t)² by y."""
    return 2 * (y - t)


def clipped_cross_entropy(y, t):
    """Return the slope by y of a cross-entropy that clips y, 0 where it is clipped."""
    inside = (y > EPSILON) & (y < 1 - EPSILON)
    p = np.clip(y, EPSILON, 1 - EPSILON)
    return np.where(inside, (p - t) / (p * (1 - p)), 0)


@dataclass(frozen=True)
class Head:
    """Name an output activation and the loss it is trained with.

    Args:
        output: The activation, y from z.
        error: ∂L/∂z of an example from y and its target t.
        target: What t is from the 0s and 1s, or from the number to predict.
        stated: What the head says of the probability, from y.
    """

    output: Callable
    error: Callable
    target: Callable = keep
    stated: Callable = keep


LINEAR = Head(keep, squared)
RELU = Head(relu, lambda y, t: squared(y, t) * (y > 0))
SIGMOID = Head(expit, lambda y, t: y - t)
TANH = Head(
    np.tanh,
    lambda y, t: squared(y, t) * (1 - y**2),
    target=lambda t: 2 * t - 1,
    stated=lambda y: (y + 1) / 2,
)
TANH_FOR_SIGMOID = Head(np.tanh, lambda y, t: clipped_cross_entropy(y, t) * (1 - y**2))
SOFTMAX = Head(lambda z: softmax(z, axis=-1), lambda y, t: y - t)

BINARY = {
    "sigmoid, cross-entropy": SIGMOID,
    "tanh, squares on ±1": TANH,
    "linear, squares": LINEAR,
    "ReLU, squares": RELU,
    "tanh, cross-entropy on 0 and 1": TANH_FOR_SIGMOID,
}
SEVERAL = {
    "softmax, cross-entropy": SOFTMAX,
    "sigmoids, cross-entropy": SIGMOID,
    "linear, squares": LINEAR,
    "ReLU, squares": RELU,
}
REGRESSION = {"linear, squares": LINEAR, "ReLU, squares": RELU}


def wave(random, n, shift):
    """Draw numbers from -1 to 1 and sin(πx) + shift with noise."""
    x = random.uniform(-1, 1, (n, 1))
    return x, np.sin(np.pi * x) + shift + random.normal(0, NOISE, (n, 1)), None


def clusters(random, n, centers, owners):
    """Draw points of equally frequent round clusters, and the true probabilities.

    Cluster i is normal about centers[i] with standard deviation 0.7 and belongs to
    class owners[i]. By Bayes' rule a class has the share of its clusters' densities.
    """
    which = random.integers(len(centers), size=n)
    x = centers[which] + random.normal(0, 0.7, (n, 2))
    squares = ((x[:, None] - centers) ** 2).sum(axis=2)
    truth = softmax(-squares / (2 * 0.7**2), axis=1) @ owners
    return x, owners[which], truth


CORNERS = np.array([[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]])
ANGLES = 2 * np.pi * np.arange(5) / 5
CIRCLE = 1.5 * np.column_stack([np.cos(ANGLES), np.sin(ANGLES)])
# Each task with its heads, and how n examples are drawn: inputs, targets, truth.
TASKS = {
    "regression, targets of both signs": (
        REGRESSION,
        lambda random, n: wave(random, n, 0.0),
    ),
    "regression, targets above 0": (
        REGRESSION,
        lambda random, n: wave(random, n, 1.5),
    ),
    "two classes": (
        BINARY,
        lambda random, n: clusters(random, n, CORNERS, np.eye(2)[[1, 1, 0, 0]][:, :1]),
    ),
    "five classes": (
        SEVERAL,
        lambda random, n: clusters(random, n, CIRCLE, np.eye(5)),
    ),
}


def starts(random, inputs, outputs):
    """Draw Xavier weights, and biases of 0."""
    return [
        random.normal(0, inputs**-0.5, (inputs, HIDDEN)),
        np.zeros((1, HIDDEN)),
        random.normal(0, HIDDEN**-0.5, (HIDDEN, outputs)),
        np.zeros((1, outputs)),
    ]


def predict(head, parameters, x):
    """Return hidden tanh units and outputs; arrays may have a leading axis of runs."""
    kernel, bias, output_kernel, output_bias = parameters
    hidden = np.tanh(x @ kernel + bias)
    return hidden, head.output(hidden @ output_kernel + output_bias)


def gradients(head, parameters, x, t):
    """Return the gradients of the mean loss, one example's loss summed over outputs."""
    hidden, y = predict(head, parameters, x)
    error = head.error(y, t) / x.shape[-2]
    below = error @ parameters[2].swapaxes(-1, -2) * (1 - hidden**2)
    return [
        x.swapaxes(-1, -2) @ below,
        below.sum(axis=-2, keepdims=True),
        hidden.swapaxes(-1, -2) @ error,
        error.sum(axis=-2, keepdims=True),
    ]


def train(head, parameters, x, t, rate, steps):
    """Descend the gradient of the whole training set."""
    for _ in range(steps):
        slopes = gradients(head, parameters, x, t)
        parameters = [p - rate * g for p, g in zip(parameters, slopes, strict=True)]
    return parameters


def draw(draws, task, replicates):
    """Stack each replicate's training set, test set and start along a first axis."""
    runs = []
    for replicate in range(replicates):
        random = draws(replicate, f"output heads: {task}")
        training = TASKS[task][1](random, EXAMPLES)
        test = TASKS[task][1](random, TESTS)
        start = starts(random, training[0].shape[1], training[1].shape[1])
        runs.append((*training[:2], *test, *start))
    return [
        None if parts[0] is None else np.stack(parts)
        for parts in zip(*runs, strict=True)
    ]


def measured(head, parameters, x, t, truth):
    """Measure every run on its test set."""
    y = predict(head, parameters, x)[1]
    if truth is None:
        floor = np.minimum(t, 0) ** 2 if head is RELU else np.zeros_like(t)
        return {
            "squares": ((y - t) ** 2).mean(axis=(1, 2)),
            "floor": floor.mean(axis=(1, 2)),
            "silent": (y == 0).all(axis=(1, 2)).astype(float),
        }
    said = head.stated(y)
    total = said.sum(axis=2) if said.shape[2] > 1 else np.ones(said.shape[:2])
    wrong = chosen(said) != chosen(t)
    valid = ((said >= 0) & (said <= 1)).all(axis=2) & (np.abs(total - 1) < 0.01)
    return {
        "error": 100 * wrong.mean(axis=1),
        "floor_of_error": 100 * (chosen(truth) != chosen(t)).mean(axis=1),
        "distance": 100 * np.sqrt(((said - truth) ** 2).mean(axis=(1, 2))),
        "no_probability": 100 * (~valid).mean(axis=1),
    }


def chosen(said):
    """Return the class that is stated to be likeliest."""
    return said.argmax(axis=2) if said.shape[2] > 1 else said[..., 0] > 0.5


def tuned(task, head, steps):
    """Return the rate with the least mean error on drafts that judge nothing."""
    x, t, x_test, t_test, truth, *start = draw(Draws("tune"), task, REPLICATES_TO_TUNE)

    def score(rate):
        parameters = train(head, start, x, head.target(t), rate, steps)
        found = measured(head, parameters, x_test, t_test, truth)
        mean = found["squares" if truth is None else "distance"].mean()
        return mean if np.isfinite(mean) else np.inf

    return min(RATES, key=score)


def run(draws, replicates, steps):
    rows = []
    for task, (heads, _) in TASKS.items():
        x, t, x_test, t_test, truth, *start = draw(draws, task, replicates)
        for name, head in heads.items():
            with np.errstate(over="ignore", invalid="ignore"):
                rate = tuned(task, head, steps)
                parameters = train(head, start, x, head.target(t), rate, steps)
                found = measured(head, parameters, x_test, t_test, truth)
            for replicate in range(replicates):
                rows.append(
                    {
                        "kind": "regression" if truth is None else "classes",
                        "task": task,
                        "head": name,
                        "replicate": replicate,
                        "rate": rate,
                        **{key: each[replicate] for key, each in found.items()},
                    }
                )
    return pd.DataFrame(rows)


SIGNS, ABOVE, TWO, FIVE = TASKS


def states_it_better(task, head, than):
    """Whose stated probabilities lie nearer to the true ones."""
    return Less(
        measure="distance",
        arm={"task": task, "head": head},
        than={"task": task, "head": than},
    )


EXPERIMENT = Simulation(
    title="Output heads",
    claims=(
        Claim(
            "d2-25",
            verdict=Less(
                measure="squares",
                arm={"task": SIGNS, "head": "ReLU, squares"},
                than={"task": SIGNS, "head": "linear, squares"},
            ),
        ),
        Claim(
            "d2-26",
            verdict=Shape(
                *(
                    states_it_better(TWO, head, than)
                    for head in ("sigmoid, cross-entropy", "tanh, squares on ±1")
                    for than in ("linear, squares", "ReLU, squares")
                )
            ),
        ),
        Claim(
            "d2-27",
            verdict=Shape(
                *(
                    states_it_better(FIVE, "softmax, cross-entropy", than)
                    for than in (
                        "sigmoids, cross-entropy",
                        "linear, squares",
                        "ReLU, squares",
                    )
                )
            ),
        ),
    ),
    run=run,
    settings={"replicates": 10, "steps": 300},
    measures=(
        Column("squares", "", "mean squared error on the test set"),
        Column("floor", "", "least mean squared error the head can reach"),
        Column("silent", "", "networks that answer 0 everywhere"),
        Column("distance", "%", "distance of the stated probabilities from the true"),
        Column("error", "%", "test error"),
        Column("floor_of_error", "%", "error of the true probabilities"),
        Column("no_probability", "%", "answers that are no probabilities"),
    ),
    figures=(
        Dots(
            "squares",
            rows="head",
            panels="task",
            where={"kind": "regression"},
            title="Mean squared error on the test set, by task",
        ),
        Dots(
            "distance",
            rows="head",
            panels="task",
            where={"kind": "classes"},
            title="Root mean squared distance of the stated probabilities from the "
            "true ones, by task",
        ),
    ),
    tables=(
        Table(
            "Regression: the mean square of the negative targets is the floor that a "
            "ReLU head cannot go below",
            where={"kind": "regression"},
            by=("task", "head", "rate"),
            columns={
                "task": "task",
                "head": "head and loss",
                "rate": "learning rate, tuned",
                "squares": "mean squared error",
                "floor": "floor",
                "silent": "0 everywhere",
            },
        ),
        Table(
            "Classes: how well heads state the probability, and how often their "
            "likeliest class is wrong",
            where={"kind": "classes"},
            by=("task", "head", "rate"),
            columns={
                "task": "task",
                "head": "head and loss",
                "rate": "learning rate, tuned",
                "distance": "distance from the true probabilities (%)",
                "no_probability": "answers that are no probabilities (%)",
                "error": "test error (%)",
                "floor_of_error": "least error possible (%)",
            },
        ),
    ),
    errata=(
        Erratum(
            id="E12",
            claim="d2-25",
            where="d2:235",
            says="the output activation for regression is ReLU",
            correction="a linear output: ReLU answers 0 at best where the target is "
            "negative, and may fall silent for good",
        ),
    ),
    differences=(
        (
            "data",
            "none named",
            "a noisy sine; clusters in the plane, whose true probabilities are known",
        ),
        (
            "network",
            "none named",
            "one hidden layer of 10 tanh units, 200 examples, 300 steps of gradient "
            "descent, the learning rate of each head tuned on seeds of their own",
        ),
        (
            "loss of a tanh output",
            "not named",
            "squares on targets of -1 and 1. In sigmoid's place, with 0, 1 and "
            "cross-entropy, it is shown, but not judged by",
        ),
        (
            "the head to choose",
            "said",
            "the one whose answers lie nearer to the targets or the true probabilities "
            "than those of the other heads",
        ),
    ),
    smoke={"settings": {"replicates": 3, "steps": 20}},
)
