"""What ReLU saves: time a number, time a slope, and time a whole training step."""

import functools
import itertools
import time

import keras
import numpy as np
import pandas as pd

from study.lab.experiment import Claim, Simulation
from study.lab.figures import Dots, Table
from study.lab.measures import Column
from study.lab.verdicts import Equivalent, Less, Shape

NEGATIVE_SLOPE = 0.01
DOUBLE = "2x"  # no activation: the least that can be done to a number
# Each activation, and its slope as back-propagation has it: from the outputs y. In
# NumPy as by hand, into `out`; a slope of 0 or 1 is kept as truth values.
NUMPY = {
    DOUBLE: (lambda x, out: np.multiply(x, 2, out=out), None),
    "ReLU": (
        lambda x, out: np.maximum(x, 0, out=out),
        lambda y, out: np.greater(y, 0),
    ),
    "leaky ReLU": (
        lambda x, out: np.maximum(x, np.multiply(x, NEGATIVE_SLOPE, out=out), out=out),
        lambda y, out: np.where(y > 0, np.float32(1), np.float32(NEGATIVE_SLOPE)),
    ),
    "sigmoid": (
        lambda x, out: _sigmoid(x, out),
        lambda y, out: np.multiply(y, np.subtract(1, y, out=out), out=out),
    ),
    "tanh": (
        lambda x, out: np.tanh(x, out=out),
        lambda y, out: np.subtract(1, np.multiply(y, y, out=out), out=out),
    ),
}
KERAS = {
    DOUBLE: (lambda x: 2 * x, None),
    "ReLU": (keras.ops.relu, lambda y: y > 0),
    "leaky ReLU": (
        lambda x: keras.ops.leaky_relu(x, NEGATIVE_SLOPE),
        lambda y: keras.ops.where(y > 0, 1.0, NEGATIVE_SLOPE),
    ),
    "sigmoid": (keras.ops.sigmoid, lambda y: y * (1 - y)),
    "tanh": (keras.ops.tanh, lambda y: 1 - y * y),
}
TRAINED = ("ReLU", "sigmoid", "tanh")
NETWORKS = {"4 layers of 100": (100,) * 4, "3 layers of 1,000": (1_000,) * 3}
BATCH, INPUTS, CLASSES, RATE = 128, 784, 10, 0.01
MOST = 10_000_000  # numbers


def _sigmoid(x, out):
    np.negative(x, out=out)
    np.exp(out, out=out)
    np.add(out, 1, out=out)
    np.divide(1, out, out=out)


