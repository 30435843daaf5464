"""Intervals that cover at the few seeds a claim is judged on.

Each takes the error `alpha` it may make, both sides together, and `n`, the number
of seeds: the sample's own gives the interval, a larger one foretells it for a
sample that looks the same. Samples lie along the last axis. By hand, since SciPy has
each of them at a sample's own size only; it is what the tests compare them with.
"""

from bisect import bisect_left
from functools import lru_cache

import numpy as np

# Between what numbers of a unit lie, by that unit.
ENDS = {"%": (0.0, 100.0), "share": (0.0, 1.0)}

# SciPy takes longer for a quantile than all else of a judgment, which asks for few; it
# is imported for these alone, for training does without.
_kept = lru_cache(maxsize=2**16)


def student(differences, alpha, n):
    """Interval of the mean: mean(d) ± t(1 - alpha/2; n - 1) · sd(d) / √n.

    A single difference says nothing about the spread: its interval is infinite.
    Equal differences have sd(d) = 0: their interval collapses onto the mean.
    """
    mean = differences.mean(axis=-1)
    if differences.shape[-1] < 2:
        return mean - np.inf, mean + np.inf
    sd = differences.std(axis=-1, ddof=1)
    half = _above(alpha / 2, n - 1) * sd / np.sqrt(n)
    return mean - half, mean + half


@_kept
def _above(alpha, freedom):
    """The number that Student's t exceeds with probability alpha."""
    from scipy import stats

    return stats.t.isf(alpha, freedom)


def sign_test(differences, alpha, n):
    """Interval of the median: d(k) to d(n + 1 - k), the sorted differences.

    k is the largest rank with P(Binomial(n, 1/2) < k) < alpha/2, so the interval
    covers whatever the distribution, ties included. Up to n = 1 - log2(alpha) no
    rank qualifies and the interval is infinite, as it is for a single difference.
    """
    ordered = np.sort(differences, axis=-1)
    last = ordered.shape[-1] - 1
    k = _rank(alpha / 2, n)
    if k == 0 or last == 0:
        infinite = np.full(ordered.shape[:-1], np.inf)
        return -infinite, infinite
    # multiplied before divided, a sample's own ranks are whole numbers
    rank = (k - 1) * last / (n - 1)
    return _at(ordered, rank), _at(ordered, last - rank)


@_kept
def _rank(alpha, n):
    """The largest k with P(Binomial(n, 1/2) < k) < alpha."""
    from scipy import stats

    return int(stats.binom.ppf(alpha, n, 0.5))


def _at(ordered, rank):
    """The value at a rank, straight lines between whole ones."""
    below = int(rank)
    above = min(below + 1, ordered.shape[-1] - 1)
    step = ordered[..., above] - ordered[..., below]
    return ordered[..., below] + (rank - below) * step


def sign_test_between(least, most, alpha, n):
    """Interval of the median of differences that lie from `least` to `most`.

    Each end is that of `sign_test`, of the sample that is worse for it. Differences
    may reach to infinity, as those of counts that never came do. Foretold between two
    ranks of which one has no end, it is one of these.
    """
    lower, upper = (_of_finite(each, alpha, n) for each in (least, most))
    return lower[0], upper[1]


def _of_finite(differences, alpha, n):
    finite = np.isfinite(differences)
    if finite.all():
        return sign_test(differences, alpha, n)
    # ranks are all that counts: those of numbers beyond every other
    ranks = np.argsort(np.argsort(differences)).astype(float)
    ordered = np.sort(differences)
    ends = sign_test(ranks, alpha, n)
    if not np.isfinite(ends[0]):
        return ends
    return tuple(ordered[round(each)] for each in ends)


def clopper_pearson(share, alpha, n):
    """Exact interval of a rate of which `share` of n runs was seen.

    With x = share · n it reaches from the alpha/2 quantile of Beta(x, n - x + 1)
    to the 1 - alpha/2 quantile of Beta(x + 1, n - x).
    """
    share = np.asarray(share, dtype=float)
    ends = [_of_rate(each, alpha / 2, n) for each in share.ravel().tolist()]
    lower, upper = np.reshape(ends, (*share.shape, 2)).T
    return lower.T, upper.T


@_kept
def _of_rate(share, alpha, n):
    from scipy import stats

    x = share * n
    lower = 0.0 if share == 0 else stats.beta.ppf(alpha, x, n - x + 1)
    upper = 1.0 if share == 1 else stats.beta.isf(alpha, x + 1, n - x)
    return lower, upper


def share_difference(shares, alpha, n):
    """Interval of the first rate minus the second: (l1 - u2, u1 - l2).

    Each rate gets an exact interval at half the error. That is conservative, and
    holds however the two go together.
    """
    (l1, u1), (l2, u2) = (clopper_pearson(share, alpha / 2, n) for share in shares)
    return l1 - u2, u1 - l2


def seeds_to_settle(settled, n, most=10**6):
    """The first number of seeds above n that `settled` says yes to, by bisection.

    None where even `most` seeds would not do.
    """
    numbers = range(n + 1, most + 1)
    i = bisect_left(numbers, True, key=settled)
    return numbers[i] if i < len(numbers) else None
