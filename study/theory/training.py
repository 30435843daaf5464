"""Train networks by hand: gradient descent and Adam on the whole training set.

Layers are pairs of a kernel and a bias, with networks side by side along a first axis
if there is one, and change in place.
"""

import numpy as np

from study.theory.activations import sigmoid, softmax
from study.theory.networks import backward, forward

__all__ = [
    "adam",
    "between_units",
    "classes_pass",
    "cross_entropy_pass",
    "descend",
    "guess",
    "squared_error_gradients",
]


def cross_entropy_pass(layers, x, labels, activation):
    """Return the mean cross-entropy of a sigmoid output, and its gradients.

    Args:
        layers: List of (kernel, bias), the output's with one unit.
        x: NumPy array, (examples, inputs).
        labels: 0 or 1 for each example.
        activation: A `study.theory.activations.Activation`, of the hidden layers.

    Returns:
        The loss, a number or one a network, and what `backward` returns.
    """
    outputs = forward(layers, x, activation.function)
    logits = outputs[-1]
    losses = np.logaddexp(0, logits) - labels[:, None] * logits
    error = (sigmoid(logits) - labels[:, None]) / len(labels)
    gradients = backward(layers, outputs, error, activation.slope)
    return losses.mean(axis=(-1, -2)), gradients


def classes_pass(layers, x, labels, activation):
    """Return the mean cross-entropy of a softmax output, and its gradients.

    Args:
        layers: List of (kernel, bias), the output's with a unit a class.
        x: NumPy array, (examples, inputs).
        labels: The class of each example, from 0 on.
        activation: A `study.theory.activations.Activation`, of the hidden layers.

    Returns:
        The loss, a number or one a network, and what `backward` returns.
    """
    outputs = forward(layers, x, activation.function)
    shares = softmax(outputs[-1], axis=-1)
    examples = np.arange(len(labels))
    losses = -np.log(np.maximum(shares[..., examples, labels], 1e-300))
    error = (shares - np.eye(shares.shape[-1])[labels]) / len(labels)
    gradients = backward(layers, outputs, error, activation.slope)
    return losses.mean(axis=-1), gradients


def descend(
    layers, x, labels, activation, rate, steps, looks, evaluate=cross_entropy_pass
):
    """Descend the gradient of the whole training set; yield step and loss at each look.

    A loss is that of the weights before its step.

    Args:
        layers, x, labels, activation: As for `evaluate`; the layers change.
        rate: The learning rate.
        steps: How many.
        looks: The steps at which the loss is told, from 0 to `steps`.
        evaluate: `cross_entropy_pass`, the default, or `classes_pass`.
    """
    for step in range(steps + 1):
        loss, gradients = evaluate(layers, x, labels, activation)
        if step in looks:
            yield step, loss
        if step < steps:
            for pair, slopes in zip(layers, gradients, strict=True):
                for weight, slope in zip(pair, slopes, strict=True):
                    weight -= rate * slope


def guess(labels):
    """Return the loss of the best guess that knows nothing of the inputs.

    Example:

    >>> round(guess(np.array([0, 1, 1, 0])), 4)
    0.6931
    """
    _, counts = np.unique(labels, return_counts=True)
    shares = counts / counts.sum()
    return float(-(shares * np.log(shares)).sum())


def between_units(layers):
    """Return the largest difference between two units of a hidden layer."""
    return max(np.ptp(each, axis=-1).max() for pair in layers[:-1] for each in pair)


def adam(layers, x, targets, activation, rate, steps):
    """Train on the mean squared error by Adam, whose rate falls to 0 along a line.

    Args:
        layers: List of (kernel, bias), which change; the last layer is linear.
        x: NumPy array, (examples, inputs).
        targets: NumPy array, (examples, outputs), or such an array a network.
        activation: A `study.theory.activations.Activation`, of the hidden layers.
        rate: The learning rate of the first step.
        steps: How many.

    Returns:
        The layers.
    """
    weights = [each for pair in layers for each in pair]
    means = [np.zeros_like(each) for each in weights]
    squares = [np.zeros_like(each) for each in weights]
    for t in range(1, steps + 1):
        now = rate * (1 - (t - 1) / steps) * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        pairs = squared_error_gradients(layers, x, targets, activation)
        slopes = [each for pair in pairs for each in pair]
        for each, g, mean, square in zip(weights, slopes, means, squares, strict=True):
            mean += 0.1 * (g - mean)
            square += 0.001 * (g * g - square)
            each -= now * mean / (np.sqrt(square) + 1e-7)
    return layers


def squared_error_gradients(layers, x, targets, activation):
    """Return the gradients of the mean squared error of a linear output.

    Args:
        layers, x, targets, activation: As for `adam`.
    """
    outputs = forward(layers, x, activation.function)
    error = 2 * (outputs[-1] - targets) / len(x)
    return backward(layers, outputs, error, activation.slope)
