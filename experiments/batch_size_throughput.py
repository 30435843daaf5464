"""Examples a second, and the price of a loss, from one example to the whole set."""

import time

import keras
import numpy as np

from study.lab.declare.experiment import Claim, Simulation
from study.lab.declare.measures import Column
from study.lab.declare.models import mlp
from study.lab.declare.rows import tables
from study.lab.declare.takeaway import Number, Ratio, Takeaway
from study.lab.figures import LogLog, Table
from study.lab.rules.verdicts import Greater, Less, Shape
from study.optimizers import SGD

EXAMPLES, INPUTS, HIDDEN, CLASSES = 10_000, 784, 100, 10
SIZES = (1, 4, 16, 64, 256, 1_024, EXAMPLES)
MINI, WHOLE = 256, EXAMPLES
STEP, KERAS, LOSS = "step, NumPy", "step, Keras", "loss alone, NumPy"
BRIEF = 0.005  # seconds that a timing lasts at least


def initial(random):
    """Draw He's weights in float32, with zero biases."""
    w = random.standard_normal((INPUTS, HIDDEN)) * np.sqrt(2 / INPUTS)
    u = random.standard_normal((HIDDEN, CLASSES)) * np.sqrt(2 / HIDDEN)
    shapes = (w, np.zeros(HIDDEN), u, np.zeros(CLASSES))
    return [each.astype("float32") for each in shapes]


def forward(weights, x, y):
    """Return the mean loss, hidden outputs and probabilities."""
    w, b, u, c = weights
    h = np.maximum(x @ w + b, 0)
    z = h @ u + c
    z = np.exp(z - z.max(axis=1, keepdims=True))
    p = z / z.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y]).mean(), h, p


def step(weights, x, y, rate=1e-6):
    """Take a step down the gradient of the mean loss, in place; return the loss."""
    loss, h, p = forward(weights, x, y)
    p[np.arange(len(y)), y] -= 1
    p /= len(y)
    e = (p @ weights[2].T) * (h > 0)
    slopes = (x.T @ e, e.sum(axis=0), h.T @ p, p.sum(axis=0))
    for each, slope in zip(weights, slopes, strict=True):
        each -= rate * slope
    return loss


def network():
    model = mlp(INPUTS, (HIDDEN,), CLASSES)
    loss = "sparse_categorical_crossentropy"
    model.compile(SGD(1e-6), loss, jit_compile=False)
    return model


def seconds(call):
    """Return the seconds of a call: the mean of as many as make a timing long."""
    start, count = time.perf_counter(), 0
    while True:
        call()
        count += 1
        passed = time.perf_counter() - start
        if passed >= BRIEF:
            return passed / count


def calls(random, x, y, model):
    """Map each kernel and size to a call that works on a batch of that size."""
    weights = initial(random)
    found = {}
    for size in SIZES:
        batch = x[:size].copy(), y[:size].copy()
        tensors = [keras.ops.convert_to_tensor(each) for each in batch]
        found[STEP, size] = lambda batch=batch: step(weights, *batch)
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
        "rate_log2": np.log2(size / passed),
        "price_log2": np.log2(passed),
        "evaluations_log2": -np.log2(passed),
    }


def accuracy(random, x, y):
    """Yield how far the loss of a mini-batch lies from that of the whole set."""
    weights = initial(random)
    whole = forward(weights, x, y)[0]
    for size in SIZES:
        picked = [random.choice(EXAMPLES, size, replace=False) for _ in range(20)]
        away = [abs(forward(weights, x[i], y[i])[0] - whole) for i in picked]
        yield {"table": "loss", "batch_size": size, "away": float(np.mean(away))}


def run(draws, rounds):
    """Time every call in turn, round after round; the first is not counted."""
    random = draws(0, "throughput")
    x = random.random((EXAMPLES, INPUTS)).astype("float32")
    y = random.integers(CLASSES, size=EXAMPLES)
    timed = calls(random, x, y, network())
    rows = []
    for turn in range(-1, rounds):
        for (kernel, size), call in timed.items():
            row = rows_of(kernel, size, seconds(call))
            rows.append({"replicate": turn, **row})
    for turn in range(rounds):
        drawn = draws(turn, "losses")
        rows += [{"replicate": turn, **row} for row in accuracy(drawn, x, y)]
    return tables(row for row in rows if row["replicate"] >= 0)


def timed(kernel, size):
    return {"kernel": kernel, "batch_size": size}


def loss(size):
    return {"batch_size": size}


