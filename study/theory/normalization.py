"""Normalize a batch by hand, forward and back."""

import numpy as np

__all__ = ["normalize", "normalize_back", "normalized"]


def normalized(x, gamma, beta, epsilon):
    """Return `gamma * (x - mean) / sqrt(variance + epsilon) + beta`, by sums alone.

    Args:
        x: NumPy array, (examples, units).
        gamma, beta: Scale and shift, numbers or one a unit.
        epsilon: What keeps the root from 0.

    Example:

    >>> normalized(np.array([[1.0], [3.0]]), 10.0, 7.0, epsilon=3.0).tolist()
    [[2.0], [12.0]]
    """
    mean = x.sum(axis=0) / len(x)
    variance = ((x - mean) ** 2).sum(axis=0) / len(x)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


def normalize(z, epsilon):
    """Return `(z - mean) / root` of the batch, and the root of variance + epsilon."""
    root = np.sqrt(z.var(axis=0) + epsilon)
    return (z - z.mean(axis=0)) / root, root


def normalize_back(slope, normalized, root):
    """Return the loss's gradient by z from that by the normalized z.

    The mean and the root depend on z too:
    `(slope - mean(slope) - normalized * mean(slope * normalized)) / root`.

    Args:
        slope: The gradient by the normalized z.
        normalized, root: What `normalize` returned.
    """
    along = (slope * normalized).mean(axis=0)
    return (slope - slope.mean(axis=0) - normalized * along) / root
