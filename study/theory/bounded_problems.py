"""Problems that the O(1/k) bound of gradient descent holds for, and some it does not.

Each has a name; L is the Lipschitz constant of the slope.
"""

import numpy as np

from study.theory.problems import (
    capped_root,
    conditioned,
    huber,
    log_sum_exp,
    nesterov_chain,
    quadratic,
)

__all__ = ["TRIANGLE", "curved", "slow", "smooth", "triangle", "with_or_without"]

TRIANGLE = "log-sum-exp of a triangle"


def triangle():
    """Return log-sum-exp of three rows.

    With three of them every distribution over rows is met, so that the bound on their
    variance is the least one.
    """
    return log_sum_exp(np.array([[2.0, 0.0], [-1.0, 1.5], [-1.0, -1.5]]))


def smooth():
    """Return problems with a finite L, well and badly conditioned, by name."""
    return {
        "quadratic, κ = 1": conditioned(1),
        "quadratic, κ = 100": conditioned(100),
        "quadratic, κ = 10⁶": conditioned(1e6),
        "Nesterov's quadratic": nesterov_chain(),
        "Huber, threshold 1": huber(1.0),
        "Huber, threshold 0.3": huber(0.3),
        "log-sum-exp of x and −x": log_sum_exp(np.array([[1.0], [-1.0]])),
        TRIANGLE: triangle(),
    }


def curved():
    """Return problems of two coordinates with a Hessian, round and stretched."""
    return {
        "½·‖x‖²": quadratic([1.0, 1.0]),
        "½·(x₁² + 100·x₂²)": quadratic([1.0, 100.0]),
        TRIANGLE: triangle(),
    }


def slow(steps):
    """Return problems that take many steps, each with its starts, by name.

    The worst Huber function is another one at each accuracy: all are side by side.

    Args:
        steps: Steps that the slowest of the Huber functions is slow for.
    """
    hubers = huber(np.geomspace(1, 1 / steps, 200)[:, None], size=1)
    return {
        "quadratic, κ = 10": (conditioned(10), np.ones((1, 10))),
        "Nesterov's quadratic": (nesterov_chain(), np.zeros((1, 50))),
        "worst Huber function": (hubers, np.ones((200, 1))),
    }


def with_or_without():
    """Return problems with M, a bound of the slope, with L, and with both, by name.

    Returns:
        Name to the problem, step sizes up to 1/M, or to 1/L where there is no M, and
        both bounds in words, with whether M is assumed.
    """
    steep, both, flat = (
        {"lipschitz": m, "smooth": change, "assumed": "no" if m == "no" else "yes"}
        for m, change in (("M = 1", "no"), ("M = 0.1", "L = 1"), ("no", "L = 1"))
    )
    return {
        "|x|^(3/2), straight beyond 1": (capped_root(), (1.0, 0.3), steep),
        "Huber, threshold 0.1": (huber(0.1, 1), (10.0, 3.0, 1.0), both),
        "quadratic": (conditioned(1, 1), (1.0, 0.3), flat),
    }
