"""Time calls so that noise slows them down alike."""

import time

__all__ = ["alternated", "best", "mean"]


def best(call, repeats):
    """Return the seconds of the quickest of some calls: noise only slows them down.

    Args:
        call: Function without arguments.
        repeats: How many calls, at least 1.
    """
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def mean(call, least):
    """Return the seconds of a call: the mean of as many as last long enough.

    Args:
        call: Function without arguments.
        least: Seconds that they take together, at least.
    """
    start, count = time.perf_counter(), 0
    while (passed := time.perf_counter() - start) < least or not count:
        call()
        count += 1
    return passed / count


def alternated(calls, rounds, repeats):
    """Time all calls in turn, round after round, so that noise meets them alike.

    Args:
        calls: Name to function without arguments.
        rounds: Rounds that are counted, after a first one that is not.
        repeats: Calls of which the quickest counts, in each round.

    Yields:
        Name, round and seconds.

    Example:

    >>> [(name, turn) for name, turn, _ in alternated({"a": int, "b": int}, 1, 3)]
    [('a', 0), ('b', 0)]
    """
    for turn in range(-1, rounds):
        for name, call in calls.items():
            seconds = best(call, repeats)
            if turn >= 0:
                yield name, turn, seconds
