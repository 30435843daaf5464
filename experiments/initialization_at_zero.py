"""Networks whose weights all start at zero learn as one unit a layer, if at all."""

from collections.abc import Callable
from itertools import pairwise, product
from typing import NamedTuple

import keras
import numpy as np

from study.lab.data import digits, mnist
from study.lab.declare.controls import Control, Controlled
from study.lab.declare.finding import Column, Number, Simulation, Takeaway
from study.lab.declare.rows import every_seed, tables
from study.lab.figures import Lines, Table
from study.lab.rules.verdicts import Each, Level
from study.theory import training
from study.theory.activations import RELU, SIGMOID, TANH
from study.theory.checks import largest_deviation
from study.theory.networks import dense_model, stepped

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
LOGIC = {"XOR": np.array([0.0, 1.0, 1.0, 0.0]), "OR": np.array([0.0, 1.0, 1.0, 1.0])}
JUDGED, REMARKED = ("XOR", "MNIST"), "OR"
DATA = {"MNIST": mnist, "digits": digits}
ACTIVATIONS = {"sigmoid": SIGMOID, "tanh": TANH, "ReLU": RELU}
CELLS = [*product(JUDGED, ACTIVATIONS, (1, 2))]
ZEROS, RANDOM = "zeros", "N(0, 1 / inputs)"
LEARNING_RATE, LOOKS, TWIN_STEPS = 1.0, 20, 20
LEARNED = 2  # percent of what there is to learn, beyond the best guess


class Task(NamedTuple):
    """What is learned, by how many units and outputs, and in how many steps."""

    x: np.ndarray
    labels: np.ndarray
    units: int
    outputs: int
    steps: int
    evaluate: Callable


def logic(name, steps):
    return Task(X, LOGIC[name], 3, 1, steps, training.cross_entropy_pass)


def images(random, arrays, steps):
    chosen = random.choice(len(arrays.x), 300, replace=False)
    x = arrays.x[chosen].astype("float64")
    return Task(x, arrays.y[chosen], 30, 10, steps, training.classes_pass)


def network(task, depth, weights):
    """Return the layers of a network; `weights` draws a kernel of a shape."""
    widths = [task.x.shape[1], *[task.units] * depth, task.outputs]
    return [(weights(shape), np.zeros((1, shape[1]))) for shape in pairwise(widths)]


def trained(layers, task, activation, steps):
    """Train a network in place; return step and loss at each look."""
    looks = {*np.linspace(0, steps, LOOKS + 1).astype(int)}
    rules = ACTIVATIONS[activation], LEARNING_RATE, steps, looks, task.evaluate
    return [*training.descend(layers, task.x, task.labels, *rules)]


def one_start(task, activation, depth, weights):
    """Train one network; yield its end and its way."""
    layers, by_hand = network(task, depth, weights), ACTIVATIONS[activation]
    _, first = task.evaluate(layers, task.x, task.labels, by_hand)
    curve, best = (
        trained(layers, task, activation, task.steps),
        training.guess(task.labels),
    )
    learned = [(step, 100 * max(best - loss, 0.0) / best) for step, loss in curve]
    slopes = max(np.abs(each).max() for each, _ in first[:-1])
    moved = max(np.abs(each).max() for each, _ in layers[:-1])
    apart, last = training.between_units(layers), learned[-1][1]
    end = {"gradient": slopes, "moved": moved, "apart": apart, "learned": last}
    yield {"table": "end", **end}
    if depth == 1:
        yield from ({"table": "way", "step": x, "learned": y} for x, y in learned)


def one_seed(random, arrays, steps, image_steps):
    """Train on every task, from zeros and from drawn weights."""
    tasks = {name: logic(name, steps) for name in LOGIC}
    tasks["MNIST"] = images(random, arrays, image_steps)
    starts = {
        ZEROS: np.zeros,
        RANDOM: lambda shape: random.normal(0, shape[0] ** -0.5, shape),
    }
    for name, activation, depth, start in product(tasks, ACTIVATIONS, (1, 2), starts):
        for row in one_start(tasks[name], activation, depth, starts[start]):
            yield {**cell(name, activation, depth, start), **row}


