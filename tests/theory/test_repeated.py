"""What is timed: values, slopes and steps are right, and as often as is asked for."""

import keras
import numpy as np
import pytest
from compiling import JITS

from study.gradients import gradient
from study.theory.repeated import (
    CLASSES,
    INPUTS,
    KERAS,
    NUMPY,
    RATE,
    compiled,
    network,
    operations,
    training,
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


def test_a_compiled_loop_goes_round_as_often_as_is_asked_for():
    call = compiled(
        lambda tensors: [3 * each for each in tensors], 4, X[None], X[:, None]
    )
    rows, columns = call()
    np.testing.assert_allclose(rows, 81 * X[None])
    np.testing.assert_allclose(columns, 81 * X[:1, None])


def test_every_value_and_slope_is_a_call_but_the_slope_of_none():
    calls = operations(X[None], 2)
    assert len(calls) == 2 * (5 + 4)
    assert ("NumPy", "2x", "slope") not in calls
    for (library, name, what), call in calls.items():
        found = call()
        if library == "Keras" and what == "value":
            twice = value(name, value(name, X))
            np.testing.assert_allclose(np.squeeze(found), twice, rtol=1e-5)


@pytest.mark.parametrize("activation", ["ReLU", "sigmoid", "tanh"])
@pytest.mark.usual("tanh")
def test_steps_in_a_loop_are_the_steps_of_keras(activation):
    random = np.random.default_rng(0)
    x = random.random((6, INPUTS), "float32")
    labels = random.integers(CLASSES, size=6)
    weights = network(random, (7, 5))
    dense = [keras.layers.Dense(units, activation.lower()) for units in (7, 5)]
    last = keras.layers.Dense(CLASSES, "softmax")
    model = keras.Sequential([keras.Input((INPUTS,)), *dense, last])
    model.set_weights(weights)
    loss = "sparse_categorical_crossentropy"
    model.compile(keras.optimizers.SGD(RATE), loss, jit_compile=JITS)
    for _ in range(3):
        model.train_on_batch(x, labels)
    found = training(weights, x, labels, activation, 3)()
    for mine, twin in zip(found, model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, twin[:1], atol=1e-6)
