"""Activations computed into given arrays and in Keras, and training steps with them.

An activation is a pair: its value, and its slope as back-propagation has it, from the
outputs y. In NumPy, as by hand, both write into `out`, and a slope of 0 or 1 is kept as
truth values.
"""

import functools
import itertools

import keras
import numpy as np

__all__ = [
    "DOUBLE",
    "KERAS",
    "NUMPY",
    "keras_network",
    "network",
    "operations",
    "step",
    "steps",
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
    "ReLU": (keras.ops.relu, lambda y: y > 0),
    "leaky ReLU": (
        lambda x: keras.ops.leaky_relu(x, NEGATIVE_SLOPE),
        lambda y: keras.ops.where(y > 0, 1.0, NEGATIVE_SLOPE),
    ),
    "sigmoid": (keras.ops.sigmoid, lambda y: y * (1 - y)),
    "tanh": (keras.ops.tanh, lambda y: 1 - y * y),
}


def _done(tensor):
    """Wait until a tensor is there, without copying it."""
    return keras.ops.convert_to_numpy(tensor[:1])


def operations(x):
    """Map (library, activation, "value" or "slope") to a call that computes it once.

    Args:
        x: NumPy array (numbers,) of float32.
    """
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
        calls["Keras", name, "value"] = lambda value=value: _done(value(tensor))
        if slope:
            calls["Keras", name, "slope"] = lambda slope=slope: _done(slope(outputs))
    return calls


def network(random, hidden):
    """Draw the weights of a network on 784 inputs for ten classes, and zero biases.

    Args:
        random: NumPy generator.
        hidden: Units of each hidden layer.

    Returns:
        A list of [kernel, biases] a layer, in float32.
    """
    sizes = (INPUTS, *hidden, CLASSES)
    layers = []
    for inputs, outputs in itertools.pairwise(sizes):
        weights = random.standard_normal((inputs, outputs), "float32")
        layers.append([weights / np.sqrt(inputs), np.zeros(outputs, "float32")])
    return layers


def step(layers, x, labels, activation):
    """Take one step of SGD down the softmax cross-entropy, in place.

    Args:
        layers: What `network` returns, which is changed.
        x: Images, (examples, 784).
        labels: Integers from 0 to 9, (examples,).
        activation: Name of the hidden layers' activation.
    """
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


def steps(random, hidden, x, labels, activations):
    """Map (library, activation) to a call that takes a step of the same network.

    Args:
        random: NumPy generator, which draws its weights.
        hidden: Units of each hidden layer.
        x: Images, (examples, 784).
        labels: Integers from 0 to 9, (examples,).
        activations: Names of activations that Keras has under the same ones.
    """
    layers, calls = network(random, hidden), {}
    for name in activations:
        own = [[each.copy() for each in layer] for layer in layers]
        calls["NumPy", name] = functools.partial(step, own, x, labels, name)
        model = keras_network(layers, name)
        calls["Keras", name] = functools.partial(model.train_on_batch, x, labels)
    return calls
