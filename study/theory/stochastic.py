"""Slopes with noise: added to them, or of an example that is drawn."""

from dataclasses import dataclass

import numpy as np


def noisy(slope, random, deviation=1.0):
    """Add the same normal noise to the slopes of all arms.

    Args:
        slope: Function of `x`, (arms, chains, size), to an array of its shape.
        random: NumPy generator.
        deviation: Standard deviation of the noise. Defaults to `1.0`.
    """
    return lambda x: slope(x) + deviation * random.standard_normal(x.shape[1:])


def settled_variance(t):
    """Return the variance t / (2 − t) where constant steps settle.

    They go down a parabola of curvature 1, whose slope has noise of deviation 1.

    Example:

    >>> settled_variance(1.0)
    1.0
    """
    return t / (2 - t)


@dataclass(frozen=True)
class Regression:
    """Least squares, with `x` told from its optimum.

    Args:
        inputs: Array (examples, size).
        targets: Array (examples,).
    """

    inputs: np.ndarray
    targets: np.ndarray

    @classmethod
    def drawn(cls, random):
        """Draw examples of two inputs, and targets that a line fits to within noise."""
        inputs = random.standard_normal((100, 2))
        return cls(inputs, inputs @ [1.0, -1.0] + random.standard_normal(100))

    @property
    def best(self):
        """Return the optimum."""
        return np.linalg.lstsq(self.inputs, self.targets)[0]

    def slope(self, x):
        """Return the gradient of the mean of all examples' losses."""
        return x @ (self.inputs.T @ self.inputs) / len(self.inputs)

    def slope_of_one(self, random):
        """Return the gradient of an example that is drawn anew for each chain."""
        best = self.best

        def slope(x):
            drawn = random.integers(len(self.inputs), size=x.shape[1])
            a, b = self.inputs[drawn], self.targets[drawn]
            return a * (((x + best) * a).sum(-1) - b)[..., None]

        return slope
