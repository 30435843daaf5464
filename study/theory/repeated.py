"""Repeat activations, their slopes and training steps, in NumPy and in compiled loops.

An activation is a pair: its value, and its slope as back-propagation has it, from the
outputs y. In NumPy, as by hand, both write into `out`, and a slope of 0 or 1 is kept as
truth values. In Keras each is applied to what it returned before, so that no compiler
can leave one out.
"""

import functools
import itertools

import keras
import numpy as np
from keras import ops

__all__ = [
    "CLASSES",
    "DOUBLE",
    "INPUTS",
    "KERAS",
    "NUMPY",
    "RATE",
    "compiled",
    "network",
    "operations",
    "training",
]

NEGATIVE_SLOPE = 0.01
DOUBLE = "2x"  # no activation: the least that can be done to a number
INPUTS, CLASSES, RATE = 784, 10, 0.01


def _sigmoid(x, out):
    np.negative(x, out=out)
    np.exp(out, out=out)
    np.add(out, 1, out=out)
    np.divide(1, out, out=out)


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
    "ReLU": (ops.relu, lambda y: ops.cast(y > 0, y.dtype)),
    "leaky ReLU": (
        lambda x: ops.leaky_relu(x, NEGATIVE_SLOPE),
        lambda y: ops.where(y > 0, 1.0, NEGATIVE_SLOPE),
    ),
    "sigmoid": (ops.sigmoid, lambda y: y * (1 - y)),
    "tanh": (ops.tanh, lambda y: 1 - y * y),
}


class _Loop(keras.layers.Layer):
    """Apply a function to what it returned before, and return the first rows."""

    def __init__(self, function, times):
        super().__init__()
        self.function, self.times = function, times

    def call(self, carried):
        def turn(_, each):
            return self.function(each)

        return [each[:1] for each in ops.fori_loop(0, self.times, turn, carried)]


def compiled(function, times, *tensors):
    """Return a call that applies a function some times, in one compiled loop.

    Args:
        function: From a list of tensors to a list of as many of the same shapes.
        times: How often, at least 2: a compiler takes a loop of one turn apart.
        *tensors: NumPy arrays that it is applied to first.

    Returns:
        Function without arguments that returns the first row of each tensor.
    """
    inputs = [keras.Input(batch_shape=each.shape, dtype=each.dtype) for each in tensors]
    model = keras.Model(inputs, _Loop(function, times)(inputs))
    model.compile(jit_compile=True)
    tensors = [ops.convert_to_tensor(each) for each in tensors]
    return functools.partial(model.predict_on_batch, tensors)


def operations(x, times):
    """Map (library, activation, "value" or "slope") to a call that computes it often.

    Args:
        x: NumPy array (examples, units) of float32.
        times: How often, at least 2.
    """
    out, y = np.empty_like(x), np.empty_like(x)
    NUMPY["sigmoid"][0](x, y)  # any outputs will do: a slope's time does not see them
    calls = {}
    for name, pair in NUMPY.items():
        for what, given, function in zip(("value", "slope"), (x, y), pair, strict=True):
            if function:
                once = functools.partial(function, given, out)
                calls["NumPy", name, what] = _often(once, times)
    for name, pair in KERAS.items():
        for what, given, function in zip(("value", "slope"), (x, y), pair, strict=True):
            if function:
                call = compiled(_on_one(function), times, given)
                calls["Keras", name, what] = call
    return calls


def _often(call, times):
    def calls():
        for _ in range(times):
            call()

    return calls


def _on_one(function):
    return lambda tensors: [function(each) for each in tensors]


def network(random, hidden):
    """Draw the weights of a network on 784 inputs for ten classes, and zero biases.

    Args:
        random: NumPy generator.
        hidden: Units of each hidden layer.

    Returns:
        A list of kernel, biases, kernel, and so on, in float32.
    """
    weights = []
    for inputs, outputs in itertools.pairwise((INPUTS, *hidden, CLASSES)):
        kernel = random.standard_normal((inputs, outputs), "float32")
        weights += [kernel / np.sqrt(inputs, dtype="float32")]
        weights += [np.zeros(outputs, "float32")]
    return weights


def training(weights, x, labels, activation, times):
    """Return a call that takes steps of SGD down the softmax cross-entropy, in a loop.

    Args:
        weights: What `network` returns.
        x: Images, (examples, 784).
        labels: Integers from 0 to 9, (examples,).
        activation: Name of the hidden layers' activation in `KERAS`.
        times: Steps a call, at least 2.
    """
    x, targets = map(
        ops.convert_to_tensor, (x, np.eye(CLASSES, dtype="float32")[labels])
    )
    value, slope = KERAS[activation]

    def step(weights):
        layers = [*zip(weights[::2], weights[1::2], strict=True)]
        outputs = [x]
        for kernel, biases in layers[:-1]:
            outputs.append(value(ops.matmul(outputs[-1], kernel) + biases))
        kernel, biases = layers[-1]
        p = ops.softmax(ops.matmul(outputs[-1], kernel) + biases)
        error, changed = (p - targets) / len(targets), []
        for (kernel, biases), below in zip(layers[::-1], outputs[::-1], strict=True):
            changed.append(biases - RATE * ops.sum(error, axis=0))
            changed.append(kernel - RATE * ops.matmul(ops.transpose(below), error))
            if below is not x:
                error = ops.matmul(error, ops.transpose(kernel)) * slope(below)
        return changed[::-1]

    return compiled(step, times, *weights)
