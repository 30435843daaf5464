"""Rotated quadratics side by side, steps of both orders down them, and their errors.

Hessians are an array (problems, size, size) and points one of (problems, size, 1); the
optimum is 0.
"""

import numpy as np

__all__ = [
    "bug",
    "gap",
    "harms",
    "iterations",
    "many_steps",
    "needed",
    "newton_step",
    "quadratics",
    "rotated",
]
SPREAD = 12  # unknowns of the problems that are solved
STEPS = 100  # of gradient descent, where Newton's method takes one


def rotated(randoms, condition, size, far_out=0):
    """Draw a Hessian with curvatures from 1/condition to 1, and a start at distance 1.

    Args:
        randoms: NumPy generators, one a problem.
        condition: Condition number, at least 1.
        size: Number of unknowns.
        far_out: With 1 starts lie far out where curvatures are small, so that the
            slowest direction holds much of the gap. Defaults to `0`.
    """
    curvatures = np.geomspace(1 / condition, 1, size)
    matrices, starts = [], []
    for random in randoms:
        turn, _ = np.linalg.qr(random.standard_normal((size, size)))
        matrices.append((turn * curvatures) @ turn.T)
        start = turn @ (random.standard_normal(size) / curvatures**far_out)
        starts.append(start / np.linalg.norm(start))
    return np.stack(matrices), np.stack(starts)[..., None]


def quadratics(draws, condition, replicates, far_out=0):
    """Draw the problem of a condition number for each of some seeds.

    Args:
        draws: Function from a replicate and a purpose to a NumPy generator.
        condition, far_out: As in `rotated`.
        replicates: How many.
    """
    randoms = [draws(each, f"quadratic {condition}") for each in range(replicates)]
    return rotated(randoms, condition, SPREAD, far_out)


def gap(matrices, x):
    """Return half of xᵀHx of each problem, (problems,)."""
    return (x * (matrices @ x)).sum(axis=(1, 2)) / 2


def iterations(second_order, matrices, x, share):
    """Count the steps of each problem until its gap is a share of that at the start.

    Args:
        second_order: Whether steps are Newton's, or of gradient descent with t = 1.
        matrices: Hessians, of curvatures up to 1.
        x: Starts.
        share: Float between 0 and 1.
    """
    goal, counts = share * gap(matrices, x), np.zeros(len(x))
    while (open_ := gap(matrices, x) > goal).any():
        counts += open_
        x = newton_step(matrices, x, matrices) if second_order else x - matrices @ x
    return counts


def needed(condition, share):
    """Return the gradient steps that leave the slowest direction a share of its gap.

    Formula: κ · ln(1 / share) / 2 for large κ: each shrinks it by 1 − 1/κ, and its gap
    by the square of that.

    Example:

    >>> round(needed(10, 1e-6), 1)
    69.1
    """
    return condition * float(np.log(1 / share)) / 2


def newton_step(matrices, x, seen):
    """Take Newton's step with the Hessians that are seen."""
    return x - np.linalg.solve(seen, matrices @ x)


def many_steps(matrices, x, error=0.0):
    """Take a hundred gradient steps; each slope errs to a side by a share of it."""
    size = x.shape[1]
    for k in range(STEPS):
        slope = matrices @ x
        side = np.roll(slope, 1 + k % (size - 1), axis=1)
        x = x - slope - error * side
    return x


def bug(random, shape, norm):
    """Draw symmetric errors of Hessians, of the spectral norm given."""
    found = random.standard_normal(shape)
    found += found.transpose(0, 2, 1)
    return found * (norm / np.linalg.norm(found, 2, axis=(1, 2))[:, None, None])


def harms(matrices, x, wrong, share):
    """Compare runs with numerical errors, or a bug, with the same runs without.

    Args:
        matrices: Hessians.
        x: Starts.
        wrong: Errors of the Hessians that the bug makes.
        share: Error of the slopes that it makes, as a share of them.

    Yields:
        Whether it is the bug, otherwise single precision; whether it is one step of
        Newton's method, otherwise a hundred of gradient descent; how far each problem
        ends from where it would, in distances that the run without errors went; and its
        gap after over that before.
    """
    h, y = matrices.astype("float32"), x.astype("float32")
    clean = {True: newton_step(matrices, x, matrices), False: many_steps(matrices, x)}
    for by_bug, second_order, found in (
        (False, True, newton_step(h, y, h)),
        (False, False, many_steps(h, y)),
        (True, True, newton_step(matrices, x, matrices + wrong)),
        (True, False, many_steps(matrices, x, share)),
    ):
        right = clean[second_order]
        moved = np.linalg.norm(right - x, axis=(1, 2))
        harm = np.linalg.norm(found - right, axis=(1, 2)) / moved
        yield by_bug, second_order, harm, gap(matrices, found) / gap(matrices, x)
