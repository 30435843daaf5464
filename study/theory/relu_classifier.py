"""A hidden layer of ReLU and a softmax, in NumPy: its losses, slopes and steps.

Weights are a list: kernel and bias of the hidden layer, kernel and bias of the logits.
"""

import numpy as np

__all__ = ["forward", "initial", "slopes", "step", "trained"]


def initial(random, inputs, hidden, classes, dtype="float64"):
    """Draw He's weights, with zero biases.

    Args:
        random: NumPy generator.
        inputs, hidden, classes: Numbers of each.
        dtype: Of the weights. Defaults to `"float64"`.
    """
    w = random.standard_normal((inputs, hidden)) * np.sqrt(2 / inputs)
    u = random.standard_normal((hidden, classes)) * np.sqrt(2 / hidden)
    return [each.astype(dtype) for each in (w, np.zeros(hidden), u, np.zeros(classes))]


def forward(weights, x, y):
    """Return the cross-entropy of each example, hidden outputs and probabilities.

    Args:
        weights: List of four arrays.
        x: Inputs, (examples, inputs).
        y: Labels from 0 on, (examples,).
    """
    w, b, u, c = weights
    h = np.maximum(x @ w + b, 0)
    z = h @ u + c
    z = np.exp(z - z.max(axis=1, keepdims=True))
    p = z / z.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y]), h, p


def slopes(weights, h, p, y):
    """Return the slopes of each example's loss by the sums of both layers.

    Args:
        weights, y: As for `forward`.
        h, p: Hidden outputs and probabilities.
    """
    d = p.copy()
    d[np.arange(len(y)), y] -= 1
    return (d @ weights[2].T) * (h > 0), d


def step(weights, x, y, rate):
    """Take a step down the gradient of the mean loss, in place; return that loss.

    Args:
        weights, x, y: As for `forward`.
        rate: Learning rate.
    """
    losses, h, p = forward(weights, x, y)
    e, d = slopes(weights, h, p, y)
    gradients = (x.T @ e, e.sum(axis=0), h.T @ d, d.sum(axis=0))
    for each, gradient in zip(weights, gradients, strict=True):
        each -= rate / len(y) * gradient
    return losses.mean()


def trained(weights, x, y, random, epochs, rate):
    """Return the weights after some epochs of steps down the gradients of 32 images.

    Args:
        weights, x, y: As for `forward`; the weights stay as they are.
        random: NumPy generator, which orders the examples of each epoch.
        epochs: How many.
        rate: Learning rate.
    """
    weights = [w.copy() for w in weights]
    for _ in range(epochs):
        order = random.permutation(len(x))
        for i in range(0, len(x), 32):
            batch = order[i : i + 32]
            step(weights, x[batch], y[batch], rate)
    return weights
