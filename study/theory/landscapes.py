"""Functions of one variable with several wells, and the well where a run ends."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from study.theory.descents import end
from study.theory.formulas import adam_corrected, momentum

PLAIN = "gradient descent"


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


def descents(landscape, starts, randoms, settings, last):
    """Let four methods run down from the same starts, each with all of its settings.

    Args:
        landscape: A `Landscape`.
        starts: NumPy array, (replicates, runs).
        randoms: A NumPy generator a replicate, which draws SGD's noise, the same for
            all of its settings.
        settings: As many for each method: steps of 1/L of "gradient descent", the noise
            of "SGD" in typical slopes, strengths of "momentum" and rates of "Adam".
        last: Number of steps.

    Yields:
        Method, setting, and where its runs end, (replicates, runs).
    """
    value = {name: np.array(each)[:, None, None] for name, each in settings.items()}
    many = np.broadcast_to(starts, (len(value[PLAIN]), *starts.shape))
    slope, step = landscape.slope, [landscape.step_size] * last

    def felt(x):
        drawn = [random.standard_normal(starts.shape[1]) for random in randoms]
        return slope(x) + value["SGD"] * landscape.typical_slope * np.stack(drawn)

    inert = partial(momentum, strength=value["momentum"])
    found = {
        PLAIN: end(many, slope, [value[PLAIN] * landscape.step_size] * last),
        "SGD": end(many, felt, step),
        "momentum": end(many, slope, step, inert, 1),
        "Adam": end(many, slope, [value["Adam"]] * last, adam_corrected, 2),
    }
    for method, ends in found.items():
        for setting, each in zip(settings[method], ends, strict=True):
            yield method, setting, each
