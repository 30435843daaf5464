"""Train networks by hand under heads: output activations, each with its loss.

There is one hidden layer of tanh units; arrays may have a leading axis of runs.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from study.theory import activations
from study.theory.networks import backward, forward

__all__ = [
    "LINEAR",
    "RELU",
    "SIGMOID",
    "SOFTMAX",
    "TANH",
    "TANH_FOR_SIGMOID",
    "Head",
    "chosen",
    "clipped_cross_entropy",
    "gradients",
    "measured",
    "predict",
    "starts",
    "train",
]

EPSILON = 1e-7  # where Keras clips a probability before it takes the logarithm


def _keep(values):
    return values


def _squared(y, t):
    """Return the slope of (y - t)² by y."""
    return 2 * (y - t)


def clipped_cross_entropy(y, t):
    """Return the slope by y of a cross-entropy that clips y, 0 where it is clipped."""
    inside = (y > EPSILON) & (y < 1 - EPSILON)
    p = np.clip(y, EPSILON, 1 - EPSILON)
    return np.where(inside, (p - t) / (p * (1 - p)), 0)


@dataclass(frozen=True)
class Head:
    """Name an output activation and the loss it is trained with.

    Args:
        output: The activation, y from z.
        error: ∂L/∂z of an example from y and its target t.
        target: What t is from the 0s and 1s, or from the number to predict.
        stated: What the head says of the probability, from y.
    """

    output: Callable
    error: Callable
    target: Callable = _keep
    stated: Callable = _keep


LINEAR = Head(_keep, _squared)
RELU = Head(activations.relu, lambda y, t: _squared(y, t) * (y > 0))
SIGMOID = Head(activations.sigmoid, lambda y, t: y - t)
TANH = Head(
    np.tanh,
    lambda y, t: _squared(y, t) * (1 - y**2),
    target=lambda t: 2 * t - 1,
    stated=lambda y: (y + 1) / 2,
)
TANH_FOR_SIGMOID = Head(np.tanh, lambda y, t: clipped_cross_entropy(y, t) * (1 - y**2))
SOFTMAX = Head(activations.softmax, lambda y, t: y - t)


def starts(random, inputs, hidden, outputs):
    """Draw Xavier weights, with biases of 0, as a list of (kernel, bias)."""
    return [
        (random.normal(0, n**-0.5, (n, m)), np.zeros((1, m)))
        for n, m in ((inputs, hidden), (hidden, outputs))
    ]


def predict(head, layers, x):
    """Return x, the hidden outputs and the answers of a network."""
    return forward(layers, x, np.tanh, last=head.output)


def gradients(head, layers, x, t):
    """Return the gradients of the mean loss, one example's loss summed over outputs.

    Args:
        head: A `Head`.
        layers: List of (kernel, bias).
        x: NumPy array, (..., examples, inputs).
        t: Targets of the head, (..., examples, outputs).
    """
    outputs = predict(head, layers, x)
    error = head.error(outputs[-1], t) / x.shape[-2]
    return backward(layers, outputs, error, activations.TANH.slope)


def train(head, layers, x, t, rate, steps):
    """Return the layers after steps down the gradient of the whole training set."""
    for _ in range(steps):
        slopes = gradients(head, layers, x, t)
        layers = [
            tuple(w - rate * g for w, g in zip(pair, slope, strict=True))
            for pair, slope in zip(layers, slopes, strict=True)
        ]
    return layers


def chosen(said):
    """Return the class that is stated to be likeliest."""
    return said.argmax(axis=2) if said.shape[2] > 1 else said[..., 0] > 0.5


def measured(head, layers, x, t, truth):
    """Measure every run on its test set.

    Args:
        head: A `Head`.
        layers: List of (kernel, bias), with an axis of runs first.
        x: NumPy array, (runs, examples, inputs).
        t: NumPy array, (runs, examples, outputs).
        truth: The true probabilities of the classes, or None for a regression.

    Returns:
        Mapping from a measure to its values, one a run. For a regression the mean
        squared error, the least one that the head can reach, and whether it answers 0
        everywhere; for classes the error (%), that of the true probabilities, the
        distance from these, at most 100 %, also of a network that broke down, and the
        share of answers that are no probabilities.
    """
    y = predict(head, layers, x)[-1]
    if truth is None:
        floor = np.minimum(t, 0) ** 2 if head is RELU else np.zeros_like(t)
        return {
            "squares": ((y - t) ** 2).mean(axis=(1, 2)),
            "floor": floor.mean(axis=(1, 2)),
            "silent": (y == 0).all(axis=(1, 2)).astype(float),
        }
    said = head.stated(y)
    total = said.sum(axis=2) if said.shape[2] > 1 else np.ones(said.shape[:2])
    wrong = chosen(said) != chosen(t)
    off = np.sqrt(((said - truth) ** 2).mean(axis=(1, 2)))
    valid = ((said >= 0) & (said <= 1)).all(axis=2) & (np.abs(total - 1) < 0.01)
    return {
        "error": 100 * wrong.mean(axis=1),
        "floor_of_error": 100 * (chosen(truth) != chosen(t)).mean(axis=1),
        "distance": 100 * np.fmin(off, 1),
        "no_probability": 100 * (~valid).mean(axis=1),
    }
