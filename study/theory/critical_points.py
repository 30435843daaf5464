"""Tell minima, maxima and saddles apart, by the Hessian and by the values around."""

import numpy as np

from study.gradients import gradient, hessian

RADIUS, ANGLES = 0.01, 64


def polish(function, point, steps=4):
    """Return the critical point near `point` by Newton's method.

    Args:
        function: Function from a tensor to one number, for `study.gradients`.
        point: Where the method begins, close by.
        steps: Number of steps. Defaults to `4`.
    """
    point = np.array(point, float)
    for _ in range(steps):
        slope = gradient(function, point)
        if slope.any():
            point -= np.linalg.solve(hessian(function, point), slope)
    return point


def eigenvalues(entries):
    """Return the eigenvalues of ((a, b), (b, c)), the smaller first.

    Example:

    >>> print(eigenvalues((2.0, 0.0, 3.0)))
    [2. 3.]
    """
    a, b, c = entries
    middle, half = (a + c) / 2, np.hypot((a - c) / 2, b)
    return np.array([middle - half, middle + half])


def kind_by_eigenvalues(values, flat=1e-9):
    """Name the kind of a critical point, where the signs of the curvature tell it.

    Args:
        values: The smaller and the larger eigenvalue of the Hessian.
        flat: Absolute value up to which one tells nothing. Defaults to `1e-9`.
    """
    smaller, larger = values
    if smaller < -flat and larger > flat:
        return "saddle"
    if smaller > flat:
        return "minimum"
    return "maximum" if larger < -flat else "undecided"


def kind_by_values(function, point):
    """Name the kind of a critical point by the values on a small circle around it.

    Args:
        function: Function of an array of two rows, x and y.
        point: The critical point, (2,).
    """
    angles = np.linspace(0, 2 * np.pi, ANGLES, endpoint=False) + 0.1
    circle = RADIUS * np.array([np.cos(angles), np.sin(angles)])
    rises = function(point[:, None] + circle) - function(point)
    if (rises > 0).all():
        return "minimum"
    if (rises < 0).all():
        return "maximum"
    return "saddle" if rises.min() < 0 < rises.max() else "flat"
