"""The loop of a lecture's slides, forward, backward, update, on a small classifier.

Weights are a list: kernel and bias of a layer of tanh, kernel and bias of the logits.
"""

import numpy as np


def losses(weights, x, y):
    """Return the cross-entropy of each example, and hidden outputs and probabilities.

    Args:
        weights: List of four arrays.
        x: Inputs, (examples, inputs).
        y: Labels from 0 on, (examples,).
    """
    w, b, u, c = weights
    h = np.tanh(x @ w + b)
    z = np.exp(h @ u + c)
    p = z / z.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y]), h, p


def gradients(weights, x, y):
    """Return the gradients of the mean loss, by back-propagation in NumPy."""
    _, h, p = losses(weights, x, y)
    d = (p - np.eye(p.shape[1])[y]) / len(y)
    e = (d @ weights[2].T) * (1 - h**2)
    return [x.T @ e, e.sum(axis=0), h.T @ d, d.sum(axis=0)]


def followed(weights, batches, rate):
    """Return the weights after `weights += - rate * gradient`, batch by batch.

    Args:
        weights: List of four arrays.
        batches: Pairs of inputs and labels.
        rate: Learning rate.
    """
    for x, y in batches:
        slopes = gradients(weights, x, y)
        weights = [w - rate * slope for w, slope in zip(weights, slopes, strict=True)]
    return weights


def with_velocity(weights, batches, rate, strength):
    """Return the weights after steps along v = strength * v - rate * gradient."""
    v = [np.zeros_like(w) for w in weights]
    for x, y in batches:
        slopes = gradients(weights, x, y)
        v = [strength * a - rate * g for a, g in zip(v, slopes, strict=True)]
        weights = [w + a for w, a in zip(weights, v, strict=True)]
    return weights


def batches(random, x, y, size, count):
    """Sample `count` batches, each without repeating an example."""
    picked = [random.choice(len(x), size, replace=False) for _ in range(count)]
    return [(x[i], y[i]) for i in picked]
