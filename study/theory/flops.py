"""Steps of Newton's method and of gradient descent, with their flops counted.

Every sum, difference, product and quotient of two numbers is a flop.
"""

import numpy as np

from study.theory.timing import best

__all__ = ["backtrack", "convex", "costs", "eliminate", "gradient_step"]


def eliminate(matrix, right):
    """Solve a linear system by Gaussian elimination; return it and the flops counted.

    Args:
        matrix: Array (n, n) that needs no pivots, such as a positive definite one.
        right: Array (n,).

    Example: A factor, a product and a difference twice; 1 and 3 flops on the way back.

    >>> solution, flops = eliminate(np.array([[2.0, 1], [1, 3]]), np.array([4.0, 7.0]))
    >>> solution.tolist(), flops
    ([1.0, 2.0], 9)
    """
    a, b, flops = matrix.copy(), right.copy(), 0
    for k in range(len(b) - 1):
        factors = a[k + 1 :, k] / a[k, k]
        a[k + 1 :, k + 1 :] -= np.outer(factors, a[k, k + 1 :])
        b[k + 1 :] -= factors * b[k]
        flops += len(factors) * (1 + 2 * len(factors) + 2)
    for k in reversed(range(len(b))):
        b[k] = (b[k] - a[k, k + 1 :] @ b[k + 1 :]) / a[k, k]
        flops += 2 * (len(b) - k - 1) + 1
    return b, flops


def gradient_step(x, slope, t):
    """Take one gradient step, x - t · slope; return it and the flops counted."""
    return x - t * slope, 2 * len(x)


def backtrack(function, x, slope, direction, share=1e-4):
    """Halve the step until Armijo's rule holds; return its length, trials and flops.

    Flops are those of the search itself: none of `function`, and once the product of
    slope and direction.

    Args:
        function: Function of an array (n,) to a number.
        x: Where the step begins, (n,).
        slope: Gradient there, (n,).
        direction: Way down, (n,).
        share: Share of the fall that the slope foretells, which a step must keep.
            Defaults to `1e-4`.
    """
    start, fall = function(x), slope @ direction
    length, trials, flops = 1.0, 0, 2 * len(x) - 1
    while True:
        after = x + length * direction
        trials, flops = trials + 1, flops + 2 * len(x) + 4
        if function(after) <= start + share * length * fall:
            return length, trials, flops
        length /= 2


def convex(n, random):
    """Draw a well-conditioned Hessian of full rank, (n, n), and a slope, (n,)."""
    factor = random.standard_normal((n, n)) / np.sqrt(n)
    return factor @ factor.T + np.eye(n), random.standard_normal(n)


def costs(n, random, repeats=10):
    """Tell what a step of either method keeps, computes and spends on its search.

    Args:
        n: Number of weights.
        random: NumPy generator.
        repeats: Steps of which the quickest is timed. Defaults to `10`.

    Yields:
        Whether it is Newton's step, and a row: bytes kept, flops, trials of the search,
        flops of a trial, seconds, and how far elimination is from NumPy's solution.
    """
    matrix, slope = convex(n, random)
    x = random.standard_normal(n)
    direction, flops = eliminate(matrix, slope)
    wrong = abs(direction - np.linalg.solve(matrix, slope)).max()
    for second_order, kept, needed, way, action, error in (
        (
            True,
            matrix.nbytes,
            flops + n,
            -np.linalg.solve(matrix, matrix @ x),
            lambda: np.linalg.solve(matrix, slope),
            wrong,
        ),
        (
            False,
            slope.nbytes,
            gradient_step(x, slope, 0.1)[1],
            -(matrix @ x),
            lambda: gradient_step(x, slope, 0.1),
            np.nan,
        ),
    ):
        _, trials, searched = backtrack(
            lambda y: y @ (matrix @ y) / 2, x, matrix @ x, way
        )
        row = {
            "bytes": kept,
            "flops": needed,
            "trials": trials,
            "search": (searched - 2 * n + 1) / trials,
            "seconds_step": best(action, repeats),
            "error": error,
        }
        yield second_order, row
