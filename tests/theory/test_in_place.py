"""What is timed: values, slopes and steps by hand agree with Keras's."""

import keras
import numpy as np
import pytest

from study.gradients import gradient
from study.theory.in_place import (
    CLASSES,
    INPUTS,
    KERAS,
    NUMPY,
    keras_network,
    network,
    operations,
    step,
    steps,
)

X = np.array([-2.0, -0.5, 0.3, 4.0], "float32")


def value(name, x):
    out = np.empty_like(x)
    NUMPY[name][0](x, out)
    return out


@pytest.mark.parametrize("name", ["2x", "ReLU", "leaky ReLU", "sigmoid", "tanh"])
def test_values_by_hand_are_those_of_keras(name):
    twin = keras.ops.convert_to_numpy(KERAS[name][0](X))
    np.testing.assert_allclose(value(name, X), twin, rtol=1e-5)


@pytest.mark.parametrize("name", ["ReLU", "leaky ReLU", "sigmoid", "tanh"])
def test_slopes_from_the_outputs_are_those_of_autodiff(name):
    function = KERAS[name][0]
    right = gradient(lambda x: keras.ops.sum(function(x)), X)
    y = value(name, X)
    by_hand = NUMPY[name][1](y, np.empty_like(y))
    by_keras = KERAS[name][1](keras.ops.convert_to_tensor(y))
    for found in (by_hand, by_keras):
        # 1 - y² loses what y near 1 rounds: twice 6e-8.
        np.testing.assert_allclose(np.asarray(found), right, rtol=1e-5, atol=2.4e-7)


def test_every_value_and_slope_is_a_call_but_the_slope_of_none():
    calls = operations(X)
    assert len(calls) == 2 * (5 + 4)
    assert ("NumPy", "2x", "slope") not in calls
    for (library, name, what), call in calls.items():
        found = call()
        if library == "Keras":  # waits for one number
            assert np.shape(found) == (1,), (name, what)


def data(examples):
    random = np.random.default_rng(0)
    x = random.random((examples, INPUTS), "float32")
    return random, x, random.integers(CLASSES, size=examples)


@pytest.mark.parametrize("activation", ["ReLU", "sigmoid", "tanh"])
def test_a_step_by_hand_is_the_step_of_keras(activation):
    random, x, labels = data(6)
    layers = network(random, (7, 5))
    model = keras_network(layers, activation)
    model.train_on_batch(x, labels)
    step(layers, x, labels, activation)
    by_hand = [each for layer in layers for each in layer]
    for mine, twin in zip(by_hand, model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, twin, atol=1e-6)


def test_every_activation_has_a_step_in_both_libraries():
    random, x, labels = data(3)
    calls = steps(random, (4,), x, labels, ("ReLU", "tanh"))
    assert [*calls] == [
        (library, name) for name in ("ReLU", "tanh") for library in ("NumPy", "Keras")
    ]
    for call in calls.values():
        call()
