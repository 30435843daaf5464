"""Cut a run's steps where something is due between them."""

import math
from collections.abc import Iterable
from itertools import pairwise

import keras

from study.lab.train.stack import LONGEST

# Multiplications of one call: half a minute of a core or so, after which training can
# be told of, kept and stopped.
MULTIPLICATIONS = 5e11


def looks(steps: int, count: int) -> list[int]:
    """Return the steps after which runs are looked at, the last among them.

    Example:

    >>> looks(10, 4)
    [3, 6, 9, 10]
    """
    size = -(-steps // count)
    return [min(each + size, steps) for each in range(0, steps, size)]


def longest(model: keras.Model, examples: int) -> int:
    """Return how many steps one call may take.

    Args:
        model: The network that is trained.
        examples: How many a step sees, of all runs together.
    """
    each = sum(
        layer.count_params() * math.prod(filter(None, layer.output.shape[1:-1]))
        for layer in model.layers
    )
    step = 3 * each * examples  # forward, gradients of weights, of what came in
    return int(max(1, min(LONGEST, MULTIPLICATIONS // max(1, step))))


def stretches(
    steps: int, cuts: Iterable[int], most: int | None = None
) -> list[tuple[int, int]]:
    """Return (first, last) of what is trained in one call: between cuts, evenly.

    Args:
        steps: How many steps are taken in all.
        cuts: After which of them a call ends.
        most: The most steps of a call; None for as many as it has room for.

    Example:

    >>> stretches(10, cuts=[4])
    [(0, 4), (4, 10)]
    """
    found, most = [], LONGEST if most is None else most
    for a, b in pairwise(sorted({0, steps, *cuts})):
        calls = -(-(b - a) // most)
        size = -(-(b - a) // calls)
        found += [(start, min(start + size, b)) for start in range(a, b, size)]
    return found
