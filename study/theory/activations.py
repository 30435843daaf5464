"""Activations by NumPy alone: as the lectures print them, with slopes in closed form.

The components of `study.activations` are checked against these.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = [
    "LINEAR",
    "PRINTED",
    "RELU",
    "SIGMOID",
    "SLOPES",
    "TANH",
    "Activation",
    "cross_entropy",
    "relu",
    "sigmoid",
    "softmax",
]


def sigmoid(z):
    """Return `1 / (1 + exp(-z))`, for an array or a number.

    Example:

    >>> float(sigmoid(0.0)), float(sigmoid(-1000.0))
    (0.5, 0.0)
    """
    with np.errstate(over="ignore"):  # 1 / infinity is the 0 that it should be
        return 1 / (1 + np.exp(-z))


def relu(z):
    """Return `max(z, 0)`, for an array or a number."""
    return np.maximum(z, 0)


def softmax(z, axis=-1):
    """Return `exp(z) / sum(exp(z))` along an axis, without overflow.

    Example:

    >>> softmax(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def cross_entropy(probabilities, labels):
    """Return the mean of `-log p` of the right class.

    Args:
        probabilities: NumPy array, (examples, classes).
        labels: Integers from 0, one an example.
    """
    return -np.log(probabilities[np.arange(len(labels)), labels]).mean()


@dataclass(frozen=True)
class Activation:
    """Pair an activation with its slope, told from its output.

    Args:
        function: y from z, entry by entry.
        slope: dy/dz from y, as back-propagation has it at hand.
    """

    function: Callable
    slope: Callable


SIGMOID = Activation(sigmoid, lambda y: y * (1 - y))
TANH = Activation(np.tanh, lambda y: 1 - y**2)
RELU = Activation(relu, lambda y: y > 0)
LINEAR = Activation(lambda z: z, np.ones_like)


def _sinc_slope(x):
    away = np.where(x == 0, 1, x)
    return np.where(x == 0, 0, (np.cos(away) - np.sin(away) / away) / away)


def _mish_slope(x):
    gate = np.tanh(np.log1p(np.exp(x)))
    return gate + x * (1 - gate**2) * sigmoid(x)


# The slopes in closed form, from the input; at a kink the one from the left.
SLOPES = {
    "sigmoid": lambda x: sigmoid(x) * (1 - sigmoid(x)),
    "tanh": lambda x: 4 / (np.exp(x) + np.exp(-x)) ** 2,
    "step": lambda x, threshold: np.zeros_like(x),
    "softplus": sigmoid,
    "ReLU": lambda x: 1.0 * (x > 0),
    "softsign": lambda x: 1 / (1 + abs(x)) ** 2,
    "ELU": lambda x, alpha: np.where(x > 0, 1, alpha * np.exp(x)),
    "log-sigmoid": lambda x: sigmoid(-x),
    "swish": lambda x: sigmoid(x) * (1 + x * (1 - sigmoid(x))),
    "sinc": _sinc_slope,
    "leaky ReLU 0.01": lambda x, negative_slope: np.where(x > 0, 1, 0.01),
    "leaky ReLU 0.1": lambda x, negative_slope: np.where(x > 0, 1, 0.1),
    "mish": _mish_slope,
}

# What the lectures print, letter by letter: the claim, the activation and the formula.
PRINTED = {
    "d0-09": ("ReLU", lambda x: np.where(x > 0, x, 0)),
    "d0-18": ("leaky ReLU 0.01", lambda x, **_: np.where(x > 0, x, 0.01 * x)),
    "d0-19": ("swish", lambda x: x / (1 + np.exp(-x))),
    "d2-05": ("sigmoid", lambda x: 1 / (1 + np.exp(-x))),
    "d2-06": ("tanh", np.tanh),
    "d2-07": ("step", lambda x, threshold: np.where(x < threshold, 0, 1)),
    "d2-08": ("softplus", lambda x: np.log(1 + np.exp(x))),
    "d2-09": ("ReLU", lambda x: np.where(x < 0, 0, x)),
    "d2-10": ("softsign", lambda x: x / (1 + abs(x))),
    "d2-11": ("ELU", lambda x, alpha: np.where(x < 0, alpha * (np.exp(x) - 1), x)),
    "d2-12": ("log-sigmoid", lambda x: np.log(1 / (1 + np.exp(-x)))),
    "d2-13": ("swish", lambda x: x / (1 + np.exp(-x))),
    "d2-14": ("sinc", lambda x: np.sin(x) / x),
    "d2-15": ("leaky ReLU 0.1", lambda x, **_: np.maximum(0.1 * x, x)),
    "d2-16": ("mish", lambda x: x * np.tanh(np.log(1 + np.exp(x)))),
    "d3-18": ("leaky ReLU 0.1", lambda x, **_: np.maximum(0.1 * x, x)),
    "d3-19": ("ELU", lambda x, alpha: np.where(x > 0, x, alpha * (np.exp(x) - 1))),
    "d3-37": ("ReLU", lambda x: np.maximum(0, x)),
}
