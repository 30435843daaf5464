"""Draws from even powers of ten, and how far draws may lie from what they are to be."""

import numpy as np

__all__ = ["KOLMOGOROV", "distance", "excess", "expected", "outside"]

FEW = 1e-6  # the chance of what is farther off than chance lets it be
# Kolmogorov's bound on the distance of distributions, over the root of the number.
KOLMOGOROV = float(np.sqrt(np.log(2 / FEW) / 2))


def distance(values, low, high):
    """Return the largest distance of the powers' distribution from the even one.

    Args:
        values: Numbers from 10^low to 10^high.
        low, high: The powers between which all are as likely.

    Example:

    >>> distance(10.0 ** np.array([0.5, 1.5]), 0, 2)
    0.25
    """
    shares = (np.sort(np.log10(values)) - low) / (high - low)
    n = len(shares)
    steps = np.arange(n + 1) / n
    return float(max(abs(shares - steps[1:]).max(), abs(shares - steps[:-1]).max()))


def outside(values, low, high):
    """Return how far, in decades, the farthest value lies outside of the range."""
    powers = np.log10(values)
    return max(0.0, low - powers.min(), powers.max() - high)


def expected(power, low, high, even_powers):
    """Return the exact share of draws from 10^power to 10^(power + 1).

    Args:
        power: The decade's lower power.
        low, high: The powers between which numbers are drawn.
        even_powers: Whether all powers are as likely; else all numbers are.

    Example:

    >>> expected(0, 0, 2, even_powers=True), round(expected(0, 0, 2, False), 4)
    (0.5, 0.0909)
    """
    if even_powers:
        return 1 / (high - low)
    return 9 * 10.0**power / (10.0**high - 10.0**low)


def excess(share, exact, count):
    """Return by how much a share lies farther from the exact one than chance lets it.

    By Chernoff a share is as far off, to either side, with a chance of at most
    2 exp(-count D), where D is the relative entropy; that is one in a million at the
    bound.
    """
    parts = (share, exact), (1 - share, 1 - exact)
    entropy = sum(p * np.log(p / q) for p, q in parts if p)
    return max(0.0, entropy - np.log(2 / FEW) / count)
