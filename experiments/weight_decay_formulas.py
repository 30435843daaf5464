"""An L2 penalty is the printed objective, and its step is a decay of the weights."""

import keras
import numpy as np

from study.gradients import gradient
from study.lab.declare.facts import Facts
from study.lab.declare.finding import Takeaway
from study.regularizers import L2
from study.theory import softmax_layer

EXAMPLES, INPUTS, CLASSES, STEPS = 50, 6, 3, 20
# Halves to the power of something: float32, in which Keras keeps rates, holds them.
RATE, STRENGTH = 0.125, 0.0625
TOLERANCE = 1e-12  # some 1,000 roundings of float64
TWICE = "Keras's L2(λ), without the half"


def error(weights, x, labels):
    """Return the mean cross-entropy by Keras."""
    outputs = keras.ops.softmax(
        keras.ops.matmul(keras.ops.convert_to_tensor(x), weights)
    )
    return keras.ops.mean(keras.ops.sparse_categorical_crossentropy(labels, outputs))


def loss(weights, x, labels, regularizer):
    """Return the loss of a Keras network: the mean error and the layer's penalty."""
    layer = keras.layers.Dense(
        CLASSES, use_bias=False, kernel_regularizer=regularizer, dtype="float64"
    )
    layer.build((None, INPUTS))
    layer.kernel.assign(weights)
    return float(error(layer.kernel.value, x, labels)) + float(sum(layer.losses))


def trained(weights, x, labels, regularizer=None, optimizer=None):
    """Return the weights after each of as many steps of a Keras optimizer."""
    kernel = keras.Variable(weights, dtype="float64")
    optimizer = optimizer or keras.optimizers.SGD(RATE)
    optimizer.build([kernel])

    def minimised(values):
        penalty = regularizer(values) if regularizer else 0.0
        return error(values, x, labels) + penalty

    found = []
    for _ in range(STEPS):
        slope = gradient(minimised, keras.ops.convert_to_numpy(kernel))
        optimizer.apply([keras.ops.convert_to_tensor(slope)])
        found.append(np.array(keras.ops.convert_to_numpy(kernel)))
    return np.array(found)


def penalties(weights, x, labels):
    """Yield losses and updates beside the printed objective and update."""
    printed = softmax_layer.objective(weights, x, labels, STRENGTH)
    settings = STRENGTH, RATE, STEPS
    expected = softmax_layer.updated(weights, x, labels, *settings)
    twice = keras.regularizers.L2(STRENGTH)
    for name, regularizer in {
        "our L2(λ)": L2(STRENGTH),
        "Keras's L2(λ/2)": keras.regularizers.L2(STRENGTH / 2),
    }.items():
        found = loss(weights, x, labels, regularizer)
        yield "d4-24", f"objective by {name}", found, printed
        steps = trained(weights, x, labels, regularizer)
        yield "d4-26", f"{STEPS} updates by {name}", steps, expected
    yield "beside", f"objective by {TWICE}", loss(weights, x, labels, twice), printed
    decayed = keras.optimizers.SGD(RATE, weight_decay=STRENGTH)
    found = trained(weights, x, labels, optimizer=decayed)
    yield "d4-26", f"{STEPS} updates by SGD(weight_decay=λ)", found, expected
    found = trained(weights, x, labels, twice)
    yield "beside", f"{STEPS} updates by {TWICE}", found, expected
    by_penalty = trained(weights, x, labels, L2(STRENGTH), keras.optimizers.Adam(RATE))
    adam = keras.optimizers.Adam(RATE, weight_decay=STRENGTH)
    by_decay = trained(weights, x, labels, optimizer=adam)
    yield "beside", "Adam: L2(λ) against weight_decay=λ", by_penalty, by_decay


def decays(weights):
    """Yield weights without any other force beside a geometric decay.

    Inputs of 0 give every error a gradient of 0.
    """
    nothing = np.zeros((EXAMPLES, INPUTS)), np.zeros(EXAMPLES, int)
    found = trained(weights, *nothing, L2(STRENGTH))
    powers = (1 - RATE * STRENGTH) ** np.arange(1, STEPS + 1)
    decayed = powers[:, None, None] * weights
    yield "d4-27", "w after k steps is (1 - ελ)ᵏ times w", found, decayed
    before = np.concatenate([weights[None], found[:-1]])
    speed = (before - found) / before
    yield "d4-27", "speed over size is ελ for every weight", speed, RATE * STRENGTH


def statements(draws, replicate):
    random = draws(replicate, "weights and examples")
    x = random.standard_normal((EXAMPLES, INPUTS))
    labels = random.integers(CLASSES, size=EXAMPLES)
    weights = random.standard_normal((INPUTS, CLASSES))
    yield from penalties(weights, x, labels)
    yield from decays(weights)


EXPERIMENT = Facts(
    title="Weight decay: the formulas",
    about=(L2,),
    statements=statements,
    claims=("d4-24", "d4-26", "d4-27"),
    takeaway=Takeaway(
        holds="Weight decay is the L2 penalty, as the slides write it: its step is "
        "Keras's to the last digits.",
        fails="The L2 penalty is not what the slides write.",
        evidence="of the lecture's statements about it {held} hold.",
    ),
    tolerance=TOLERANCE,
    figure="Largest deviation of each statement from the printed formula",
    table="The largest deviation of each statement over the seeds; beside: what is "
    "not claimed",
    differences={
        "numbers": (
            "symbols",
            f"float64, a softmax layer of {INPUTS} times {CLASSES} weights, "
            f"{EXAMPLES} examples, ε = {RATE}, λ = {STRENGTH}, 10 seeds",
        ),
        "half of λ": (
            "in the objective",
            "in our L2; Keras's has none, so that λ is twice as strong there",
        ),
        "update": (
            "of plain gradient descent",
            "of plain gradient descent; for Adam a penalty in the loss and a decay of "
            "the weights differ",
        ),
    },
)
