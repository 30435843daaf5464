"""How fast momentum goes down a quadratic of two curvatures, 1 and 1/condition."""

import numpy as np

from study.theory.descents import reversals


def steps_down(condition, start, rate, strength, share, most):
    """Count the steps to a share of the distance, and the turns where it is steep.

    Formula: v = strength · v - rate · curvatures · x; x += v.

    Args:
        condition: Condition number κ of the quadratic.
        start: Point, (2,), its second coordinate the steep one.
        rate: Learning rate.
        strength: Share of the velocity that is kept; 0 is gradient descent.
        share: Of the first distance from the optimum, where steps stop counting.
        most: Steps after which they stop as well.
    """
    curvatures = np.array([1 / condition, 1.0])
    x, v = start.copy(), np.zeros(2)
    goal, steep = share**2 * (x @ x), [x[1]]
    while x @ x > goal and len(steep) <= most:
        v = strength * v - rate * curvatures * x
        x = x + v
        steep.append(x[1])
    return len(steep) - 1, reversals(steep)


def shrinking(condition, strength, rates):
    """Return for each rate by what the distance shrinks a step, in the long run.

    It is the largest absolute eigenvalue of the matrix that takes (x, v) to the next.
    """
    worst = []
    for rate in rates:
        found = []
        for curvature in (1 / condition, 1.0):
            pull = -rate * curvature
            matrix = np.array([[1 + pull, strength], [pull, strength]])
            found.append(abs(np.linalg.eigvals(matrix)).max())
        worst.append(max(found))
    return np.array(worst)
