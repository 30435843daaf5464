"""Cut a run's steps where something is due between them."""

from collections.abc import Iterable
from itertools import pairwise

from study.lab.train.stack import LONGEST


def looks(steps: int, count: int) -> list[int]:
    """Return the steps after which runs are looked at, the last among them.

    Example:

    >>> looks(10, 4)
    [3, 6, 9, 10]
    """
    size = -(-steps // count)
    return [min(each + size, steps) for each in range(0, steps, size)]


def stretches(steps: int, cuts: Iterable[int]) -> list[tuple[int, int]]:
    """Return (first, last) of what is trained in one call: between cuts, evenly.

    Example:

    >>> stretches(10, cuts=[4])
    [(0, 4), (4, 10)]
    """
    found = []
    for a, b in pairwise(sorted({0, steps, *cuts})):
        calls = -(-(b - a) // LONGEST)
        size = -(-(b - a) // calls)
        found += [(start, min(start + size, b)) for start in range(a, b, size)]
    return found
