"""Drop units by hand: the lecture's class, all masks there are, and sub-networks."""

import itertools

import numpy as np

from study.theory.activations import relu
from study.theory.networks import backward, forward

__all__ = [
    "LectureDropout",
    "all_masks",
    "beyond_chance",
    "cut_out",
    "nearest",
    "sub_network_slope",
]


class LectureDropout:
    """Drop as the class printed in the lecture does.

    Args:
        ratio: Float between 0 and 1, the share of units dropped.
    """

    def __init__(self, ratio):
        self.ratio = ratio

    def forward(self, x, draws, training=True):
        """Return x without the units whose draw is at most the ratio, or x scaled."""
        if not training:
            return x * (1.0 - self.ratio)
        self.mask = draws > self.ratio
        return x * self.mask

    def backward(self, dout):
        """Send slopes back by the mask of the forward pass."""
        return dout * self.mask


def all_masks(units, ratio):
    """Return all masks of some units, and the probability of each.

    Args:
        units: How many, n, which have 2^n masks.
        ratio: Float between 0 and 1, the probability that a unit is dropped.

    Example:

    >>> masks, chance = all_masks(1, 0.25)
    >>> masks.tolist(), chance.tolist()
    ([[0.0], [1.0]], [0.25, 0.75])
    """
    every = np.array(list(itertools.product([0.0, 1.0], repeat=units)))
    return every, np.prod(np.where(every == 1, 1 - ratio, ratio), axis=1)


def beyond_chance(share, expected, number):
    """Return how far a share lies outside five standard errors of what is expected.

    Args:
        share: The share found among draws.
        expected: The probability.
        number: How many draws.
    """
    error = np.sqrt(expected * (1 - expected) / number)
    return max(0.0, abs(share - expected) - 5 * error)


def nearest(y, *values):
    """Return how far each number lies from the nearest of some values, at most."""
    return float(np.min([np.abs(y - each) for each in values], axis=0).max())


def cut_out(first, second, mask):
    """Return the columns and rows of the common weights that a sub-network has."""
    return first[:, mask], second[mask]


def sub_network_slope(x, first, second, targets):
    """Return the slope of a ReLU network's half squared errors by its first weights.

    Args:
        x: NumPy array, (examples, inputs).
        first, second: Kernels of the hidden and of the output layer.
        targets: NumPy array, (examples, outputs).
    """
    layers = [(first, None), (second, None)]
    outputs = forward(layers, x, relu)
    (slope, _), _ = backward(layers, outputs, outputs[-1] - targets, lambda h: h > 0)
    return slope
