"""Measure how far numbers are from what they should be, and slopes without a formula.

Everything here is NumPy alone, so that it shares no code with what it checks.
"""

import numpy as np

__all__ = [
    "central_gradient",
    "central_slope",
    "fitted_power",
    "largest_deviation",
    "relative_beyond_one",
    "relative_error",
]


def largest_deviation(found, wanted):
    """Return the largest distance of two arrays: `max(abs(found - wanted))`.

    Args:
        found: Numbers of any shape.
        wanted: Numbers of a shape that broadcasts with it.

    Example:

    >>> largest_deviation([1.0, 2.0], [1.5, 2.0])
    0.5
    """
    return float(np.abs(np.asarray(found) - np.asarray(wanted)).max())


def relative_error(found, wanted):
    """Return the largest error as a share of the largest number.

    Formula: `max(abs(found - wanted)) / max(abs(wanted))`.

    Args:
        found: Numbers of any shape.
        wanted: Numbers of the same shape, not all 0.

    Example:

    >>> relative_error([1.0, 3.0], [1.0, 4.0])
    0.25
    """
    return float(abs(found - np.asarray(wanted)).max() / abs(np.asarray(wanted)).max())


def relative_beyond_one(found, wanted):
    """Return the largest error, relative where the wanted number exceeds 1.

    Formula: `max(abs(found - wanted) / max(1, abs(wanted)))`, with 1 for a number that
    has no value.

    Args:
        found: NumPy array of any shape.
        wanted: NumPy array of the same shape; NaN where it has no value.

    Example:

    >>> relative_beyond_one(np.array([0.5, 90.0]), np.array([0.25, 100.0]))
    0.25
    """
    errors = abs(found - wanted) / np.maximum(1, abs(wanted))
    return float(np.where(np.isnan(wanted), 1, errors).max())


def central_slope(function, x, step=1e-5):
    """Return the slope of a function by central differences.

    Formula: `(function(x + step) - function(x - step)) / (2 * step)`, whose error falls
    with the square of the step.

    Args:
        function: Function of a number, or of an array, entry by entry.
        x: Number or NumPy array, where the slope is taken.
        step: Float above 0. Defaults to 1e-5, where truncation and the rounding of
            float64 are both small.

    Example:

    >>> round(float(central_slope(np.square, 3.0)), 6)
    6.0
    """
    return (function(x + step) - function(x - step)) / (2 * step)


def central_gradient(function, x, step=1e-5):
    """Return the gradient of a scalar function by central differences, place by place.

    Args:
        function: Function from an array of the shape of `x` to one number.
        x: NumPy array of floats.
        step: Float above 0. Defaults to 1e-5.

    Returns:
        NumPy array of the shape of `x`.

    Example:

    >>> central_gradient(lambda x: (x**2).sum(), np.array([1.0, -2.0])).round(6)
    array([ 2., -4.])
    """
    found = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += step
        down[place] -= step
        found[place] = (function(up) - function(down)) / (2 * step)
    return found


def fitted_power(x, y):
    """Return the power p of the curve `y = c * x**p` that fits points best.

    It is the slope of the line of least squares through `log(y)` against `log(x)`.

    Args:
        x: At least two different numbers above 0.
        y: As many numbers above 0.

    Example:

    >>> round(float(fitted_power([1, 2, 4], [3, 12, 48])), 6)
    2.0
    """
    return np.polyfit(np.log(x), np.log(y), 1)[0]
