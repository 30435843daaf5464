"""Walk an optimizer and its twins down the same hill, step by step."""

import keras
import numpy as np

from study import optimizers
from study.optimizers import (
    SGD,
    AdaDelta,
    AdaGrad,
    Adam,
    Momentum,
    Nadam,
    Nesterov,
    RMSProp,
)

STEPS = 50
EPSILON = 2**-10
OURS = [
    each
    for each in (getattr(optimizers, name) for name in optimizers.__all__)
    if isinstance(each, type)
]
# Pairs of makers, ours and Keras's with the same settings; both take the arguments of
# every Keras optimizer. Rates, shares and epsilons, here and wherever walks are
# compared, are numbers that float32 holds exactly: Keras rounds them to it even where
# the weights are float64, in its own optimizers, and on PyTorch in every operator.
PAIRS = {
    SGD: (
        lambda **base: SGD(**{"learning_rate": 0.125} | base),
        lambda **base: keras.optimizers.SGD(**{"learning_rate": 0.125} | base),
    ),
    Momentum: (
        lambda **base: Momentum(**{"learning_rate": 0.0625, "momentum": 0.75} | base),
        lambda **base: keras.optimizers.SGD(
            **{"learning_rate": 0.0625, "momentum": 0.75} | base
        ),
    ),
    Nesterov: (
        lambda **base: Nesterov(**{"learning_rate": 0.0625, "momentum": 0.75} | base),
        lambda **base: keras.optimizers.SGD(
            **{"learning_rate": 0.0625, "momentum": 0.75} | base, nesterov=True
        ),
    ),
    AdaGrad: (
        lambda **base: AdaGrad(
            **{"learning_rate": 0.25} | base,
            initial_accumulator_value=0.5,
            epsilon=EPSILON,
            epsilon_inside=True,
        ),
        lambda **base: keras.optimizers.Adagrad(
            **{"learning_rate": 0.25} | base,
            initial_accumulator_value=0.5,
            epsilon=EPSILON,
        ),
    ),
    RMSProp: (
        lambda **base: RMSProp(
            **{"learning_rate": 0.03125} | base,
            rho=0.75,
            epsilon=EPSILON,
            epsilon_inside=True,
        ),
        lambda **base: keras.optimizers.RMSprop(
            **{"learning_rate": 0.03125} | base, rho=0.75, epsilon=EPSILON
        ),
    ),
    AdaDelta: (
        lambda **base: AdaDelta(
            **{"learning_rate": 0.5} | base, rho=0.75, epsilon=EPSILON
        ),
        lambda **base: keras.optimizers.Adadelta(
            **{"learning_rate": 0.5} | base, rho=0.75, epsilon=EPSILON
        ),
    ),
    Adam: (
        lambda **base: Adam(
            **{"learning_rate": 0.03125} | base,
            beta_1=0.75,
            beta_2=0.9375,
            epsilon=EPSILON,
        ),
        lambda **base: keras.optimizers.Adam(
            **{"learning_rate": 0.03125} | base,
            beta_1=0.75,
            beta_2=0.9375,
            epsilon=EPSILON,
        ),
    ),
    Nadam: (
        lambda **base: Nadam(
            **{"learning_rate": 0.03125} | base,
            beta_1=0.75,
            beta_2=0.9375,
            epsilon=EPSILON,
            momentum_decay=1.0,
        ),
        lambda **base: keras.optimizers.Nadam(
            **{"learning_rate": 0.03125} | base,
            beta_1=0.75,
            beta_2=0.9375,
            epsilon=EPSILON,
        ),
    ),
}

START = np.linspace(-2, 3, 15).reshape(3, 5)
CURVATURE = np.geomspace(0.5, 4, 15).reshape(3, 5)


def slope(weights, step):
    """Return the gradient of a bowl around 1, shaken by a known noise."""
    return CURVATURE * (weights - 1) + 0.5 * np.sin(7 * step + 10 * START)


def walk(optimizer, steps=STEPS):
    """Return the weights after every step, (steps, 3, 5), in float64."""
    variable = keras.Variable(START, dtype="float64")
    path = []
    for step in range(steps):
        gradient = slope(variable.numpy(), step)
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
        path.append(variable.numpy().copy())
    return np.array(path)


def assert_same_path(path, expected, tolerance=0.0):
    """Compare two walks in the precision of the first, or less exactly.

    50 steps of about ten roundings each make five hundred; the hill is a bowl and
    forgets them, so that ten thousand are never reached.
    """
    expected = np.array(expected)
    assert path.shape == expected.shape
    tolerance = max(tolerance, 1e4 * np.finfo(path.dtype).eps)
    np.testing.assert_allclose(path, expected, rtol=tolerance, atol=tolerance)
    assert abs(expected - START).max() > 1e-2  # standing still would prove nothing


def apply_by_hand(optimizer, gradients, start=2.0):
    """Return one weight after each of the given gradients, as floats."""
    variable = keras.Variable([start])
    path = []
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor([gradient])], [variable])
        path.append(float(variable.numpy()[0]))
    return path
