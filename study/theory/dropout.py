"""Drop units by hand: the lecture's class, all masks there are, and sub-networks."""

import itertools

import numpy as np

from study.theory.activations import relu
from study.theory.networks import backward, forward

__all__ = [
    "LectureDropout",
    "all_masks",
    "beyond_chance",
    "counts",
    "cut_out",
    "distinct",
    "nearest",
    "picks",
    "repeats",
    "stray",
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


def stray(shares, p, count):
    """Return how far shares of so many draws are from p at most, in standard errors.

    Where p is 1 or 0 nothing is left to chance: a share is right or infinitely far.
    """
    away = np.abs(np.asarray(shares) - p).max()
    if p in (0, 1):
        return float(np.inf if away else 0)
    return float(away / np.sqrt(p * (1 - p) / count))


def picks(marks, p):
    """Yield (statement, deviation in standard errors) of picking at random by p.

    Args:
        marks: NumPy array of truth values, (examples, nodes): which are picked.
        p: The probability.
    """
    examples = len(marks)
    yield "share of all nodes", stray(marks.mean(), p, marks.size)
    yield "share of the examples, each node", stray(marks.mean(axis=0), p, examples)
    both = (marks[:, :-1] & marks[:, 1:]).mean(axis=0)
    yield "two nodes together: p²", stray(both, p * p, examples)


def distinct(kept):
    """Count the different sub-networks among masks, whose last axis is the units."""
    return len(np.unique(kept.reshape(-1, kept.shape[-1]), axis=0))


def counts(kept):
    """Yield (updates seen, sub-networks trained up to there), over all epochs.

    Args:
        kept: Units kept, (epochs, updates, examples, units).
    """
    updates = kept.reshape(-1, *kept.shape[2:])
    for seen in range(1, len(updates) + 1):
        yield seen, distinct(updates[:seen])


def repeats(kept):
    """Count the updates that train no sub-network but those of the one before."""
    updates = kept.reshape(-1, *kept.shape[2:])
    return sum(
        distinct(np.concatenate(pair)) == distinct(pair[0])
        for pair in itertools.pairwise(updates)
    )


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
