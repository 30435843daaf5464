"""Paths of methods that see other coordinates, and the sides of a saddle they take."""

import numpy as np

__all__ = ["bowl", "distances", "ends_around_saddle", "path"]


def bowl(x, rows):
    """Return slope and Hessian of log-sum-exp(rows · x) + ‖x‖² / 2.

    Args:
        x: Point, (size,).
        rows: Array (rows, size).
    """
    shares = np.exp(rows @ x - (rows @ x).max())
    shares /= shares.sum()
    mean = shares @ rows
    spread = (rows * shares[:, None]).T @ rows - np.outer(mean, mean)
    return mean + x, spread + np.eye(len(x))


def path(second_order, x, rows, change, steps=20):
    """Return the points of a method down the bowl that sees z where x = change · z.

    Args:
        second_order: Whether it takes Newton's steps, or those of gradient descent.
        x: Start, (size,).
        rows: Rows of the bowl, (rows, size).
        change: Invertible array (size, size).
        steps: Number of steps. Defaults to `20`.

    Returns:
        Array (steps + 1, size), in the coordinates x.
    """
    z = np.linalg.solve(change, x)
    points = [x]
    limit = 1 + ((rows[:, None] - rows) ** 2).sum(-1).max() / 4
    t = 1 / (limit * np.linalg.norm(change, 2) ** 2)
    for _ in range(steps):
        slope, matrix = bowl(change @ z, rows)
        slope, matrix = change.T @ slope, change.T @ matrix @ change
        z = z - (np.linalg.solve(matrix, slope) if second_order else t * slope)
        points.append(change @ z)
    return np.stack(points)


def distances(random, size, stretches, rows=12):
    """Tell how far paths are moved by turned and stretched coordinates.

    Args:
        random: NumPy generator, which draws the bowl, the start and the turns.
        size: Number of coordinates.
        stretches: Largest stretch over smallest, each a change of coordinates.
        rows: Rows of the bowl. Defaults to `12`.

    Yields:
        Whether the path is that of Newton's method, the stretch, and the largest
        distance from the path without it, in distances of the start.
    """
    rows, x = random.standard_normal((rows, size)), random.standard_normal(size)
    left, right = (
        np.linalg.qr(random.standard_normal((size, size)))[0] for _ in range(2)
    )
    for second_order in (True, False):
        plain = path(second_order, x, rows, np.eye(size))
        for stretch in stretches:
            change = (left * np.geomspace(1, stretch, size)) @ right
            moved = abs(path(second_order, x, rows, change) - plain).max()
            yield second_order, stretch, moved / np.linalg.norm(x)


def ends_around_saddle(second_order, start, steps=200):
    """Return where starts end on x² - y² + y⁴ / 4: at the saddle 0 or at minima, in %.

    Args:
        second_order: Whether it takes Newton's steps, or those of gradient descent.
        start: Array (starts, 2).
        steps: Number of steps. Defaults to `200`.

    Returns:
        Shares of the starts that end at the saddle and at one of the minima, y = ±√2.

    Example: Newton's method goes to the saddle that gradient descent leaves.

    >>> near = np.array([[0.5, 0.1]])
    >>> [ends_around_saddle(each, near)["at_saddle"] for each in (True, False)]
    [100.0, 0.0]
    """
    y = start[:, 1]
    for _ in range(steps):
        slope, curvature = -2 * y + y**3, -2 + 3 * y**2
        y = y - slope / curvature if second_order else y - 0.1 * slope
    return {
        "at_saddle": 100 * float(np.mean(abs(y) < 1e-6)),
        "at_minimum": 100 * float(np.mean(abs(abs(y) - np.sqrt(2)) < 1e-6)),
    }
