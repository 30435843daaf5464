"""Slopes with noise: added to them, or of an example that is drawn; ways down them.

Points are an array (arms, chains, size), and each arm has step sizes of its own.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from study.theory.descents import descend, power
from study.theory.problems import quadratic

CHAINS = 100  # runs behind the number of one seed
BOWL = quadratic([0.5, 1.0])  # its noise has deviation 1
THEORY = "theory: t / (2 − t)"
FAR = 10.0  # from the optimum, in both coordinates


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


def sequences(random, named, problems, last, beyond=1e6):
    """Follow step sequences down noisy slopes, of which all meet the same noise.

    Args:
        random: NumPy generator.
        named: Name to a function from k = 1, 2, ... to step sizes, and to what a row of
            the sequence says besides.
        problems: Name to the slope of a function that is least at 0, and to where both
            coordinates start.
        last: Number of steps.
        beyond: The largest distance; what is farther, or no number, has this one.
            Defaults to `1e6`.

    Yields:
        A row for each problem and sequence at the start, at k = 100 and at some 25
        steps: their names, k, and the root-mean-square distance of the chains from the
        optimum.
    """
    k = np.arange(1.0, last + 1)
    steps = np.column_stack([size(k) for size, _ in named.values()])
    seen = {100, *np.geomspace(1, last, 25).astype(int)}
    for problem, (slope, far) in problems.items():
        start = np.full((len(named), CHAINS, 2), far)
        with np.errstate(over="ignore", invalid="ignore"):
            path = _path(noisy(slope, random), start, steps)
            found = {at: _distance(x) for at, x in enumerate(path) if at in seen}
        for at, distances in found.items():
            for (name, (_, cell)), each in zip(named.items(), distances, strict=True):
                away = min(np.nan_to_num(each, nan=beyond), beyond)
                row = {"problem": problem, "steps": name, **cell}
                yield {**row, "k": at, "distance": away}


def settling(random, sizes, last=1_000):
    """Let constant steps settle, and average over the second half of them.

    Noise is added to the slope of a quadratic, or comes from drawing one of the hundred
    examples of a regression; gradient descent takes the whole slope.

    Args:
        random: NumPy generator.
        sizes: Step sizes.
        last: Number of steps. Defaults to `1_000`.

    Yields:
        A row: problem, method, t, root-mean-square distance, and variance in the
        coordinate of curvature 1.
    """
    steps = np.broadcast_to(sizes, (last, len(sizes)))
    start = np.full((len(sizes), CHAINS, 2), FAR)
    regression = Regression.drawn(random)
    for problem, method, slope in (
        ("noisy quadratic", "SGD", noisy(BOWL.slope, random)),
        ("noisy quadratic", "GD", BOWL.slope),
        ("regression", "SGD", regression.slope_of_one(random)),
        ("regression", "GD", regression.slope),
    ):
        late = itertools.islice(_path(slope, start, steps), last // 2, None)
        found = sum((x**2).mean(axis=1) for x in late) / (last - last // 2 + 1)
        for t, squares in zip(sizes, found, strict=True):
            yield {
                "problem": problem,
                "method": method,
                "t": t,
                "distance": np.sqrt(squares.mean()),
                "variance": squares[1],
            }


def gaps(random, problems):
    """Follow gradient descent and SGD for 300 steps.

    Args:
        random: NumPy generator.
        problems: Name to the `Problem`, functions from k = 1, 2, ... to the step sizes
            of gradient descent and of SGD, and the deviation of SGD's noise.

    Yields:
        A row at k = 30 and some 25 other steps: problem, method, k and the mean gap of
        the chains.
    """
    for cell, k, found in _descents(random, problems):
        for at, gap in zip(k, found, strict=True):
            yield {**cell, "k": at, "gap": gap}


def rates(random, problems):
    """Fit the power of 1/k that these gaps fall with, from k = 30 to 300.

    Args:
        random, problems: As in `gaps`.

    Yields:
        A row: problem, method, that power, and the gaps at both ends.
    """
    for cell, k, found in _descents(random, problems):
        late = k >= 30
        rate = -power(k[late], found[late])
        yield {**cell, "rate": rate, "early": found[late][0], "late": found[-1]}


def _descents(random, problems):
    """Yield problem and method, some numbers of steps, and the mean gaps there."""
    seen = np.unique([30, *np.geomspace(1, 300, 25).astype(int)])
    k = np.arange(1.0, seen[-1] + 1)[:, None]
    start = random.uniform(0.5, 1, (1, CHAINS, 2))
    for name, (problem, full, shrinking, deviation) in problems.items():
        for method, size, slope in (
            ("GD", full, problem.slope),
            ("SGD", shrinking, noisy(problem.slope, random, deviation)),
        ):
            path = [*_path(slope, start, size(k))]
            found = [problem.gap(path[at]).mean(-1).item() for at in seen]
            yield {"problem": name, "method": method}, seen, np.array(found)


def in_theory(sizes):
    """Yield rows like those of `settling`, of the variance that theory says."""
    for t in sizes:
        cell = {"problem": THEORY, "method": "SGD", "t": t}
        yield {**cell, "variance": settled_variance(t)}


def _distance(x):
    return np.sqrt((x**2).mean(axis=(1, 2)))


def _path(slope, start, steps):
    return descend(start, slope, steps[..., None, None])
