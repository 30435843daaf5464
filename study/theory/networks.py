"""Go forward and back through a dense network by hand, in NumPy.

A network is a list of layers, each a pair of a kernel, a row an input, and a bias, or
None in its place. Leading axes of kernels and biases are networks side by side.
"""

from itertools import pairwise

import keras
import numpy as np

__all__ = [
    "backward",
    "dense_layer",
    "dense_model",
    "forward",
    "glorot_uniform",
    "layer_by_example",
    "stepped",
]


def _same(z):
    return z


def forward(layers, x, function, last=_same):
    """Return x and the outputs of each layer, one after the other.

    Formula: `h = function(h @ kernel + bias)`, the last layer with `last`.

    Args:
        layers: List of (kernel, bias).
        x: NumPy array, (examples, inputs), or one example.
        function: Activation of the hidden layers.
        last: Activation of the last layer. Defaults to none.

    Example:

    >>> layer = np.array([[2.0], [1.0]]), np.array([0.5])
    >>> forward([layer], np.array([[1.0, 3.0]]), np.tanh)[-1]
    array([[5.5]])
    """
    outputs = [x]
    for i, (kernel, bias) in enumerate(layers, start=1):
        z = outputs[-1] @ kernel
        z = z if bias is None else z + bias
        outputs.append(function(z) if i < len(layers) else last(z))
    return outputs


def backward(layers, outputs, error, slope):
    """Return the gradients by each layer's kernel and bias, by back-propagation.

    Formula: a kernel's is `h.T @ error` and a bias's the sum of `error` over the
    examples; the layer below has `error @ kernel.T * slope(h)`, with its outputs h.

    Args:
        layers: List of (kernel, bias).
        outputs: What `forward` returns.
        error: ∂L/∂z of the last layer.
        slope: Slope of the hidden layers' activation, from its output.

    Returns:
        List of (gradient by the kernel, gradient by the bias).

    Example:

    >>> layers = [(np.eye(1), np.zeros(1)), (np.full((1, 1), 3.0), np.zeros(1))]
    >>> outputs = forward(layers, np.array([[2.0]]), np.tanh)
    >>> (first, _), (last, _) = backward(layers, outputs, np.ones((1, 1)), np.ones_like)
    >>> first.item(), round(last.item(), 4)
    (6.0, 0.964)
    """
    found = []
    for i in reversed(range(len(layers))):
        below = outputs[i]
        by_kernel = np.swapaxes(below, -1, -2) @ error
        found.append((by_kernel, error.sum(axis=-2, keepdims=True)))
        if i:
            error = error @ np.swapaxes(layers[i][0], -1, -2) * slope(below)
    return found[::-1]


def glorot_uniform(sizes, randoms):
    """Draw Glorot's uniform weights, with biases of 0, for networks side by side.

    Formula: uniform from -limit to limit with `limit = sqrt(6 / (fan_in + fan_out))`.

    Args:
        sizes: Units of every layer, inputs and outputs included.
        randoms: A NumPy generator for each network.

    Returns:
        List of (kernel, bias), each with an axis of networks first.
    """
    layers = []
    for fan_in, fan_out in pairwise(sizes):
        limit = np.sqrt(6 / (fan_in + fan_out))
        kernels = [each.uniform(-limit, limit, (fan_in, fan_out)) for each in randoms]
        layers.append((np.stack(kernels), np.zeros((len(randoms), 1, fan_out))))
    return layers


def layer_by_example(kernel, bias, function):
    """Return what a dense layer computes, one example at a time: g(Wᵀx + b).

    Args:
        kernel: NumPy array, (inputs, units).
        bias: NumPy array, (units,).
        function: The activation g.

    Returns:
        Function from (examples, inputs) to (examples, units).
    """
    return lambda x: np.array([function(kernel.T @ each + bias) for each in x])


def dense_layer(kernel, bias, activation):
    """Return a float64 layer of Keras with the weights given."""
    layer = keras.layers.Dense(len(bias), activation, dtype="float64")
    layer.build((None, len(kernel)))
    layer.set_weights([kernel, bias])
    return layer


def dense_model(layers, activations):
    """Return a Keras model of Dense layers with these weights, in float64.

    Args:
        layers: List of (kernel, bias), a bias of None for a layer without one.
        activations: What Keras takes as an activation, one a layer.
    """
    model = keras.Sequential(
        [
            keras.Input((layers[0][0].shape[0],), dtype="float64"),
            *(
                keras.layers.Dense(
                    kernel.shape[1], each, use_bias=bias is not None, dtype="float64"
                )
                for (kernel, bias), each in zip(layers, activations, strict=True)
            ),
        ]
    )
    model.set_weights([each for layer in layers for each in layer if each is not None])
    return model


def stepped(model, optimizer, loss, batches):
    """Return the weights of a Keras model after a step on each batch.

    Args:
        model: What `dense_model` returns.
        optimizer, loss: As `model.compile` takes them.
        batches: Pairs of inputs and targets.
    """
    model.compile(optimizer, loss, run_eagerly=True)
    for x, y in batches:
        model.train_on_batch(x, y)
    return model.get_weights()
