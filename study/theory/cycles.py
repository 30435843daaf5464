"""A cycle of single steps over all examples, beside one step down their sum."""

import keras
import numpy as np


def logistic(x, a):
    """Return the slope of log(1 + exp(-a · x))."""
    return -a / (1 + np.exp((a * x).sum(-1, keepdims=True)))


def mean_logistic(x, examples):
    """Return the slope of the mean of log(1 + exp(-a · x)) over examples a."""
    return logistic(x, examples).mean(axis=0)


def logistic_loss(examples):
    """Return that mean as a function of a tensor, for `study.gradients`."""

    def loss(x):
        scores = keras.ops.sum(examples * x, axis=-1)
        return keras.ops.mean(keras.ops.log1p(keras.ops.exp(-scores)))

    return loss


def squares(x, a):
    """Return the slope of (a · x - 1)² / 2."""
    return a * ((a * x).sum(-1, keepdims=True) - 1)


def slopes_of(family, examples):
    """List the slopes of the examples' losses, each a function of `x`.

    Args:
        family: Function of `x` and an example, such as `logistic`.
        examples: Array (examples, size).
    """
    return [lambda x, a=a: family(x, a) for a in examples]


def worst_hubers(narrowest, count):
    """Return losses all alike, of slope at most 1, and starts: what is worst is sought.

    Slopes go from -1 to 1 within `narrowest` or more, one row each, starts beside.
    """
    widths = np.geomspace(narrowest, 1, 40)[:, None]
    starts = np.geomspace(1e-9, 1, 400)[None]
    return [lambda x: np.clip(x / widths, -1, 1)] * count, starts + 0 * widths


def cycle(slopes, x, t):
    """Take one step down each of the slopes in turn; return all points and slopes."""
    points, met = [x], []
    for slope in slopes:
        met.append(slope(points[-1]))
        points.append(points[-1] - t * met[-1])
    return points, met


def difference(slopes, x, t):
    """Return Σ [∇f_i(x⁽ᵏ⁺ⁱ⁻¹⁾) - ∇f_i(x⁽ᵏ⁾)], what a cycle has beside a batch."""
    _, met = cycle(slopes, x, t)
    return sum(met) - sum(slope(x) for slope in slopes)
