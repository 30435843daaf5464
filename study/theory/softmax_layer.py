"""Descend the penalized error of a softmax layer by hand, in NumPy."""

import numpy as np

from study.theory.activations import cross_entropy, softmax

__all__ = ["error", "error_gradient", "objective", "updated"]


def error(weights, x, labels):
    """Return `1/N Σ E_n`, with the cross-entropy as E_n.

    Args:
        weights: NumPy array, (inputs, classes).
        x: NumPy array, (examples, inputs).
        labels: Integers from 0, one an example.
    """
    return cross_entropy(softmax(x @ weights), labels)


def error_gradient(weights, x, labels):
    """Return `1/N Σ ∇E_n`."""
    targets = np.eye(weights.shape[1])[labels]
    return x.T @ (softmax(x @ weights) - targets) / len(x)


def objective(weights, x, labels, strength):
    """Return `1/N Σ E_n + λ/2 ‖w‖²`."""
    return error(weights, x, labels) + strength / 2 * (weights**2).sum()


def updated(weights, x, labels, strength, rate, steps):
    """Return `w - ε (1/N Σ ∇E_n + λ w)` after each of some steps.

    Args:
        weights: NumPy array, (inputs, classes), of the start.
        x: NumPy array, (examples, inputs).
        labels: Integers from 0, one an example.
        strength: λ.
        rate: ε.
        steps: How many.

    Returns:
        NumPy array, (steps, inputs, classes).
    """
    found = []
    for _ in range(steps):
        slope = error_gradient(weights, x, labels) + strength * weights
        weights = weights - rate * slope
        found.append(weights)
    return np.array(found)
