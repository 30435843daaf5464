"""Softmax and sigmoid state probabilities best; ReLU cannot state negative targets."""

import numpy as np
import pandas as pd

from study.lab.data import Draws
from study.lab.declare.finding import Column, Number, Simulation, Takeaway
from study.lab.declare.rows import at_edge
from study.lab.figures import Points, Table
from study.lab.rules.verdicts import DoesNotRaise, Each, Lowers
from study.theory import heads
from study.theory.heads import LINEAR, RELU, SIGMOID, SOFTMAX, TANH, TANH_FOR_SIGMOID
from study.theory.samples import clusters, wave

HIDDEN, NOISE = 10, 0.1
EXAMPLES, TESTS = 200, 1_000
RATES = (0.03, 0.1, 0.3, 1.0)
REPLICATES_TO_TUNE = 10

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


def regression(shift):
    return lambda random, n: (*wave(random, n, shift, NOISE), None)


CORNERS = np.array([[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]])
ANGLES = 2 * np.pi * np.arange(5) / 5
CIRCLE = 1.5 * np.column_stack([np.cos(ANGLES), np.sin(ANGLES)])
# Each task with its heads, and how n examples are drawn: inputs, targets, truth.
TASKS = {
    "regression, targets of both signs": (REGRESSION, regression(0.0)),
    "regression, targets above 0": (REGRESSION, regression(1.5)),
    "two classes": (
        BINARY,
        lambda random, n: clusters(random, n, CORNERS, np.eye(2)[[1, 1, 0, 0]][:, :1]),
    ),
    "five classes": (SEVERAL, lambda random, n: clusters(random, n, CIRCLE, np.eye(5))),
}


def draw(draws, task, replicates):
    """Stack each replicate's training set, test set and start along a first axis."""
    runs = []
    for replicate in range(replicates):
        random = draws(replicate, f"output heads: {task}")
        x, t, _ = TASKS[task][1](random, EXAMPLES)
        test = TASKS[task][1](random, TESTS)
        start = heads.starts(random, x.shape[1], HIDDEN, t.shape[1])
        runs.append((x, t, *test, *(each for layer in start for each in layer)))
    x, t, *test, kernel, bias, output_kernel, output_bias = (
        None if parts[0] is None else np.stack(parts)
        for parts in zip(*runs, strict=True)
    )
    return (x, t), test, [(kernel, bias), (output_kernel, output_bias)]


def found(head, rate, steps, training, test, start):
    """Train every run with a head, and measure it on its test set."""
    x, t = training
    layers = heads.train(head, start, x, head.target(t), rate, steps)
    return heads.measured(head, layers, *test)


def tuned(task, head, steps):
    """Return the rate with the least mean error on drafts that judge nothing."""
    drawn = draw(Draws("tune"), task, REPLICATES_TO_TUNE)

    def score(rate):
        measures = found(head, rate, steps, *drawn)
        mean = measures.get("squares", measures.get("distance")).mean()
        return mean if np.isfinite(mean) else np.inf

    return min(RATES, key=score)


def run(draws, replicates, steps):
    rows = []
    for task, (by_name, _) in TASKS.items():
        drawn = draw(draws, task, replicates)
        for name, head in by_name.items():
            with np.errstate(over="ignore", invalid="ignore"):
                rate = tuned(task, head, steps)
                measures = found(head, rate, steps, *drawn)
            for replicate in range(replicates):
                rows.append(
                    {
                        "kind": "regression" if "squares" in measures else "classes",
                        "task": task,
                        "head": name,
                        "replicate": replicate,
                        "rate": rate,
                        "edge": at_edge(rate, RATES),
                        **{key: each[replicate] for key, each in measures.items()},
                    }
                )
    return pd.DataFrame(rows)


SIGNS, ABOVE, TWO, FIVE = TASKS
TITLES = {
    "regression": ("squares", "Mean squared error on the test set, by task"),
    "classes": (
        "distance",
        "Root mean squared distance of the stated probabilities from the true ones, by "
        "task",
    ),
}


