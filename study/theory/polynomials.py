"""Least squares on the powers of a number, with and without a ridge.

Formula of what is least: ‖φθ - y‖² + strength · ‖θ‖². All solvers take `phi`,
(examples, powers), `y`, (examples,), and the strength of the ridge.
"""

import numpy as np


def features(x, degree):
    """Return the powers of x from 0 to degree, a column each.

    Example:

    >>> print(features(np.array([2.0, 3.0]), 2))
    [[1. 2. 4.]
     [1. 3. 9.]]
    """
    return x[:, None] ** np.arange(degree + 1)


def noisy_sine(random, x, noise):
    """Draw a sine of one period from 0 to 1 with normal noise of a deviation."""
    return np.sin(2 * np.pi * x) + random.normal(0, noise, len(x))


def least_squares(phi, y):
    """Minimize ‖φθ - y‖²; the least such θ where several do."""
    return np.linalg.lstsq(phi, y, rcond=None)[0]


def ridge(phi, y, strength):
    """Minimize with a ridge as least squares with rows of √strength under φ.

    That is solved without squaring φ's condition number.
    """
    width = phi.shape[1]
    rows = np.vstack([phi, np.sqrt(strength) * np.eye(width)])
    return least_squares(rows, np.append(y, np.zeros(width)))


def closed_form(phi, y, strength):
    """Return (φᵀφ + strength·I)⁻¹ φᵀy."""
    return np.linalg.solve(phi.T @ phi + strength * np.eye(phi.shape[1]), phi.T @ y)


def objective(theta, phi, y, strength):
    """Return what is least at the solution."""
    return ((phi @ theta - y) ** 2).sum() + strength * (theta**2).sum()


def slope(theta, phi, y, strength, step=1e-3):
    """Return the objective's gradient; central differences of a quadratic are exact."""
    return np.array(
        [
            objective(theta + each, phi, y, strength)
            - objective(theta - each, phi, y, strength)
            for each in step * np.eye(len(theta))
        ]
    ) / (2 * step)


def decayed(phi, y, strength, doublings=60):
    """Return what 2^doublings steps of gradient descent with weight decay end at.

    A step on the squared residuals, with decay, is θ ← A θ + b; two of them are
    θ ← A² θ + (A + I) b.
    """
    identity = np.eye(phi.shape[1])
    curvature = 2 * phi.T @ phi
    rate = 1 / (np.linalg.eigvalsh(curvature)[-1] + 2 * strength)
    keep = (1 - 2 * rate * strength) * identity - rate * curvature
    shift = 2 * rate * phi.T @ y
    for _ in range(doublings):
        keep, shift = keep @ keep, keep @ shift + shift
    return shift


def ridge_errors(phi, y, strength):
    """Yield three other ways to the ridge's solution, with the closed form's errors.

    They are a gradient of 0, relative to that where all coefficients are 0, least
    squares, and gradient descent with weight decay, relative to the solution.
    """
    theta = closed_form(phi, y, strength)
    size, scale = np.linalg.norm(theta), np.linalg.norm(2 * phi.T @ y)
    for against, off, unit in (
        ("gradient", slope(theta, phi, y, strength), scale),
        ("least squares", ridge(phi, y, strength) - theta, size),
        ("weight decay", decayed(phi, y, strength) - theta, size),
    ):
        yield against, np.linalg.norm(off) / unit


def fitted(random, x, y, degree, strength, noise, tests=1_000):
    """Fit a polynomial to points of the sine, and measure it on others.

    Args:
        random: NumPy generator, which draws the others evenly from 0 to 1.
        x, y: Arrays (examples,).
        degree: Of the polynomial.
        strength: Of the ridge; 0 for least squares.
        noise: Deviation of the noise on the targets that it is tested on.
        tests: How many points. Defaults to `1_000`.

    Returns:
        A row: mean squared error on the given points, and in decades (log10) that on
        the others, the norm of the coefficients and the sum of squared residuals.
    """
    phi = features(x, degree)
    theta = ridge(phi, y, strength) if strength else least_squares(phi, y)
    places = random.uniform(0, 1, tests)
    targets = noisy_sine(random, places, noise)
    test = np.mean((features(places, degree) @ theta - targets) ** 2)
    return {
        "norm": np.log10(np.linalg.norm(theta)),
        "train": np.mean((phi @ theta - y) ** 2),
        "misfit": np.log10(((phi @ theta - y) ** 2).sum()),
        "test": np.log10(test),
    }
