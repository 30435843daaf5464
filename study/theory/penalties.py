"""State penalties on weights, and the bound on their norm, by NumPy alone."""

import numpy as np

__all__ = ["PENALTIES", "away_from_zero", "bounded", "of_norms", "squares"]

# Each penalty on weights w at a strength λ, and its slope.
PENALTIES = {
    "½λw²": (
        lambda w, strength: strength / 2 * (w**2).sum(),
        lambda w, strength: strength * w,
    ),
    "λ|w|": (
        lambda w, strength: strength * np.abs(w).sum(),
        lambda w, strength: strength * np.sign(w),
    ),
    "both": (
        lambda w, strength: strength * (np.abs(w) + w**2).sum(),
        lambda w, strength: strength * (np.sign(w) + 2 * w),
    ),
}


def squares(w):
    """Return the sum of squares of every unit's incoming weights.

    Example:

    >>> squares(np.array([[3.0, 0.0], [4.0, 1.0]]))
    array([25.,  1.])
    """
    return (w**2).sum(axis=0)


def bounded(w, c):
    """Return weights with every unit's `Σw²` at most c, of the same direction.

    Formula: `w * sqrt(c / Σw²)` where `Σw²` exceeds c.

    Args:
        w: NumPy array, (inputs, units).
        c: The bound, above 0.
    """
    return np.where(squares(w) > c, w * np.sqrt(c / squares(w)), w)


def away_from_zero(random, shape):
    """Draw weights of either sign, none so small that a difference crosses 0."""
    size = random.uniform(0.01, 2, shape)
    return size * random.choice([-1.0, 1.0], size.shape)


def of_norms(random, inputs, norms):
    """Draw a unit's incoming weights for each norm."""
    w = away_from_zero(random, (inputs, len(norms)))
    return w * norms / np.sqrt(squares(w))
