"""Choose how far an axis goes, so that a few far values do not flatten the others."""

from dataclasses import dataclass

import numpy as np

WIDE = 5  # ratio of the largest to the smallest value beyond which logarithms are taken
FAR = 6  # how many times narrower the others must be for far values to be left out
FEW = 1 / 3  # of the values at most are far


@dataclass(frozen=True)
class Focus:
    """From where to where an axis shows values, and how.

    Args:
        lower, upper: The smallest and the largest value that is inside.
        log: Whether the axis is logarithmic.
    """

    lower: float
    upper: float
    log: bool

    def outside(self, values) -> np.ndarray:
        """Tell where values lie: −1 below, 1 above, 0 inside."""
        values = np.asarray(values, float)
        return np.where(values > self.upper, 1, np.where(values < self.lower, -1, 0))

    def limits(self, margin: float, room: float = 0.0) -> tuple[float, float]:
        """Return the ends of an axis that has all of it inside.

        Args:
            margin: Share of the range that is added at both ends.
            room: Share of the axis that is left free at its upper end.
        """
        ends = np.array([self.lower, self.upper])
        lower, upper = np.log10(ends) if self.log else ends
        pad = margin * (upper - lower) or abs(upper) * margin or margin
        lower, upper = lower - pad, upper + pad
        upper = lower + (upper - lower) / (1 - room)
        return (10**lower, 10**upper) if self.log else (lower, upper)


def focus(values, log: bool | None = None) -> Focus:
    """Return where most values are.

    Values are far where all others, two of three at least, take a sixth of the room
    beside them. The axis is logarithmic where the others are above 0 and wide.

    Args:
        values: Numbers; those that are not finite are left out.
        log: Whether the axis is logarithmic; None to choose.

    Example:

    >>> focus([8.0, 8.2, 8.4, 8.9, 60.0])
    Focus(lower=8.0, upper=8.9, log=False)
    """
    values = np.sort(np.asarray(values, float).ravel())
    values = values[np.isfinite(values)]
    if log:
        values = values[values > 0]
    if not len(values):
        return Focus(0.0, 1.0, False) if not log else Focus(0.1, 1.0, True)
    there = wide(values) if log is None else log
    near = _near(np.log10(values) if there else values, values)
    return Focus(
        float(near[0]), float(near[-1]), wide(near) if log is None else bool(log)
    )


def wide(values) -> bool:
    """Tell whether all values that are finite are above 0 and of many sizes."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    return bool(len(values) and 0 < values.min() * WIDE < values.max())


def _near(places, values):
    """Leave out the fewest values that make room for the others, and again."""
    first, last = 0, len(values)
    for dropped in range(1, int(FEW * len(values)) + 1):
        kept = len(values) - dropped
        ranges = places[kept - 1 :] - places[: dropped + 1]
        low = int(ranges.argmin())
        if 0 < ranges[low] * FAR <= places[last - 1] - places[first]:
            first, last = low, low + kept
    return values[first:last]
