"""Read the shape of an activation off a grid: values, slopes, range, saturation."""

import keras
import numpy as np

from study.gradients import gradient
from study.theory.checks import central_slope, relative_beyond_one

__all__ = [
    "by_differences",
    "falling",
    "jacobian",
    "outside",
    "saturated",
    "slopes",
    "softmax_errors",
    "values",
]


def values(function, x, **arguments):
    """Return what a function in Keras's operations gives in float64.

    Args:
        function: Activation, entry by entry.
        x: NumPy array.
        **arguments: What the function takes beside x.
    """
    return np.asarray(function(keras.ops.convert_to_tensor(x), **arguments))


def slopes(function, x, **arguments):
    """Return the slopes that automatic differentiation finds, entry by entry."""
    return gradient(lambda x: keras.ops.sum(function(x, **arguments)), x)


def by_differences(function, x, **arguments):
    """Return the slopes by central differences."""
    return central_slope(lambda x: values(function, x, **arguments), x)


def jacobian(function, x):
    """Return the partial derivatives of a function of a vector, a row an output.

    Args:
        function: Function from a vector to one of the same length.
        x: NumPy array, the vector.
    """
    rows = [gradient(lambda x, i=i: function(x)[i], x) for i in range(len(x))]
    return np.stack(rows)


def softmax_errors(function, x):
    """Return three errors of a softmax's Jacobian at x.

    They are that of autodiff against `s_i (δ_ij - s_j)`, the largest sum of a row,
    which is 0, and that of central differences.

    Args:
        function: The softmax in Keras's operations.
        x: NumPy array, a vector.
    """
    s = np.exp(x) / np.exp(x).sum()
    found = jacobian(function, x)
    wanted = s[:, None] * (np.eye(len(x)) - s)
    columns = [
        by_differences(lambda h, e=e: function(x + h * e), np.zeros(1))
        for e in np.eye(len(x))
    ]
    central = relative_beyond_one(np.stack(columns, axis=1), wanted)
    sums = abs(found.sum(axis=1)).max()
    return relative_beyond_one(found, wanted), sums, central


def falling(values):
    """Return the share of steps at which values do not rise.

    Example:

    >>> float(falling(np.array([0.0, 1.0, 1.0, 2.0, 3.0])))
    0.25
    """
    return np.mean(np.diff(values) <= 0)


def saturated(slope, least):
    """Return the share of slopes that are smaller than `least`."""
    return np.mean(abs(slope) < least)


def outside(values, far, low, high):
    """Tell how far an open range is from what a function takes.

    It is the share of the values that the range leaves out or, if larger, the gap
    between its ends and the values far out, 1/|value| for an infinite end.

    Args:
        values: What the function gives on a grid.
        far: What it gives far out, to the left and to the right.
        low, high: The ends of the range.

    Example:

    >>> float(outside(np.array([0.0, 0.5, 1.0, 2.0]), (-1.0, 3.0), 0.0, 3.0))
    1.0
    """
    gaps = [
        abs(value - end) if np.isfinite(end) else 1 / abs(value)
        for value, end in zip(far, (low, high), strict=True)
    ]
    return max(np.mean((values <= low) | (values >= high)), *gaps)
