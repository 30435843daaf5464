"""Draw examples whose truth is known."""

import numpy as np

from study.theory.activations import softmax

__all__ = ["clusters", "wave"]


def wave(random, n, shift, noise):
    """Draw numbers from -1 to 1 and `sin(πx) + shift` with normal noise.

    Args:
        random: NumPy generator.
        n: How many.
        shift: Added to the sine.
        noise: Standard deviation.

    Returns:
        Inputs and targets, each with one column.
    """
    x = random.uniform(-1, 1, (n, 1))
    return x, np.sin(np.pi * x) + shift + random.normal(0, noise, (n, 1))


def clusters(random, n, centers, owners, spread=0.7):
    """Draw points of equally frequent round clusters, and the true probabilities.

    Cluster i is normal about centers[i] and belongs to class owners[i]. By Bayes' rule
    a class has the share of its clusters' densities.

    Args:
        random: NumPy generator.
        n: How many.
        centers: NumPy array, (clusters, 2).
        owners: NumPy array, (clusters, outputs), the target of each cluster.
        spread: Standard deviation of a cluster. Defaults to 0.7.

    Returns:
        Points, their targets, and the probabilities of these.
    """
    which = random.integers(len(centers), size=n)
    x = centers[which] + random.normal(0, spread, (n, 2))
    squares = ((x[:, None] - centers) ** 2).sum(axis=2)
    truth = softmax(-squares / (2 * spread**2), axis=1) @ owners
    return x, owners[which], truth
