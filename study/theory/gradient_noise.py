"""How far the mean gradient of a mini-batch lies from that of all examples.

All of it follows from the inner products of the examples' gradients, (n, n).
"""

import numpy as np

from study.theory.relu_classifier import forward, slopes

__all__ = ["estimates", "products", "shares", "spread", "variance_of_mean"]


def products(weights, x, y):
    """Return the inner products of the gradients of a `relu_classifier`'s losses.

    Formula: a layer's gradient is the outer product of its inputs and slopes, so that
    two examples have (inputs · inputs + 1, for the biases) · (slopes · slopes).

    Args:
        weights, x, y: As for `relu_classifier.forward`.
    """
    _, h, p = forward(weights, x, y)
    e, d = slopes(weights, h, p, y)
    return (x @ x.T + 1) * (e @ e.T) + (h @ h.T + 1) * (d @ d.T)


def spread(inner):
    """Return the variance of one example's gradient, and the square of the whole one.

    Args:
        inner: Inner products, (n, n).
    """
    whole = inner.mean()
    return inner.diagonal().mean() - whole, whole


def shares(random, examples, size, replace, count):
    """Draw mini-batches; return the weight of each example in their means.

    Args:
        random: NumPy generator.
        examples: How many there are.
        size: How many a batch has.
        replace: Whether an example may be drawn twice.
        count: How many batches.

    Returns:
        Array (count, examples).
    """
    found = np.zeros((count, examples))
    for row in found:
        picked = random.choice(examples, size, replace=replace)
        np.add.at(row, picked, 1 / size)
    return found


def variance_of_mean(one, examples, size, replace):
    """Return the variance of a mini-batch's mean.

    Formula: one / size, times (examples - size) / (examples - 1) without replacement.

    Args:
        one: The variance of one example.
        examples, size, replace: As for `shares`.

    Example:

    >>> variance_of_mean(2.0, 4, 2, replace=True), variance_of_mean(2.0, 4, 4, False)
    (1.0, 0.0)
    """
    left = 1.0 if replace else (examples - size) / (examples - 1)
    return one / size * left


def estimates(inner, random, size, replace, count):
    """Return what mini-batches are as estimates of the whole gradient.

    Args:
        inner: Inner products, (n, n).
        random, size, replace, count: As for `shares`.

    Returns:
        Their variance, and how many of them point downhill on all examples (%).
    """
    drawn = shares(random, len(inner), size, replace, count)
    away = drawn - 1 / len(inner)
    variance = ((away @ inner) * away).sum(axis=1).mean()
    return variance, 100 * float(((drawn @ inner).mean(axis=1) > 0).mean())
