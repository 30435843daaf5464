"""Batch, mini-batch and stochastic descent are one loop that averages a batch."""

import keras
import numpy as np

from study.lab.facts import Facts
from study.optimizers import SGD, Momentum

EXAMPLES, INPUTS, HIDDEN, CLASSES = 1_000, 8, 6, 3
FEW = 32  # examples of an epoch that is cut into pairs
RATE, STRENGTH, STEPS = 0.5, 0.9, 20
TOLERANCE = 1e-10  # sums of 1,000 float64 numbers round by some 1e-15


def losses(weights, x, y):
    """Return the cross-entropy of each example, hidden outputs and probabilities."""
    w, b, u, c = weights
    h = np.tanh(x @ w + b)
    z = np.exp(h @ u + c)
    p = z / z.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y]), h, p


def gradients(weights, x, y):
    """Return the gradients of the mean loss, by back-propagation in NumPy."""
    _, h, p = losses(weights, x, y)
    d = (p - np.eye(CLASSES)[y]) / len(y)
    e = (d @ weights[2].T) * (1 - h**2)
    return [x.T @ e, e.sum(axis=0), h.T @ d, d.sum(axis=0)]


def stepped(weights, x, y):
    """Return the weights after `weights += - step_size * weights_grad`."""
    slopes = gradients(weights, x, y)
    return [w - RATE * slope for w, slope in zip(weights, slopes, strict=True)]


def apart(a, b):
    """Return the largest difference between two lists of arrays."""
    return max(float(np.abs(x - y).max()) for x, y in zip(a, b, strict=True))


def network(weights, optimizer):
    """Return a compiled float64 network that starts from these weights."""
    hidden = keras.layers.Dense(HIDDEN, "tanh", dtype="float64")
    last = keras.layers.Dense(CLASSES, dtype="float64")
    model = keras.Sequential([keras.Input((INPUTS,), dtype="float64"), hidden, last])
    model.set_weights(weights)
    model.compile(optimizer, loss=loss(), run_eagerly=True)
    return model


def loss(reduction="sum_over_batch_size"):
    return keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, reduction=reduction, dtype="float64"
    )


def trained(weights, optimizer, batches):
    """Return Keras's weights after a step on each batch."""
    model = network(weights, optimizer)
    for x, y in batches:
        model.train_on_batch(x, y)
    return model.get_weights()


def followed(weights, batches):
    """Return the weights of the loop: forward, backward, update, batch by batch."""
    for x, y in batches:
        weights = stepped(weights, x, y)
    return weights


def updates(weights, x, y, batch_size):
    """Count the updates of one epoch of `fit`."""
    model = network(weights, SGD(RATE))
    model.fit(x, y, batch_size=batch_size, epochs=1, verbose=0)
    return int(model.optimizer.iterations)


def with_velocity(weights, batches):
    """Return the weights after steps along v = STRENGTH * v - RATE * gradient."""
    v = [np.zeros_like(w) for w in weights]
    for x, y in batches:
        slopes = gradients(weights, x, y)
        v = [STRENGTH * a - RATE * g for a, g in zip(v, slopes, strict=True)]
        weights = [w + a for w, a in zip(weights, v, strict=True)]
    return weights


def batches(random, x, y, size):
    """Sample STEPS batches, each without repeating an example."""
    picked = [random.choice(len(x), size, replace=False) for _ in range(STEPS)]
    return [(x[i], y[i]) for i in picked]


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
    whole = gradients(weights, *few)
    means = [np.mean(each, axis=0) for each in _parts(weights, pairs)]
    yield "d0-36", "mean of the pairs' gradients: the batch's", apart(means, whole)
    found = trained(weights, SGD(RATE), pairs)
    yield "d0-36", "an update after every pair", apart(found, followed(weights, pairs))
    for name, size, expected in (("batch", FEW, 1), ("pairs", 2, FEW // 2)):
        counted = updates(weights, *few, size)
        yield "d0-36", f"updates of an epoch, {name}", float(abs(counted - expected))

    for name, size in (("all", EXAMPLES), ("one", 1), ("a mini-batch", 64)):
        drawn = batches(random, x, y, size)
        found = trained(weights, SGD(RATE), drawn)
        deviation = apart(found, followed(weights, drawn))
        yield "d4-39", f"descent on {name}", deviation
    found = trained(weights, Momentum(RATE, momentum=STRENGTH), drawn)
    yield "d4-39", "momentum", apart(found, with_velocity(weights, drawn))
    without = trained(weights, Momentum(RATE, momentum=0.0), drawn)
    deviation = apart(without, followed(weights, drawn))
    yield "d4-39", "momentum of strength 0: descent", deviation

    first = drawn[:1]
    found = trained(weights, SGD(RATE), first)
    yield "d4-43", "step by the batch alone", apart(found, followed(weights, first))
    own = losses(weights, *first[0])[0].mean()
    told = loss()(first[0][1], network(weights, SGD(RATE))(first[0][0]))
    yield "d4-43", "loss of the batch alone", abs(float(told) - own)

    drawn = batches(random, x, y, 256)
    found = trained(weights, SGD(RATE), drawn)
    yield "d4-47", "20 batches of 256", apart(found, followed(weights, drawn))

    logits = keras.ops.convert_to_tensor(np.log(losses(weights, *first[0])[2]))
    for name, reduction, expected in (
        ("Keras's mean", "sum_over_batch_size", own),
        ("Keras's sum / N", "sum", own * len(first[0][1])),
    ):
        found = float(loss(reduction)(first[0][1], logits))
        yield "d4-59", name, abs(found - expected)

    found = trained(weights, keras.optimizers.SGD(RATE), drawn)
    yield (
        "d4-60",
        "four steps: one of Keras",
        apart(found, followed(weights, drawn)),
    )


def _parts(weights, parts):
    """Group the gradients of each part by the array they belong to."""
    return zip(*(gradients(weights, *each) for each in parts), strict=True)


EXPERIMENT = Facts(
    title="Batch size: one loop",
    about=(SGD, Momentum),
    statements=statements,
    claims=("d0-36", "d4-39", "d4-43", "d4-47", "d4-59", "d4-60"),
    tolerance=TOLERANCE,
    smoke=1,
    figure="Largest deviation of the loop in NumPy from Keras over the seeds",
    differences=(
        (
            "network and numbers",
            "none",
            "8-6-3 with tanh, float64, 1,000 drawn examples, 10 seeds",
        ),
        (
            "sampling (d4-47)",
            "a call without a body",
            "256 of 1,000 without repeating one within a batch",
        ),
        (
            "error of a mini-batch (d4-59)",
            "a mean; the gradient of a sum would be N_t times as long",
            "the mean, as Keras's losses have it unless told otherwise",
        ),
    ),
)
