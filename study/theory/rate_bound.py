"""The O(1/k) bound of gradient descent, ‖x⁽⁰⁾ - x*‖² / (2tk), and what breaks it."""

import numpy as np

from study.theory.problems import huber

ROUNDING = 1e-9
HOPELESS = 1e6  # a gap so many times above its bound is followed no further


def over_bound(problem, starts, t, steps):
    """Yield gap / bound of every start at k = 1, 2, ... for every step size.

    Args:
        problem: `Problem` that is descended.
        starts: Array (starts, size).
        t: Array of fixed step sizes, (sizes,).
        steps: Number of steps.

    Yields:
        Array (sizes, starts), infinite from where a start is hopeless.
    """
    x = np.broadcast_to(starts, (len(t), *starts.shape))
    away = ((starts - problem.best) ** 2).sum(-1)
    alive = np.ones(x.shape[:2], bool)
    for k in range(1, steps + 1):
        x = x - t[:, None, None] * alive[..., None] * problem.slope(x)
        ratio = problem.gap(x) * 2 * t[:, None] * k / away
        alive &= ratio < HOPELESS
        yield np.where(alive, ratio, np.inf)


def violation(course):
    """Say by how much and when a course of gap / bound first exceeds 1.

    Args:
        course: Array (steps,), its first entry at k = 1.
    """
    broken = course > 1 + ROUNDING
    return {
        "ratio": course.max(),
        "excess": max(0.0, course.max() - 1),
        "violated": float(broken.any()),
        "first": broken.argmax() + 1 if broken.any() else np.nan,
    }


def steps_to(problem, starts, shares, most):
    """Count the steps of 1/L until gap ≤ share · L · ‖x⁽⁰⁾ - x*‖², (starts, shares).

    Args:
        problem: `Problem` that is descended.
        starts: Array (starts, size).
        shares: Array (shares,).
        most: Steps within which all shares are reached.
    """
    t = np.ones(1) / problem.limit
    courses = np.stack([each[0] for each in over_bound(problem, starts, t, most)])
    shares_left = courses / (2 * np.arange(1, most + 1)[:, None])
    reached = shares_left[..., None] <= shares
    assert reached.any(0).all(), "more steps are needed"
    return reached.argmax(0) + 1


def worst_huber(k):
    """Return gap / bound, in k steps of 1/L, of the Huber function slow for just those.

    From 1, with threshold 1 / (2k + 1), all k steps go down the straight part. The gap
    is then L·R² / (4k + 2), which is half the bound for large k.

    Example:

    >>> print(round(worst_huber(10) / 20 * 42, 6))
    1.0
    """
    problem = huber(1 / (2 * k + 1), size=1)
    *_, ratio = over_bound(problem, np.ones((1, 1)), np.ones(1), k)
    return ratio.item()


def attained(k):
    """Hold the gap of that Huber function after k steps against L·R² / (4k + 2)."""
    ratio = worst_huber(k)
    gap, formula = ratio / (2 * k), 1 / (4 * k + 2)
    row = {"k": k, "gap": gap, "formula": formula, "ratio": ratio}
    return {**row, "deviation": abs(gap / formula - 1)}


def courses(problem, starts, sizes, steps):
    """Yield the numbers of step size and start, and gap / bound after each step.

    Args:
        problem: `Problem` that is descended.
        starts: Array (starts, size).
        sizes: Step sizes.
        steps: Number of steps.
    """
    ratios = np.stack([*over_bound(problem, starts, np.array(sizes), steps)])
    for i, start in np.ndindex(ratios.shape[1:]):
        yield i, start, ratios[:, i, start]


def needed(problem, starts, steps, accuracies=12):
    """Yield the steps of 1/L to ever smaller gaps ε, and how many the bound exceeds by.

    Args:
        problem: `Problem` that is descended.
        starts: Array (starts, size), of which the slowest counts.
        steps: Steps within which the smallest gap is reached.
        accuracies: How many gaps. Defaults to `12`.

    Yields:
        A row: inverse, L·‖x⁽⁰⁾ - x*‖² / ε; iterations; their product with ε; excess
        over the bound, half of the inverse.
    """
    shares = 1 / np.geomspace(4, 2 * steps, accuracies)
    found = steps_to(problem, starts, shares, steps).max(0)
    for share, count in zip(shares, found, strict=True):
        yield {
            "inverse": 1 / share,
            "iterations": count,
            "product": count * share,
            "excess": max(0, count - np.ceil(1 / (2 * share) - ROUNDING)),
        }
