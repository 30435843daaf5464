"""Newton's method with the full Hessian, for small problems."""

from typing import Any, NamedTuple

import numpy as np

from study.gradients import gradient, hessian, value
from study.optimizers.optimizer import NOT_NEGATIVE, number

# A step is taken if the function changes by at least this share of what its slope
# promises: the usual constant of Armijo's rule.
ARMIJO = 1e-4


class NewtonResult(NamedTuple):
    """Where Newton's method went.

    Attributes:
        x: The last point, with the shape of the start.
        value: The function there.
        path: All points, the start first, (steps taken + 1, *shape of the start).
        converged: Whether the gradient's norm at `x` is at most the tolerance.
    """

    x: np.ndarray
    value: float
    path: np.ndarray
    converged: bool


def newton(
    function: Any,
    start: Any,
    *,
    damping: float = 0.0,
    saddle_free: bool = False,
    steps: int = 100,
    tolerance: float = 1e-8,
) -> Any:
    """Find where the gradient of a scalar function is 0, by Newton's method.

    Formula, with `g` the gradient and `H` the Hessian at `x`:

        direction = -inverse(H + damping * I) @ g
        x += length * direction

    `length` is 1, halved until the function changes by at least `1e-4` of
    `length * g @ direction` and in the same sense, the backtracking search of Armijo.

    Without `saddle_free` the method goes to the nearest critical point of any kind, be
    it a minimum, a saddle or a maximum, and reaches that of a quadratic in one step.
    With it, the absolute values of the eigenvalues of `H` stand in their place, so that
    every step goes down and saddles repel.

    Memory grows with the square and time with the cube of the number of weights. It
    holds the whole of `x` in one array, which an optimizer of `model.fit`, called
    weight by weight, cannot; to train a model, cut `x` into its weights and call
    `model.stateless_call` in `function`.

    Args:
        function: Function from a tensor of the shape of `start` to one number, written
            with `keras.ops`.
        start: NumPy array or nested list of floats, of any shape. Its precision is that
            of the computation.
        damping: Number added to the Hessian's diagonal, at least 0. A large one turns
            steps into short steps down the gradient. Defaults to `0.0`.
        saddle_free: Boolean, whether eigenvalues are taken without their sign. Defaults
            to `False`.
        steps: Most steps taken, an integer of at least 0. Defaults to `100`.
        tolerance: Norm of the gradient at which the search ends, at least 0. Defaults
            to `1e-8`, which float32 seldom reaches.

    Returns:
        `NewtonResult` with `x`, `value`, `path` and `converged`. The search also ends
        where no length changes the function enough, for lack of precision as a rule.

    Raises:
        ValueError: If `damping`, `steps` or `tolerance` is out of range, if `start`
            does not hold floats, if `function` returns more than one number, or if the
            damped Hessian is singular or not finite.

    Example: A quadratic takes one step; a saddle attracts or repels.

    >>> valley = lambda x: x[0] ** 2 + 10 * x[0] * x[1] + 50 * x[1] ** 2
    >>> print(newton(valley, [3.0, 4.0]).path.round(6) + 0.0)
    [[3. 4.]
     [0. 0.]]
    >>> saddle = lambda x: x[0] ** 2 - x[1] ** 2 + x[1] ** 4 / 4
    >>> print(newton(saddle, [1.0, 0.1]).x.round(3) + 0.0)
    [0. 0.]
    >>> print(newton(saddle, [1.0, 0.1], saddle_free=True).x.round(3) + 0.0)
    [0.    1.414]

    Reference:
        Boyd and Vandenberghe, 2004, Convex optimization, section 9.5. Without saddles:
        Dauphin and others, 2014, Identifying and attacking the saddle point problem in
        high-dimensional non-convex optimization.
    """
    meaning = "must not be negative"
    damping = number("damping", damping, NOT_NEGATIVE, meaning)
    steps = number("steps", steps, NOT_NEGATIVE, meaning)
    tolerance = number("tolerance", tolerance, NOT_NEGATIVE, meaning)
    path = [np.asarray(start)]
    while True:
        x = path[-1]
        g = gradient(function, x).ravel()
        converged = bool(np.linalg.norm(g) <= tolerance)
        if converged or len(path) > steps:
            break
        direction = _direction(hessian(function, x), g, damping, saddle_free)
        after = _search(function, x, g, direction)
        if after is None:
            break
        path.append(after)
    return NewtonResult(x, float(value(function, x)), np.stack(path), converged)


def _direction(hessian, g, damping, saddle_free):
    hessian = hessian.reshape(g.size, g.size)
    try:
        if saddle_free:
            eigenvalues, vectors = np.linalg.eigh(hessian)
            hessian = (vectors * abs(eigenvalues)) @ vectors.T
        damped = hessian + damping * np.eye(g.size, dtype=g.dtype)
        direction = -np.linalg.solve(damped, g)
        if not np.isfinite(direction).all():
            raise np.linalg.LinAlgError
    except np.linalg.LinAlgError:
        raise ValueError(
            "the Hessian is singular or not finite: expected curvature in every "
            f"direction. Pass a larger `damping`. Received: damping={damping}"
        ) from None
    return direction


def _search(function, x, g, direction):
    """Return the point that the backtracking search takes, or `None`."""
    start = value(function, x)
    slope = g @ direction
    rounding = 10 * np.finfo(x.dtype).eps * abs(start)
    length = 1.0
    while True:
        after = x + np.asarray(length * direction, x.dtype).reshape(x.shape)
        if np.array_equal(after, x):
            return None
        change = np.sign(slope) * (value(function, after) - start)
        if change >= ARMIJO * length * abs(slope) - rounding:
            return after
        length /= 2
