"""Convex functions of which slope, optimum and curvature are known."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np

from study.optimizers.newton import newton


@dataclass(frozen=True)
class Problem:
    """A convex function of rows of `x`, with its slope.

    Args:
        value: Function of `x` of shape (..., size), of shape (...).
        slope: Gradient, of the shape of `x`.
        best: Optimum, (size,).
        curvature: Largest eigenvalue of the Hessian at `best`.
        limit: Lipschitz constant L of the slope, infinite if there is none.
        least: Value at `best`. Defaults to `0.0`.
        hessian: Function of one point, (size,), to the Hessian there, or None.
    """

    value: Callable
    slope: Callable
    best: np.ndarray
    curvature: float
    limit: float
    least: float = 0.0
    hessian: Callable | None = None

    def gap(self, x):
        """Return f(x) - f(best)."""
        return self.value(x) - self.least


def quadratic(curvatures):
    """Return half the sum of curvature · x².

    Args:
        curvatures: Eigenvalues of the Hessian, one a coordinate.

    Example:

    >>> print(quadratic([1.0, 10.0]).slope(np.array([3.0, 4.0])))
    [ 3. 40.]
    """
    curvatures = np.asarray(curvatures)
    return Problem(
        value=lambda x: (curvatures * x**2).sum(-1) / 2,
        slope=lambda x: curvatures * x,
        best=np.zeros(len(curvatures)),
        curvature=curvatures.max(),
        limit=curvatures.max(),
        hessian=lambda x: np.diag(curvatures),
    )


def conditioned(condition, size=10):
    """Return a quadratic with curvatures from 1/condition to 1.

    Args:
        condition: Condition number κ of the Hessian, at least 1.
        size: Number of coordinates. Defaults to `10`.
    """
    return quadratic(np.geomspace(1 / condition, 1, size))


def nesterov_chain(size=50):
    """Return Nesterov's quadratic, whose coordinates hear of each other one by one.

    Args:
        size: Number of coordinates. Defaults to `50`.

    Reference:
        Nesterov, 2004, Introductory lectures on convex optimization, section 2.1.2.
    """
    best = 1 - np.arange(1, size + 1) / (size + 1)
    matrix = (2 * np.eye(size) - np.eye(size, k=1) - np.eye(size, k=-1)) / 4
    return Problem(
        value=lambda x: ((x - best) * ((x - best) @ matrix)).sum(-1) / 2,
        slope=lambda x: (x - best) @ matrix,
        best=best,
        curvature=np.linalg.eigvalsh(matrix)[-1],
        limit=1.0,
    )


def huber(threshold, size=5):
    """Return a parabola that goes on as a straight line beyond the threshold.

    Args:
        threshold: Where the line begins, positive; an array has one problem a row.
        size: Number of coordinates, of which each has its own. Defaults to `5`.
    """

    def value(x):
        inside = np.minimum(abs(x), threshold)
        return (inside * (abs(x) - inside / 2)).sum(-1)

    return Problem(
        value=value,
        slope=lambda x: np.clip(x, -threshold, threshold),
        best=np.zeros(size),
        curvature=1.0,
        limit=1.0,
    )


def log_sum_exp(rows):
    """Return log Σ exp(rows · x): its Hessian is the covariance of the rows.

    No variance exceeds a quarter of the squared distance of the two furthest rows,
    and Newton's method finds where their mean is 0.

    Args:
        rows: Array (rows, size), with 0 inside of their hull.
    """

    def value(x):
        scores = x @ rows.T
        top = scores.max(-1, keepdims=True)
        return top[..., 0] + np.log(np.exp(scores - top).sum(-1))

    def hessian(x):
        shares = softmax(x @ rows.T)
        mean = shares @ rows
        return (rows * shares[:, None]).T @ rows - np.outer(mean, mean)

    best = newton(
        lambda x: keras.ops.logsumexp(keras.ops.sum(rows * x, axis=1)),
        np.zeros(rows.shape[1]),
        tolerance=1e-14,
    ).x
    distances = ((rows[:, None] - rows) ** 2).sum(-1)
    return Problem(
        value=value,
        slope=lambda x: softmax(x @ rows.T) @ rows,
        best=best,
        curvature=np.linalg.eigvalsh(hessian(best))[-1],
        limit=distances.max() / 4,
        least=value(best),
        hessian=hessian,
    )


def softmax(scores):
    """Return exp(scores) over its sum along the last axis."""
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def quartic(size=2):
    """Return a quarter of the sum of x⁴, which is flat at its optimum.

    Args:
        size: Number of coordinates. Defaults to `2`.
    """
    return Problem(
        value=lambda x: (x**4).sum(-1) / 4,
        slope=lambda x: x**3,
        best=np.zeros(size),
        curvature=0.0,
        limit=np.inf,
    )


def capped_root():
    """Return |x|^(3/2), straight beyond 1: Lipschitz, while its slope is not.

    The slope √|x| stays at 1 beyond 1. Whatever the fixed step t, descent ends in
    hopping between t²/4 and -t²/4.
    """

    def value(x):
        inside = np.minimum(abs(x), 1)
        return (2 / 3 * inside**1.5 + abs(x) - inside).sum(-1)

    return Problem(
        value=value,
        slope=lambda x: np.sign(x) * np.sqrt(np.minimum(abs(x), 1)),
        best=np.zeros(1),
        curvature=np.inf,
        limit=np.inf,
    )
