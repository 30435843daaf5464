"""Functions of one variable with several wells, and the well where a run ends."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Landscape:
    """A function of one number, with its first two derivatives.

    Args:
        height: Function of an array of any shape, elementwise; so are the next two.
        slope: Its derivative.
        curvature: Its second derivative.
        low, high: The interval of the starts.
    """

    height: Callable
    slope: Callable
    curvature: Callable
    low: float
    high: float

    @property
    def interval(self):
        """Return a fine grid over the starts."""
        return np.linspace(self.low, self.high, 20_001)

    @property
    def step_size(self):
        """Return 1/L, L the largest curvature: the longest step that never climbs."""
        return 1 / np.abs(self.curvature(self.interval)).max()

    @property
    def typical_slope(self):
        """Return the root mean square of the slope over the starts."""
        return np.sqrt(np.mean(self.slope(self.interval) ** 2))

    @property
    def wells(self):
        """Return the wells' bottoms and the tops between them, by sign of slope."""
        x = self.interval
        signs = np.sign(self.slope(x))
        found = x[:-1][signs[:-1] * signs[1:] <= 0]
        for _ in range(20):
            found = found - self.slope(found) / self.curvature(found)
        found = np.unique(found.round(9))
        return found[self.curvature(found) > 0], found[self.curvature(found) < 0]

    def ends(self, x):
        """Tell what share of runs ends in the deepest well, and their wells' depth.

        Args:
            x: Where runs end, (..., runs); one that is not a number ends in the last.

        Returns:
            Shares in percent and mean heights of the bottoms, (...) both.
        """
        bottoms, tops = self.wells
        depths = self.height(bottoms)
        inside = np.searchsorted(tops, np.nan_to_num(x, nan=np.inf))
        return 100 * np.mean(inside == depths.argmin(), -1), depths[inside].mean(-1)


DOUBLE_WELL = Landscape(
    height=lambda x: x**4 - 2 * x**2 + 0.3 * x,
    slope=lambda x: 4 * (x * x - 1) * x + 0.3,
    curvature=lambda x: 12 * x**2 - 4,
    low=-2.0,
    high=2.0,
)
RASTRIGIN = Landscape(
    height=lambda x: x**2 + 10 * (1 - np.cos(2 * np.pi * x)),
    slope=lambda x: 2 * x + 20 * np.pi * np.sin(2 * np.pi * x),
    curvature=lambda x: 2 + 40 * np.pi**2 * np.cos(2 * np.pi * x),
    low=-5.12,
    high=5.12,
)
