"""Examples a second, and the price of a loss, from one example to the whole set."""

import keras
import numpy as np

from study.lab.declare.finding import (
    Claim,
    Column,
    Number,
    Ratio,
    Simulation,
    Size,
    Takeaway,
)
from study.lab.declare.models import mlp
from study.lab.declare.rows import tables
from study.lab.figures import Lines, Table
from study.lab.rules.verdicts import Each, Lowers, Margin, Raises, Shape
from study.optimizers import SGD
from study.theory.relu_classifier import forward, initial, step
from study.theory.timing import mean

EXAMPLES, INPUTS, HIDDEN, CLASSES = 10_000, 784, 100, 10
SIZES = (1, 4, 16, 64, 256, 1_024, EXAMPLES)
MINI, WHOLE = 256, EXAMPLES
STEP, KERAS, LOSS = "step, NumPy", "step, Keras", "loss alone, NumPy"
MUCH = Margin(2, "factor", because="the lecture says high, limited, much: twice")
AWAY = Margin(0.01, because="losses are told to two decimals")
RATE = 1e-6  # so that nothing diverges
BRIEF = 0.005  # seconds that a timing lasts at least


def network():
    model = mlp(INPUTS, (HIDDEN,), CLASSES)
    loss = "sparse_categorical_crossentropy"
    model.compile(SGD(RATE), loss, jit_compile=False)
    return model


def calls(random, x, y, model):
    """Map each kernel and size to a call that works on a batch of that size."""
    weights = initial(random, INPUTS, HIDDEN, CLASSES, "float32")
    found = {}
    for size in SIZES:
        batch = x[:size].copy(), y[:size].copy()
        tensors = [keras.ops.convert_to_tensor(each) for each in batch]
        found[STEP, size] = lambda batch=batch: step(weights, *batch, RATE)
        found[LOSS, size] = lambda batch=batch: forward(weights, *batch)
        found[KERAS, size] = lambda pair=tensors: model.train_on_batch(*pair)
    return found


def rows_of(kernel, size, passed):
    return {
        "table": "time",
        "kernel": kernel,
        "batch_size": size,
        "milliseconds": 1e3 * passed,
        "rate": size / passed,
    }


def accuracy(random, x, y):
    """Yield how far the loss of a mini-batch lies from that of the whole set."""
    weights = initial(random, INPUTS, HIDDEN, CLASSES, "float32")
    losses, *_ = forward(weights, x, y)
    for size in SIZES:
        picked = [random.choice(EXAMPLES, size, replace=False) for _ in range(20)]
        away = [abs(losses[i].mean() - losses.mean()) for i in picked]
        yield {"table": "loss", "batch_size": size, "away": float(np.mean(away))}


def run(draws, replicates):
    """Time every call in turn, round after round; the first is not counted."""
    random = draws(0, "throughput")
    x = random.random((EXAMPLES, INPUTS)).astype("float32")
    y = random.integers(CLASSES, size=EXAMPLES)
    timed = calls(random, x, y, network())
    rows = []
    for turn in range(-1, replicates):
        for (kernel, size), call in timed.items():
            row = rows_of(kernel, size, mean(call, BRIEF))
            rows.append({"replicate": turn, **row})
    for turn in range(replicates):
        drawn = draws(turn, "losses")
        rows += [{"replicate": turn, **row} for row in accuracy(drawn, x, y)]
    return tables(row for row in rows if row["replicate"] >= 0)


def timed(rule, measure, kernel, size, than, margin=None):
    arms = ({"kernel": kernel, "batch_size": each} for each in (size, than))
    arms = dict(zip(("arm", "than"), arms, strict=True))
    return rule(measure=measure, table="time", **arms, margin=margin)


def steps(*how):
    """Compare the steps of either kernel."""
    rule, measure, *rest = how
    return Each(*(timed(rule, measure, each, *rest) for each in (STEP, KERAS)))


def gain(kernel):
    """Hold the examples a second of a mini-batch against those of single ones."""
    sizes = ({"kernel": kernel, "batch_size": each} for each in (MINI, 1))
    return Ratio(*(Number("rate", each, "time") for each in sizes))


SIZED = {"arm": {"batch_size": MINI}, "than": {"batch_size": WHOLE}}
TITLES = {
    "rate": "Examples a second of a 784-100-10 network, from one at a time to all "
    "10,000",
    "milliseconds": "Time of one step, and of the loss alone",
}
SOURCE = Size(device="gpu")

EXPERIMENT = Simulation(
    title="Batch size: throughput",
    about=(SGD,),
    claims=(
        Claim("d0-39", steps(Raises, "rate", MINI, 1, MUCH), source_size=SOURCE),
        Claim("d2-56", steps(Lowers, "rate", 1, WHOLE, MUCH), source_size=SOURCE),
        Claim("d4-42", timed(Raises, "milliseconds", LOSS, WHOLE, MINI, MUCH)),
        Claim(
            "d4-44",
            Shape(
                Raises(measure="away", table="loss", **SIZED, margin=AWAY),
                timed(Lowers, "milliseconds", LOSS, MINI, WHOLE),
            ),
        ),
        # a step evaluates the loss once
        Claim("d4-45", steps(Lowers, "milliseconds", MINI, WHOLE)),
    ),
    takeaway=Takeaway(
        holds="Mini-batches have a high throughput, even on a CPU",
        open="Whether mini-batches have a high throughput stays open on a CPU",
        evidence="256 examples at a time get through {numpy} times as many a second as "
        "single ones in a lean loop, and {keras} times as many in Keras.",
        numbers={"numpy": gain(STEP), "keras": gain(KERAS)},
    ),
    run=run,
    timed=True,
    size=Size(device="cpu"),
    measures=(
        Column("batch_size", "examples", "batch size"),
        Column("milliseconds", "ms", "time of one evaluation"),
        Column("rate", "examples a second", "throughput"),
        Column("away", "nats", "distance of the batch's loss from the whole set's"),
    ),
    figures=tuple(
        Lines(each, x="batch_size", hue="kernel", table="time", log="xy", title=title)
        for each, title in TITLES.items()
    ),
    tables=(
        Table(
            "Steps and losses, means of the rounds with 95 % intervals",
            table="time",
            by=("kernel", "batch_size"),
            called={"kernel": "what", "batch_size": "batch size"},
        ),
        Table(
            "How far the loss of a mini-batch lies from that of all examples",
            table="loss",
            by=("batch_size",),
            called={"batch_size": "batch size"},
        ),
    ),
    differences={
        "machine (d0-39, d2-56)": (
            "a GPU",
            "the CPU named below: what it shows is the same in kind and smaller",
        ),
        "high, limited, much (d0-39, d2-56, d4-42)": (
            "said in words",
            "twice; quicker and more often (d4-44, d4-45) by a quarter",
        ),
        "one at a time (d2-56)": ("SGD", "a batch of one against all 10,000 at once"),
        "data": ("none", "drawn numbers: a clock does not mind; 10 rounds"),
    },
)
