"""Train logistic regression by hand, on examples (x, y) whose labels are 0 or 1."""

import numpy as np

__all__ = ["error", "loss", "path", "sample"]


def sample(random, truth, n, wrong):
    """Draw examples whose labels a line tells apart, but for a share that is wrong.

    Args:
        random: NumPy generator.
        truth: The line's direction, (features,).
        n: How many examples.
        wrong: Which share of the labels is turned over.
    """
    x = random.normal(size=(n, len(truth)))
    turned = random.random(n) < wrong
    return x, ((x @ truth > 0) ^ turned).astype(float)


def loss(part, weights):
    """Return the mean cross-entropy.

    Example:

    >>> loss((np.array([[0.0]]), np.array([1.0])), np.array([7.0])) == float(np.log(2))
    True
    """
    x, y = part
    z = x @ weights
    return float(np.mean(np.logaddexp(0, z) - y * z))


def error(part, weights):
    """Return the share predicted wrongly, in percent."""
    x, y = part
    return 100 * float(np.mean((x @ weights > 0) != y))


def path(part, learning_rate, decay, epochs):
    """Return the weights after each epoch of gradient descent from 0.

    Returns:
        NumPy array, (epochs, features).
    """
    x, y = part
    weights, seen = np.zeros(x.shape[1]), []
    for _ in range(epochs):
        slope = x.T @ (1 / (1 + np.exp(-x @ weights)) - y) / len(y)
        weights = weights - learning_rate * (slope + decay * weights)
        seen.append(weights)
    return np.array(seen)
