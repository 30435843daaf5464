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


def told(surface):
    """Yield each critical point of a surface, and a row of what tells its kind.

    Args:
        surface: A surface of `study.theory.surfaces`.

    Yields:
        The point and a row: both eigenvalues of the Hessian by automatic
        differentiation, the kinds by them and by the values around, the largest slope,
        the height and how far that is above the lowest, and the deviation: the largest
        error of an eigenvalue, the slope, or 1 where a kind is wrong.
    """
    found = [polish(surface.value, point) for point in surface.critical]
    heights = [float(surface.value(point)) for point in found]
    for height, point in zip(heights, found, strict=True):
        by_hand = eigenvalues(surface.hessian(*point))
        by_autodiff = np.linalg.eigvalsh(hessian(surface.value, point))
        told = kind_by_eigenvalues(by_autodiff)
        seen = kind_by_values(surface.value, point)
        slope = np.abs(gradient(surface.value, point)).max()
        wrong = seen == "flat" or told not in (seen, "undecided")
        yield (
            point,
            {
                "smaller": by_autodiff[0],
                "larger": by_autodiff[1],
                "told": told,
                "seen": seen,
                "slope": slope,
                "loss": height,
                "above_minimum": height - min(heights),
                "deviation": max(np.abs(by_autodiff - by_hand).max(), slope, wrong),
            },
        )
