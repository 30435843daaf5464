"""Learning rates of every epoch, as slides and PyTorch's documentation print them."""

import keras
import numpy as np


def sequence(schedule, epochs):
    """Return the rates of a Keras schedule in all epochs, each of one step."""
    return keras.ops.convert_to_numpy(schedule(keras.ops.arange(epochs))).astype(float)


def recursion(initial, factor, epochs, first_changed):
    """Multiply the last rate by `factor(epoch)` from an epoch on.

    Args:
        initial: Rate before the first epoch.
        factor: Function of the epoch.
        epochs: Number of rates.
        first_changed: The first epoch whose rate is multiplied.

    Example:

    >>> print(recursion(1.0, lambda epoch: 0.5, 3, first_changed=1))
    [1.   0.5  0.25]
    """
    rates, rate = [], initial
    for epoch in range(epochs):
        rate *= factor(epoch) if epoch >= first_changed else 1
        rates.append(rate)
    return np.array(rates)


def step_factor(step_size, gamma):
    """Return the slide's factor: its condition holds at epoch 0 too."""
    return lambda epoch: gamma if epoch % step_size == 0 else 1


def line(initial, end, tau, epochs):
    """Return the slide's line (1 - α) · initial + α · end, α = epoch / τ.

    Args:
        initial, end: Rates at epochs 0 and τ.
        tau: Epochs of the line.
        epochs: Number of rates; those beyond τ fall on.
    """
    alpha = np.arange(epochs) / tau
    return (1 - alpha) * initial + alpha * end


def documented_steps(epochs):
    """Return the rates PyTorch documents for StepLR(step_size=30) from 0.05."""
    return np.select(
        [np.arange(epochs) < 30 * i for i in (1, 2, 3)], (5e-2, 5e-3, 5e-4), 5e-5
    )