def distance_from_keras(depth, task, activation):
    """Return the largest deviation of a weight from its twin after a few steps."""
    layers = network(task, depth, np.zeros)
    alone = [(kernel, bias[0]) for kernel, bias in layers]
    model = dense_model(alone, [*[activation.lower()] * depth, "linear"])
    loss = keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64")
    batches = [(task.x, task.labels[:, None])] * TWIN_STEPS
    twin = stepped(model, keras.optimizers.SGD(LEARNING_RATE), loss, batches)
    trained(layers, task, activation, TWIN_STEPS)
    ours = [each for layer in layers for each in layer]
    pairs = zip(ours, twin, strict=True)
    return max(largest_deviation(a.reshape(b.shape), b) for a, b in pairs)


def twins():
    for each in ACTIVATIONS:
        deviation = distance_from_keras(2, logic(REMARKED, TWIN_STEPS), each)
        yield {"table": "twin", "activation": each, "deviation": deviation}


def run(draws, data, steps, image_steps, replicates):
    settings = DATA[data]().load(), steps, image_steps
    rows = every_seed(draws, replicates, "weights and images", one_seed, *settings)
    return tables([*rows, *twins()])


def cell(task, activation, depth, start=ZEROS):
    return {"task": task, "activation": activation, "depth": depth, "start": start}


def learned(*names, **bound):
    return Level(measure="learned", arm=cell(*names), table="end", **bound)


def part_learned(activation, start):
    cell = {"task": "MNIST", "activation": activation, "depth": 1, "start": start}
    return Number("learned", cell, "end")


EXPERIMENT = Simulation(
    title="Initialization at zero",
    claims={
        "d4-09": Controlled(
            Each(*(learned(*each, below=LEARNED) for each in CELLS)),
            *(
                Control(
                    f"from drawn weights a sigmoid network learns {each}",
                    learned(each, "sigmoid", 1, RANDOM, above=LEARNED),
                    "more steps",
                )
                for each in JUDGED
            ),
        )
    },
    takeaway=Takeaway(
        holds="From weights of zero a network learns nothing",
        depends="From weights of zero a network learns nothing {where}",
        fails="From weights of zero a network learns",
        open="Whether a network learns from weights of zero stays open",
        evidence="of what there is to learn of the digits, a sigmoid layer learns "
        "{zeros} from zeros and {drawn} from drawn weights, a tanh layer {tanh} from "
        "zeros.",
        numbers={
            "zeros": part_learned("sigmoid", ZEROS),
            "drawn": part_learned("sigmoid", RANDOM),
            "tanh": part_learned("tanh", ZEROS),
        },
    ),
    run=run,
    settings={"data": "MNIST", "steps": 2_000, "image_steps": 500, "replicates": 5},
    measures=(
        Column("learned", "%", "fall of the loss below that of the best guess"),
        Column("gradient", "", "largest gradient of a hidden weight at the first step"),
        Column("moved", "", "largest hidden weight at the end"),
        Column("apart", "", "largest difference between two units of a layer"),
        Column("deviation", "", "largest difference from Keras's weights"),
    ),
    figures=tuple(
        Lines(
            "learned",
            x="step",
            hue="start",
            panels="activation",
            where={"task": each, "depth": 1},
            table="way",
            title=f"How far the loss on {each} falls below the best guess's, one "
            "hidden layer",
        )
        for each in JUDGED
    ),
    tables=(
        Table(
            "From zeros, means over the seeds: every hidden gradient is 0 at the first "
            "step, and the units of a layer never come apart",
            table="end",
            where={"start": ZEROS},
            by=("task", "activation", "depth"),
            called={"depth": "hidden layers"},
        ),
        Table(
            f"The weights after {TWIN_STEPS} steps on OR, two hidden layers, against "
            "Keras's in float64",
            table="twin",
        ),
    ),
    differences={
        "what is learned": (
            "not said; the lecture is about XOR",
            "XOR and 300 images of MNIST; OR beside them, and not judged",
        ),
        "what counts as learning": (
            f"a loss {LEARNED} % below that of the best guess that knows no inputs"
        ),
        "biases": "zero at the start; they are trained",
    },
    smoke={
        "settings": {"data": "digits", "steps": 100, "image_steps": 20, "replicates": 2}
    },
)
