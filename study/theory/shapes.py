"""Read the shape of an activation off a grid: values, slopes, range, saturation."""

from functools import partial

import keras
import numpy as np

from study.gradients import gradient
from study.theory.checks import central_slope, relative_beyond_one

__all__ = [
    "by_differences",
    "extremes",
    "falling",
    "formula_errors",
    "jacobian",
    "lowest",
    "outside",
    "points",
    "saturated",
    "slope_errors",
    "slopes",
    "softmax_errors",
    "values",
]


def values(function, x, **arguments):
    """Return what a function in Keras's operations gives in float64.

    Args:
        function: Activation, entry by entry, or a layer.
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


def slope_errors(function, slope, x, between, **arguments):
    """Return the errors of slopes by automatic and by central differences.

    Args:
        function: Activation, entry by entry, in Keras's operations.
        slope: Its slope in NumPy, by a formula.
        x: Where slopes are taken automatically.
        between: Where they are taken by differences: off the kinks.
        **arguments: What both functions take beside x.
    """
    found = slopes(function, x, **arguments)
    central = by_differences(function, between, **arguments)
    return (
        relative_beyond_one(found, slope(x, **arguments)),
        relative_beyond_one(central, slope(between, **arguments)),
    )


def formula_errors(functions, formula, slope, x, between, **arguments):
    """Return the errors of a component and its twin against a printed formula, a row.

    Args:
        functions: The component and its twin in Keras.
        formula: The formula in NumPy.
        slope, x, between: As in `slope_errors`.
        **arguments: What all functions take beside x.
    """
    with np.errstate(invalid="ignore"):  # 0 / 0
        printed = formula(x, **arguments)
    ours, theirs = (
        relative_beyond_one(values(each, x, **arguments), printed) for each in functions
    )
    found, central = slope_errors(functions[0], slope, x, between, **arguments)
    return {
        "deviation": ours,
        "keras_error": theirs,
        "slope_error": found,
        "central_error": central,
    }


def lowest(function, grid, minimize, around=0.01):
    """Return where a function is least within a grid, and its value there.

    Args:
        function: Function of an array, entry by entry.
        grid: Array, one of whose points is nearest to the least value.
        minimize: Function of a function of a number and `bounds`, such as SciPy's
            `minimize_scalar`, that returns its minimum as `x` and `fun`.
        around: How far from that point it is sought. Defaults to `0.01`.
    """
    nearest = grid[function(grid).argmin()]
    found = minimize(
        lambda x: float(function(np.array([x]))[0]),
        bounds=(max(nearest - around, grid[0]), min(nearest + around, grid[-1])),
    )
    return found.x, found.fun


def extremes(function, slope, grid, flat, minimize, **arguments):
    """Tell a function's least value inside of a grid, its slopes and where it is flat.

    Args:
        function: Activation, entry by entry, in Keras's operations.
        slope: Its slope in NumPy, by a formula.
        grid: Increasing array, in steps of a hundredth at most.
        flat: What a slope is below where the function counts as saturated.
        minimize: As in `lowest`.
        **arguments: What both functions take beside x.

    Returns:
        A row: minimum and where it is, NaN where an end is as low; least and largest
        slope; share of the grid that is saturated, in %.
    """
    value = partial(values, function, **arguments)
    slope = partial(slope, **arguments)
    at, least = lowest(value, grid, minimize)
    inside = value(grid[[0, -1]]).min() > least
    return {
        "minimum": least if inside else np.nan,
        "minimum_at": at if inside else np.nan,
        "least_slope": lowest(slope, grid, minimize)[1],
        "largest_slope": -lowest(lambda x: -slope(x), grid, minimize)[1],
        "saturated": 100 * saturated(slope(grid), flat),
    }


def points(function, x, **arguments):
    """Yield a function's value and slope at each x, a row each."""
    columns = values(function, x, **arguments), slopes(function, x, **arguments)
    for each, value, slope in zip(x, *columns, strict=True):
        yield {"x": each, "value": value, "slope": slope}


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