def states_it_better(task, head, than):
    """Whose stated probabilities lie nearer to the true ones.

    By medians: with some heads a few networks fall silent.
    """
    return Lowers(
        measure="distance",
        arm={"task": task, "head": head},
        than={"task": task, "head": than},
        center="median",
    )


def squares(task, head):
    return Number("squares", {"task": task, "head": f"{head}, squares"}, unit="")


EXPERIMENT = Simulation(
    title="Output heads",
    claims={
        "d2-25": Each(
            *(
                DoesNotRaise(
                    measure="squares",
                    arm={"task": task, "head": "ReLU, squares"},
                    than={"task": task, "head": "linear, squares"},
                    center="median",
                )
                for task in (SIGNS, ABOVE)
            )
        ),
        "d2-26": Each(
            *(
                states_it_better(TWO, head, than)
                for head in ("sigmoid, cross-entropy", "tanh, squares on ±1")
                for than in ("linear, squares", "ReLU, squares")
            )
        ),
        "d2-27": Each(
            *(
                states_it_better(FIVE, "softmax, cross-entropy", than)
                for than in [*SEVERAL][1:]
            )
        ),
    },
    takeaway=Takeaway(
        holds="A ReLU output serves regression as well as a linear one",
        depends="A ReLU output serves regression as well as a linear one {where}",
        fails="A ReLU output does not serve regression as well as a linear one",
        open="Whether a ReLU output serves regression as well as a linear one stays "
        "open",
        evidence="on targets of both signs its mean squared error is {relu} against "
        "{linear}, on targets above 0 {relu_above} against {linear_above}.",
        numbers={
            "relu": squares(SIGNS, "ReLU"),
            "linear": squares(SIGNS, "linear"),
            "relu_above": squares(ABOVE, "ReLU"),
            "linear_above": squares(ABOVE, "linear"),
        },
    ),
    run=run,
    settings={"replicates": 100, "steps": 300},
    measures=(
        Column("squares", "", "mean squared error on the test set"),
        Column("floor", "", "least mean squared error the head can reach"),
        Column("silent", "", "networks that answer 0 everywhere"),
        Column("distance", "%", "distance of the stated probabilities from the true"),
        Column("error", "%", "test error"),
        Column("floor_of_error", "%", "error of the true probabilities"),
        Column("no_probability", "%", "answers that are no probabilities"),
    ),
    figures=tuple(
        Points(measure, rows="head", panels="task", where={"kind": kind}, title=title)
        for kind, (measure, title) in TITLES.items()
    ),
    tables=(
        Table(
            "Regression: the mean square of the negative targets is the floor that a "
            "ReLU head cannot go below",
            where={"kind": "regression"},
            by=("task", "head", "rate"),
            columns=("squares", "floor", "silent"),
            called={
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
            columns=("distance", "no_probability", "error", "floor_of_error"),
            called={
                "head": "head and loss",
                "rate": "learning rate, tuned",
                "distance": "distance from the true probabilities (%)",
                "floor_of_error": "least error possible (%)",
            },
        ),
    ),
    differences={
        "data": (
            "none named",
            "a noisy sine; clusters in the plane, whose true probabilities are known",
        ),
        "network": (
            "none named",
            "one hidden layer of 10 tanh units, 200 examples, 300 steps of gradient "
            "descent, the learning rate of each head tuned on seeds of their own",
        ),
        "loss of a tanh output": (
            "not named",
            "squares on targets of -1 and 1. In sigmoid's place, with 0, 1 and "
            "cross-entropy, it is shown, but not judged by",
        ),
        "d2-25: for regression": (
            "said, of no targets in particular",
            "an error no larger than a linear output's, with targets of both signs and "
            "with targets above 0",
        ),
        "d2-26, d2-27: for classes": (
            "said",
            "the probabilities it states lie nearer to the true ones than those of the "
            "other heads, by a point at least; errors stand beside",
        ),
    },
    smoke={"settings": {"replicates": 3, "steps": 20}},
)
