"""Update rules of optimizers as the lectures print them, with their settings.

A step is a function of gradient, weight, state, number of the step from 1 on and
learning rate; it returns the weight and the state.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from study.theory.arithmetic import root


def sgd(g, w, s, t, rate):
    """Step against the gradient: w −= η g."""
    return w - rate * g, s


def sgd_by_coordinate(g, w, s, t, rate):
    """Step one coordinate after the other, all by one gradient."""
    return np.array([x - rate * slope for x, slope in zip(w, g, strict=True)]), s


def momentum(g, w, s, t, rate, strength=0.9):
    """Step along a velocity: v = γ v − η g; w += v."""
    v = strength * s[0] - rate * g
    return w + v, [v]


def momentum_flipped(g, w, s, t, rate):
    """Step against a velocity uphill: v = γ v + η g; w −= v."""
    v = 0.9 * s[0] + rate * g
    return w - v, [v]


def momentum_decayed(g, w, s, t, rate, decay):
    """Step along a velocity with weight decay: v = γ v − η (g + λ w); w += v."""
    v = 0.9 * s[0] - rate * (g + decay * w)
    return w + v, [v]


def nesterov(g, w, s, t, rate):
    """Step along a velocity that looks ahead: v = γ v − η g; w += γ v − η g."""
    v = 0.9 * s[0] - rate * g
    return w + 0.9 * v - rate * g, [v]


def adagrad(g, w, s, t, rate):
    """Divide by the root of the sum of squares: h += g²; w −= η g / (√h + ε)."""
    h = s[0] + g * g
    return w - rate * g / (root(h) + 1e-7), [h]


def adagrad_growing(g, w, s, t, rate):
    """Step by AdaGrad with a rate that grows with √t: a limit of Adam's."""
    h = s[0] + g * g
    return w - rate * math.sqrt(t) * g / root(h), [h]


def rmsprop(g, w, s, t, rate):
    """Divide by the root of a mean of squares that forgets."""
    h = 0.9 * s[0] + 0.1 * (g * g)
    return w - rate * g / (root(h) + 1e-7), [h]


def rmsprop_corrected(g, w, s, t, rate):
    """Step by RMSProp with Adam's corrected mean: Adam with β₁ = 0."""
    h = 0.999 * s[0] + 0.001 * (g * g)
    return w - rate * math.sqrt(1 - 0.999**t) * g / (root(h) + 1e-8), [h]


def adadelta(g, w, s, t, rate):
    """Scale the gradient to the size of the steps before, without a rate."""
    h = 0.95 * s[0] + 0.05 * (g * g)
    step = root(s[1] + 1e-6) / root(h + 1e-6) * g
    return w - step, [h, 0.95 * s[1] + 0.05 * (step * step)]


def adam(g, w, s, t, rate):
    """Divide a mean gradient by the root of a mean square, bias put into the rate."""
    m = 0.9 * s[0] + 0.1 * g
    v = 0.999 * s[1] + 0.001 * (g * g)
    rate = rate * math.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return w - rate * m / (root(v) + 1e-8), [m, v]


def adam_corrected(g, w, s, t, rate):
    """Step by Adam as its algorithm stands: both means are corrected, then divided."""
    m = 0.9 * s[0] + (1 - 0.9) * g
    v = 0.999 * s[1] + (1 - 0.999) * g**2
    scale = np.sqrt(v / (1 - 0.999**t)) + 1e-8
    return w - rate * m / (1 - 0.9**t) / scale, [m, v]


def averaged(g, w, s, t, rate):
    """Step along momentum's velocity over what its weights sum up to."""
    v = 0.9 * s[0] + 0.1 * g
    return w - rate * v / (1 - 0.9**t), [v]


def nadam(g, w, s, t, rate):
    """Step by Adam with momentum that looks a step ahead and grows."""

    def mu(t):
        return 0.9 * (1 - 0.5 * 0.96 ** (0.004 * t))

    product = math.prod(mu(i) for i in range(1, t + 1))
    m = 0.9 * s[0] + 0.1 * g
    v = 0.999 * s[1] + 0.001 * (g * g)
    ahead = mu(t + 1) / (1 - product * mu(t + 1)) * m + (1 - mu(t)) / (1 - product) * g
    corrected = (1 / (1 - 0.999**t)) * v
    return w - rate * ahead / (root(corrected) + 1e-8), [m, v]


class Rule(NamedTuple):
    """An optimizer as it is printed.

    Attributes:
        formula: The step in words of arithmetic.
        step: The function that takes it.
        slots: Number of arrays that it keeps, each of the weights' shape.
    """

    formula: str
    step: Callable
    slots: int


RULES = {
    "SGD": Rule("w −= η g", sgd, 0),
    "Momentum": Rule("v = γ v − η g; w += v", momentum, 1),
    "Nesterov": Rule("v = γ v − η g; w += γ v − η g", nesterov, 1),
    "AdaGrad": Rule("h += g²; w −= η g / (√h + ε)", adagrad, 1),
    "RMSProp": Rule("h = ρ h + (1 − ρ) g²; w −= η g / (√h + ε)", rmsprop, 1),
    "AdaDelta": Rule(
        "h = ρ h + (1 − ρ) g²; d = √(s + ε) / √(h + ε) g; s = ρ s + (1 − ρ) d²; w −= d",
        adadelta,
        2,
    ),
    "Adam": Rule(
        "m = β₁ m + (1 − β₁) g; v = β₂ v + (1 − β₂) g²; "
        "w −= η √(1 − β₂ᵗ) / (1 − β₁ᵗ) m / (√v + ε)",
        adam,
        2,
    ),
    "Nadam": Rule(
        "m and v as Adam's; w −= η (a m + b g) / (√v̂ + ε), with a and b of the "
        "momentum a step ahead",
        nadam,
        2,
    ),
}
