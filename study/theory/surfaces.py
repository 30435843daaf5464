"""Functions of two coordinates, with derivatives by hand."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Surface:
    """A function of two coordinates.

    Args:
        value: Function of a point, an array or a tensor whose first axis is x and y.
        slope: Function of x and y to both first derivatives, or None.
        hessian: Function of x and y to the derivatives by xx, xy and yy, or None.
        best: The lowest point, or None.
        critical: Where the slope is 0, to some digits.
    """

    value: Callable
    slope: Callable | None = None
    hessian: Callable | None = None
    best: tuple[float, float] | None = None
    critical: tuple[tuple[float, float], ...] = ((0, 0),)

    def gradient(self, points):
        """Return both first derivatives at points, (2, ...), in their shape."""
        return np.stack(self.slope(*points))


# Heights of x and y at the top of a file, where figures may look for them.


def saddle(x, y):
    return x**2 - y**2


def valley(x, y):
    return x**2 / 20 + y**2


def long_valley(x, y):
    return x**2 / 50 + y**2


def beale(x, y):
    return (
        (1.5 - x + x * y) ** 2
        + (2.25 - x + x * y**2) ** 2
        + (2.625 - x + x * y**3) ** 2
    )


def beale_slope(x, y):
    parts = [(c - x + x * y**k, k) for k, c in ((1, 1.5), (2, 2.25), (3, 2.625))]
    by_x = sum(2 * part * (y**k - 1) for part, k in parts)
    by_y = sum(2 * part * x * k * y ** (k - 1) for part, k in parts)
    return by_x, by_y


BOWL = Surface(lambda x: x[0] ** 2 + x[1] ** 2, hessian=lambda x, y: (2, 0, 2))
DOME = Surface(lambda x: -(x[0] ** 2) - x[1] ** 2, hessian=lambda x, y: (-2, 0, -2))
SADDLE = Surface(
    lambda x: saddle(x[0], x[1]),
    slope=lambda x, y: (2 * x, -2 * y),
    hessian=lambda x, y: (2, 0, -2),
)
FLAT_BOWL = Surface(
    lambda x: x[0] ** 4 + x[1] ** 4,
    hessian=lambda x, y: (12 * x**2, 0, 12 * y**2),
)
FLAT_DOME = Surface(
    lambda x: -(x[0] ** 4) - x[1] ** 4,
    hessian=lambda x, y: (-12 * x**2, 0, -12 * y**2),
)
MONKEY_SADDLE = Surface(
    lambda x: x[0] ** 3 - 3 * x[0] * x[1] ** 2,
    hessian=lambda x, y: (6 * x, -6 * y, -6 * x),
)
HIMMELBLAU = Surface(
    lambda x: (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2,
    hessian=lambda x, y: (
        12 * x**2 + 4 * y - 42,
        4 * (x + y),
        12 * y**2 + 4 * x - 26,
    ),
    critical=(
        *((3, 2), (-2.81, 3.13), (-3.78, -3.28), (3.58, -1.85), (-0.27, -0.92)),
        *((0.09, 2.88), (3.39, 0.07), (-0.13, -1.95), (-3.07, -0.08)),
    ),
)
VALLEY = Surface(
    lambda x: valley(x[0], x[1]),
    slope=lambda x, y: (x / 10, 2 * y),
    best=(0.0, 0.0),
)
LONG_VALLEY = Surface(
    lambda x: long_valley(x[0], x[1]),
    slope=lambda x, y: (x / 25, 2 * y),
    best=(0.0, 0.0),
)
BEALE = Surface(
    lambda x: beale(x[0], x[1]),
    slope=beale_slope,
    best=(3.0, 0.5),
    critical=((3.0, 0.5),),
)
