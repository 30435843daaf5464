"""Batch, mini-batch and stochastic descent are one loop that averages a batch."""

import keras
import numpy as np

from study.lab.declare.facts import Facts
from study.lab.declare.finding import Takeaway
from study.optimizers import SGD, Momentum
from study.theory.descents import apart
from study.theory.minibatches import batches, followed, gradients, losses, with_velocity
from study.theory.networks import dense_model, stepped

EXAMPLES, INPUTS, HIDDEN, CLASSES = 1_000, 8, 6, 3
FEW = 32  # examples of an epoch that is cut into pairs
RATE, STRENGTH, STEPS = 0.5, 0.9, 20
TOLERANCE = 1e-10  # sums of 1,000 float64 numbers round by some 1e-15


def network(weights):
    return dense_model([weights[:2], weights[2:]], ["tanh", "linear"])


def loss(reduction="sum_over_batch_size"):
    return keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, reduction=reduction, dtype="float64"
    )


def trained(weights, optimizer, batches):
    """Return Keras's weights after a step on each batch."""
    return stepped(network(weights), optimizer, loss(), batches)


def off(weights, optimizer, batches):
    """Return how far Keras ends from the loop in NumPy."""
    found = trained(weights, optimizer, batches)
    return apart(found, followed(weights, batches, RATE))


def updates(weights, x, y, batch_size):
    """Count the updates of one epoch of `fit`."""
    model = network(weights)
    model.compile(SGD(RATE), loss(), run_eagerly=True)
    model.fit(x, y, batch_size=batch_size, epochs=1, verbose=0)
    return int(model.optimizer.iterations)


def statements(draws, replicate):
    """Yield (claim, statement, deviation)."""
    random = draws(replicate, "batches")
    # float32 numbers in float64, since Keras hands data to models in float32
    x = random.standard_normal((EXAMPLES, INPUTS)).astype("float32").astype("float64")
    y = random.integers(CLASSES, size=EXAMPLES)
    shapes = ((INPUTS, HIDDEN), (HIDDEN,), (HIDDEN, CLASSES), (CLASSES,))
    weights = [random.normal(0, 0.5, shape) for shape in shapes]

    few = x[:FEW], y[:FEW]
    pairs = [(few[0][i : i + 2], few[1][i : i + 2]) for i in range(0, FEW, 2)]
    parts = zip(*(gradients(weights, *each) for each in pairs), strict=True)
    means = [np.mean(each, axis=0) for each in parts]
    whole = gradients(weights, *few)
    yield "d0-36", "mean of the pairs' gradients: the batch's", apart(means, whole)
    yield "d0-36", "an update after every pair", off(weights, SGD(RATE), pairs)
    for name, size, expected in (("batch", FEW, 1), ("pairs", 2, FEW // 2)):
        counted = updates(weights, *few, size)
        yield "d0-36", f"updates of an epoch, {name}", float(abs(counted - expected))

    for name, size in (("all", EXAMPLES), ("one", 1), ("a mini-batch", 64)):
        drawn = batches(random, x, y, size, STEPS)
        yield "d4-39", f"descent on {name}", off(weights, SGD(RATE), drawn)
    found = trained(weights, Momentum(RATE, momentum=STRENGTH), drawn)
    fast = with_velocity(weights, drawn, RATE, STRENGTH)
    yield "d4-39", "momentum", apart(found, fast)
    still = off(weights, Momentum(RATE, momentum=0.0), drawn)
    yield "d4-39", "momentum of strength 0: descent", still

    first = drawn[:1]
    yield "d4-43", "step by the batch alone", off(weights, SGD(RATE), first)
    own = losses(weights, *first[0])[0].mean()
    told = loss()(first[0][1], network(weights)(first[0][0]))
    yield "d4-43", "loss of the batch alone", abs(float(told) - own)

    drawn = batches(random, x, y, 256, STEPS)
    yield "d4-47", "20 batches of 256", off(weights, SGD(RATE), drawn)

    logits = keras.ops.convert_to_tensor(np.log(losses(weights, *first[0])[2]))
    for name, reduction, expected in (
        ("Keras's mean", "sum_over_batch_size", own),
        ("Keras's sum / N", "sum", own * len(first[0][1])),
    ):
        found = float(loss(reduction)(first[0][1], logits))
        yield "d4-59", name, abs(found - expected)

    stepped = off(weights, keras.optimizers.SGD(RATE), drawn)
    yield "d4-60", "four steps: one of Keras", stepped


EXPERIMENT = Facts(
    title="Batch size: one loop",
    about=(SGD, Momentum),
    statements=statements,
    claims=("d0-36", "d4-39", "d4-43", "d4-47", "d4-59", "d4-60"),
    takeaway=Takeaway(
        holds="One loop is batch, mini-batch and stochastic gradient descent: written "
        "out in NumPy it takes the steps of Keras to the last digits. Of the lectures' "
        "statements about it {held} hold.",
        fails="The updates of batch and mini-batch descent are not those on the slide. "
        "Of the lectures' statements about the loop {held} hold.",
    ),
    tolerance=TOLERANCE,
    smoke=1,
    figure="Largest deviation of the loop in NumPy from Keras over the seeds",
    differences={
        "network and numbers": (
            "none",
            f"8-6-3 with tanh, float64, {EXAMPLES:,} drawn examples, 10 seeds",
        ),
        "after every two samples (d0-36)": (
            "the number of samples not said",
            f"the first {FEW} of these: an even number. Of an odd one the last update "
            "sees one sample",
        ),
        "sampling (d4-47)": (
            "a call without a body",
            "256 of 1,000 without repeating one within a batch",
        ),
        "error of a mini-batch (d4-59)": (
            "a mean; the gradient of a sum would be N_t times as long",
            "the mean, as Keras's losses have it unless told otherwise",
        ),
    },
)
