"""Ways down a function: by a printed rule or by an optimizer of Keras."""

import keras
import numpy as np

from study.theory.formulas import sgd


def descend(x, slope, rates, step=sgd, slots=0):
    """Yield the points of a printed rule, the start first.

    Args:
        x: Start, an array.
        slope: Function of such an array to the gradients there.
        rates: Step size of each step, a number or an array that spreads over `x`.
        step: Rule of `study.theory.formulas`. Defaults to `sgd`.
        slots: Number of arrays that the rule keeps, 0 at first. Defaults to `0`.

    Example: Half of a parabola's way a step.

    >>> [float(x) for x in descend(np.array(1.0), lambda x: x, [0.5, 0.5])]
    [1.0, 0.5, 0.25]
    """
    yield x
    state = [np.zeros_like(x)] * slots
    for t, rate in enumerate(rates, 1):
        x, state = step(slope(x), x, state, t, rate)
        yield x


def end(x, slope, rates, step=sgd, slots=0):
    """Return the last point of `descend`, which keeps none of the others."""
    for point in descend(x, slope, rates, step, slots):
        x = point
    return x


def walk(optimizer, start, slope, steps, rates=None):
    """Return the points of an optimizer of Keras in float64, the start first.

    Args:
        optimizer: Keras optimizer that has taken no step.
        start: Array or nested list of floats.
        slope: Function of such an array to the gradients there.
        steps: Number of steps.
        rates: Learning rate of each step; None leaves the optimizer's own.

    Returns:
        Array (steps + 1, *shape of start).
    """
    points = [np.asarray(start, float)]
    variable = keras.Variable(start, dtype="float64")
    for k in range(steps):
        if rates is not None:
            optimizer.learning_rate = rates[k]
        slopes = keras.ops.convert_to_tensor(slope(points[-1]))
        optimizer.apply([slopes], [variable])
        points.append(keras.ops.convert_to_numpy(variable).copy())
    return np.stack(points)


def given(gradients):
    """Return a slope that is one of the gradients after the other, wherever asked."""
    left = iter(gradients)
    return lambda x: next(left)


def in_turn(slopes):
    """Return a slope that is one of several after the other, at each step the next."""
    left = iter(slopes)
    return lambda x: next(left)(x)


def reversals(values):
    """Count the steps along the first axis that go back on the step before.

    Example:

    >>> int(reversals([0.0, 1.0, 0.5, 0.7, 0.9]))
    2
    """
    steps = np.diff(values, axis=0)
    return (steps[1:] * steps[:-1] < 0).sum(axis=0)


def power(k, values):
    """Fit the power of k that values grow with.

    Example:

    >>> print(round(power(np.array([1.0, 2.0, 4.0]), np.array([1.0, 4.0, 16.0])), 6))
    2.0
    """
    return np.polyfit(np.log(k), np.log(values), 1)[0]


def first(reached):
    """Return the first step at which it is so for each start, the last if never.

    Args:
        reached: Array of booleans (steps + 1, starts).
    """
    last = len(reached) - 1
    return np.where(reached.any(axis=0), reached.argmax(axis=0), last).astype(float)


def apart(a, b):
    """Return the largest difference between two paths or lists of arrays."""
    return max(float(np.abs(x - y).max()) for x, y in zip(a, b, strict=True))
