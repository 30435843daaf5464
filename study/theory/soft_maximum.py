"""A convex loss, log Σ exp x + Σ x² / 2: its slope's length, and Newton's step."""

import keras
import numpy as np

from study.gradients import gradient
from study.optimizers.newton import newton

__all__ = ["downhill", "loss", "newtons"]


def loss(x):
    """Return `log Σ exp x + Σ x² / 2` of a tensor."""
    return keras.ops.log(keras.ops.sum(keras.ops.exp(x))) + keras.ops.sum(x**2) / 2


def downhill(start):
    """Return how far the fall of a tiny step is from the gradient's length."""
    slope, tiny = gradient(loss, start), 1e-5
    length = np.linalg.norm(slope)
    up, down = (
        float(loss(keras.ops.convert_to_tensor(start + way * tiny * (-slope / length))))
        for way in (1, -1)
    )
    return abs((up - down) / (2 * tiny) / length + 1)


def newtons(start):
    """Return how far Newton's step is from the solution of H d = −g."""
    found = newton(loss, start, steps=1).path
    p = np.exp(start) / np.exp(start).sum()
    g, h = p + start, np.diag(p) - np.outer(p, p) + np.eye(len(start))
    return float(np.abs(found[-1] - start - np.linalg.solve(h, -g)).max())