ON_CPU = "two cores of a CPU in place of a GPU"


def gain(kernel):
    """Hold the examples a second of a mini-batch against those of single ones."""
    return Ratio(*(Number("rate", timed(kernel, each), "time") for each in (MINI, 1)))


EXPERIMENT = Simulation(
    title="Batch size: throughput",
    about=(SGD,),
    claims=(
        Claim(
            "d0-39",
            verdict=Shape(
                *(
                    Greater(
                        measure="rate_log2",
                        table="time",
                        arm=timed(kernel, MINI),
                        than=timed(kernel, 1),
                        delta=1,
                    )
                    for kernel in (STEP, KERAS)
                )
            ),
            scaled=ON_CPU,
        ),
        Claim(
            "d2-56",
            verdict=Shape(
                *(
                    Less(
                        measure="rate_log2",
                        table="time",
                        arm=timed(kernel, 1),
                        than=timed(kernel, WHOLE),
                        delta=1,
                    )
                    for kernel in (STEP, KERAS)
                )
            ),
            scaled=ON_CPU,
        ),
        Claim(
            "d4-42",
            verdict=Greater(
                measure="price_log2",
                table="time",
                arm=timed(LOSS, WHOLE),
                than=timed(LOSS, MINI),
                delta=1,
            ),
        ),
        Claim(
            "d4-44",
            verdict=Shape(
                Greater(
                    measure="away",
                    table="loss",
                    arm=loss(MINI),
                    than=loss(WHOLE),
                    delta=0.001,
                ),
                Less(
                    measure="price_log2",
                    table="time",
                    arm=timed(LOSS, MINI),
                    than=timed(LOSS, WHOLE),
                    delta=1,
                ),
            ),
        ),
        Claim(
            "d4-45",
            verdict=Shape(
                *(
                    Greater(
                        measure="evaluations_log2",
                        table="time",
                        arm=timed(kernel, MINI),
                        than=timed(kernel, WHOLE),
                        delta=1,
                    )
                    for kernel in (STEP, KERAS)
                )
            ),
        ),
    ),
    takeaway=Takeaway(
        holds="Mini-batches have a high throughput, even on a CPU: 256 examples at a "
        "time get through {numpy} times as many a second as single ones in a lean "
        "loop, and {keras} times as many in Keras.",
        open="Whether mini-batches have a high throughput stays open on a CPU: 256 "
        "examples at a time get through {numpy} times as many a second as single ones "
        "in a lean loop, and {keras} times as many in Keras.",
        numbers={"numpy": gain(STEP), "keras": gain(KERAS)},
    ),
    run=run,
    timed=True,
    settings={"rounds": 10},
    measures=(
        Column("batch_size", "examples", "batch size"),
        Column("milliseconds", "ms", "time of one evaluation"),
        Column("rate", "examples a second", "throughput"),
        Column("rate_log2", "doublings", "log2 of the throughput"),
        Column("price_log2", "doublings", "log2 of the time"),
        Column("evaluations_log2", "doublings", "log2 of the evaluations a second"),
        Column("away", "nats", "distance of the batch's loss from the whole set's"),
    ),
    figures=(
        LogLog(
            "batch_size",
            "rate",
            hue="kernel",
            table="time",
            title="Examples a second of a 784-100-10 network, from one at a time to "
            "all 10,000",
        ),
        LogLog(
            "batch_size",
            "milliseconds",
            hue="kernel",
            table="time",
            title="Time of one step, and of the loss alone",
        ),
    ),
    tables=(
        Table(
            "Steps and losses, means of the rounds with 95 % intervals",
            table="time",
            by=("kernel", "batch_size"),
            columns={
                "kernel": "what",
                "batch_size": "batch size",
                "milliseconds": "time (ms)",
                "rate": "examples a second",
            },
        ),
        Table(
            "How far the loss of a mini-batch lies from that of all examples",
            table="loss",
            by=("batch_size",),
            columns={"batch_size": "batch size", "away": "distance (nats)"},
        ),
    ),
    differences=(
        (
            "machine (d0-39, d2-56)",
            "a GPU",
            "the CPU named below: what it shows is the same in kind and smaller",
        ),
        (
            "high, limited, much, more",
            "said in words",
            "twice: a doubling is the smallest effect of interest",
        ),
        ("one at a time (d2-56)", "SGD", "a batch of one against all 10,000 at once"),
        ("data", "none", "drawn numbers: a clock does not mind; 10 rounds"),
    ),
    smoke={"settings": {"rounds": 2}},
)