def best(call, repeats):
    """Return the seconds of the quickest of some calls."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def alternated(calls, rounds, repeats):
    """Time all calls in turn, round after round, so that noise meets them alike.

    Yields (name, round, the seconds of the quickest of `repeats`) after a first round
    that is not counted.
    """
    for turn in range(-1, rounds):
        for name, call in calls.items():
            seconds = best(call, repeats)
            if turn >= 0:
                yield name, turn, seconds


def done(tensor):
    """Wait until a tensor is there, without copying it."""
    return keras.ops.convert_to_numpy(tensor[:1])


def operations(x):
    """Map (library, activation, what) to a call that computes it once."""
    out, tensor = np.empty_like(x), keras.ops.convert_to_tensor(x)
    y = np.empty_like(x)
    NUMPY["sigmoid"][0](x, y)  # any outputs will do: a slope's time does not see them
    outputs = keras.ops.convert_to_tensor(y)
    calls = {}
    for name, (value, slope) in NUMPY.items():
        calls["NumPy", name, "value"] = functools.partial(value, x, out)
        if slope:
            calls["NumPy", name, "slope"] = functools.partial(slope, y, out)
    for name, (value, slope) in KERAS.items():
        calls["Keras", name, "value"] = lambda value=value: done(value(tensor))
        if slope:
            calls["Keras", name, "slope"] = lambda slope=slope: done(slope(outputs))
    return calls


def elements(draws, rounds, sizes):
    """Time a billion values and slopes, by the time of fewer."""
    random = draws(0, "elements")
    for size in sizes:
        calls = operations(random.standard_normal(size, "float32"))
        repeats = max(1, min(3, MOST // size))
        for (library, name, what), turn, seconds in alternated(calls, rounds, repeats):
            each = seconds / size * 1e9
            yield {
                "part": what,
                "library": library,
                "activation": name,
                "numbers": size,
                "replicate": turn,
                "seconds_per_billion": each,
                "seconds_log2": np.log2(each),
            }


def drawn(random, hidden):
    """Draw the weights of a network, and zero biases."""
    sizes = (INPUTS, *hidden, CLASSES)
    layers = []
    for inputs, outputs in itertools.pairwise(sizes):
        weights = random.standard_normal((inputs, outputs), "float32")
        layers.append([weights / np.sqrt(inputs), np.zeros(outputs, "float32")])
    return layers


def step(layers, x, labels, activation):
    """Take one step of SGD down the softmax cross-entropy, in place."""
    value, slope = NUMPY[activation]
    hidden = [x]
    for weights, biases in layers[:-1]:
        z = hidden[-1] @ weights + biases
        y = np.empty_like(z)
        value(z, y)
        hidden.append(y)
    z = hidden[-1] @ layers[-1][0] + layers[-1][1]
    e = np.exp(z - z.max(axis=1, keepdims=True))
    back = e / e.sum(axis=1, keepdims=True)
    back[np.arange(len(x)), labels] -= 1
    back /= len(x)
    for i in reversed(range(len(layers))):
        weights, biases = layers[i]
        below = back @ weights.T if i else None
        weights -= RATE * (hidden[i].T @ back)
        biases -= RATE * back.sum(axis=0)
        if i:
            back = below * slope(hidden[i], np.empty_like(below))


def keras_network(layers, activation):
    """Build the same network in Keras, ready to take the same steps."""
    model = keras.Sequential([keras.Input((INPUTS,))])
    for weights, _ in layers[:-1]:
        model.add(keras.layers.Dense(weights.shape[1], activation.lower()))
    model.add(keras.layers.Dense(CLASSES, "softmax"))
    model.set_weights([each for layer in layers for each in layer])
    model.compile(
        keras.optimizers.SGD(RATE), "sparse_categorical_crossentropy", jit_compile=False
    )
    return model


def steps(draws, rounds):
    """Time a whole training step, by hand and in Keras."""
    random = draws(0, "steps")
    x = random.random((BATCH, INPUTS), "float32")
    labels = random.integers(CLASSES, size=BATCH)
    for network, hidden in NETWORKS.items():
        layers, calls = drawn(random, hidden), {}
        for activation in TRAINED:
            own = [[each.copy() for each in layer] for layer in layers]
            calls["NumPy", activation] = functools.partial(
                step, own, x, labels, activation
            )
            model = keras_network(layers, activation)
            calls["Keras", activation] = functools.partial(
                model.train_on_batch, x, labels
            )
        repeats = 20 if max(hidden) == 100 else 2
        for (library, name), turn, seconds in alternated(calls, rounds, repeats):
            yield {
                "part": "step",
                "library": library,
                "activation": name,
                "network": network,
                "replicate": turn,
                "seconds_step": 1e3 * seconds,
                "seconds_log2": np.log2(seconds),
            }


def run(draws, rounds, sizes):
    return pd.DataFrame([*elements(draws, rounds, sizes), *steps(draws, rounds)])


def arm(part, library, activation):
    return {
        "part": part,
        "library": library,
        "activation": activation,
        "numbers": MOST,
    }


def quicker(part, library, than, delta=0.5):
    """Less time for ReLU; a half of a doubling is a factor of 1.4."""
    return Less(
        measure="seconds_log2",
        arm=arm(part, library, "ReLU"),
        than=arm(part, library, than),
        delta=delta,
    )


def step_of(activation):
    return {
        "part": "step",
        "library": "Keras",
        "activation": activation,
        "network": "3 layers of 1,000",
    }


LIBRARIES, OTHERS = ("NumPy", "Keras"), ("sigmoid", "tanh")

EXPERIMENT = Simulation(
    title="Activations: the cost of computing them",
    claims=(
        Claim(
            "d0-16",
            verdict=Shape(
                *(quicker("value", each, than) for each in LIBRARIES for than in OTHERS)
            ),
        ),
        Claim(
            "d2-22",
            verdict=Shape(
                *(quicker("slope", "NumPy", than) for than in OTHERS),
                # To explain how much sooner a network has learned, a step must be
                # quicker by more than a little.
                *(
                    Less(
                        measure="seconds_log2",
                        arm=step_of("ReLU"),
                        than=step_of(than),
                        delta=float(np.log2(1.5)),
                    )
                    for than in OTHERS
                ),
            ),
        ),
        Claim(
            "d3-11",
            verdict=Shape(
                *(
                    Equivalent(
                        measure="seconds_log2",
                        arm=arm("value", each, "ReLU"),
                        than=arm("value", each, DOUBLE),
                        margin=1,
                    )
                    for each in LIBRARIES
                )
            ),
        ),
    ),
    run=run,
    timed=True,
    settings={"rounds": 10, "sizes": (1_000_000, MOST)},
    measures=(
        Column("seconds_per_billion", "ns", "time a number"),
        Column("seconds_step", "ms", "time a training step"),
        Column("seconds_log2", "doublings", "log2 of the time"),
    ),
    figures=(
        Dots(
            "seconds_per_billion",
            rows="activation",
            panels="library",
            title="Time to compute an activation, a number of ten million",
            where={"part": "value", "numbers": MOST},
        ),
        Dots(
            "seconds_per_billion",
            rows="activation",
            panels="library",
            title="Time to compute its slope from the outputs, a number of ten million",
            where={"part": "slope", "numbers": MOST},
        ),
        *(
            Dots(
                "seconds_step",
                rows="activation",
                panels="library",
                title=f"Time of a whole training step of 128 images, {network}",
                where={"part": "step", "network": network},
            )
            for network in NETWORKS
        ),
    ),
    tables=(
        Table(
            "Time a number, means of the rounds with 95 % intervals",
            where={"part": "value"},
            by=("library", "numbers", "activation"),
            columns={
                "library": "library",
                "numbers": "numbers at once",
                "activation": "activation",
                "seconds_per_billion": "time a number (ns)",
            },
        ),
        Table(
            "Time a training step, means of the rounds with 95 % intervals",
            where={"part": "step"},
            by=("network", "library", "activation"),
            columns={
                "network": "network",
                "library": "library",
                "activation": "activation",
                "seconds_step": "time a step (ms)",
            },
        ),
    ),
    differences=(
        ("replicates", "none", "10 rounds; in each every operation has its turn"),
        (
            "d2-22: makes training converge quickly",
            "said to follow from a derivative that is quick to compute",
            "the derivative's time, and whether a step of Keras takes less time for "
            "it, by a factor of at least 1.5; steps to a training error are counted "
            "by the convergence race",
        ),
        (
            "d3-11: very cheap",
            "said in words",
            "as cheap as doubling the numbers, to within a factor of 2",
        ),
        (
            "slopes",
            "not told how",
            "from the outputs, as back-propagation has them: no exponential is needed",
        ),
    ),
    smoke={"settings": {"rounds": 1, "sizes": (MOST // 10, MOST)}},
)
