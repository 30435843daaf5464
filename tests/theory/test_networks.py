"""Networks by hand: forward and back they are Keras's, side by side as each alone."""

from itertools import pairwise

import keras
import numpy as np
import pytest
from autodiff import value_and_gradient

from study.theory import activations
from study.theory.networks import (
    backward,
    dense_layer,
    dense_model,
    forward,
    glorot_uniform,
    layer_by_example,
    stepped,
)

SIZES = (4, 5, 3, 2)


def network(random):
    return [
        (random.normal(size=(n, m)), random.normal(size=m)) for n, m in pairwise(SIZES)
    ]


def test_a_layer_is_an_activation_of_its_weighted_inputs():
    kernel, bias = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, -20.0])
    found = layer_by_example(kernel, bias, activations.relu)(np.array([[1.0, 1.0]]))
    np.testing.assert_allclose(found, [[14.0, 0.0]])


def test_forward_is_keras_and_one_example_is_a_row_of_many():
    random = np.random.default_rng(0)
    layers, x = network(random), random.normal(size=(6, 4))
    outputs = forward(layers, x, np.tanh, last=activations.sigmoid)
    model = dense_model(layers, ["tanh", "tanh", "sigmoid"])
    np.testing.assert_allclose(outputs[-1], model(x), rtol=1e-12)
    assert [each.shape[1] for each in outputs] == list(SIZES)
    alone = forward(layers, x[2], np.tanh, last=activations.sigmoid)
    np.testing.assert_allclose(alone[-1], outputs[-1][2], rtol=1e-12)
    (kernel, bias), *_ = layers
    found = dense_layer(kernel, bias, "tanh")(x)
    np.testing.assert_allclose(outputs[1], found, rtol=1e-12)


def test_a_layer_without_a_bias_adds_none():
    kernel, x = np.eye(2), np.array([[1.0, -2.0]])
    np.testing.assert_array_equal(forward([(kernel, None)], x, np.tanh)[-1], x)
    assert len(dense_model([(kernel, None)], ["linear"]).get_weights()) == 1


@pytest.mark.parametrize("which", range(3))
def test_gradients_are_those_of_keras(which):
    random = np.random.default_rng(1)
    layers, x = network(random), random.normal(size=(6, 4))
    targets = random.normal(size=(6, 2))
    outputs = forward(layers, x, np.tanh)
    error = outputs[-1] - targets
    found = backward(layers, outputs, error, activations.TANH.slope)[which]

    def loss(weight, part):
        values = keras.ops.cast(x, weight.dtype)
        for i, pair in enumerate(layers):
            kernel, bias = (
                weight if (i, j) == (which, part) else keras.ops.cast(w, weight.dtype)
                for j, w in enumerate(pair)
            )
            values = keras.ops.matmul(values, kernel) + bias
            values = keras.ops.tanh(values) if i < 2 else values
        return keras.ops.sum((values - keras.ops.cast(targets, values.dtype)) ** 2) / 2

    for part in (0, 1):
        _, slope = value_and_gradient(
            lambda weight, part=part: loss(weight, part), layers[which][part]
        )
        np.testing.assert_allclose(found[part].reshape(slope.shape), slope, atol=1e-5)


def test_networks_side_by_side_are_each_of_them_alone():
    randoms = [np.random.default_rng(each) for each in (2, 3)]
    layers = glorot_uniform(SIZES, randoms)
    x = np.random.default_rng(4).normal(size=(6, 4))

    def gradients(layers):
        outputs = forward(layers, x, np.tanh)
        found = backward(layers, outputs, outputs[-1], activations.TANH.slope)
        return [each for pair in found for each in pair]

    for i in (0, 1):
        alone = gradients([(kernel[i], bias[i]) for kernel, bias in layers])
        for one, both in zip(alone, gradients(layers), strict=True):
            np.testing.assert_allclose(one, both[i], rtol=1e-12)


def test_glorot_weights_fill_their_range_and_biases_are_0():
    ((kernel, bias),) = glorot_uniform((100, 50), [np.random.default_rng(5)])
    assert abs(kernel).max() == pytest.approx(0.2, rel=1e-3)  # sqrt(6 / 150)
    assert kernel.std() == pytest.approx(0.2 / 3**0.5, rel=0.02)
    assert not bias.any()


def test_a_step_on_each_batch_is_that_of_back_propagation():
    x, y = np.array([[1.0, 2.0]]), np.array([[0.5]])
    kernel, bias = np.array([[0.25], [0.5]]), np.zeros(1)
    loss = keras.losses.MeanSquaredError(dtype="float64")
    model = dense_model([(kernel, bias)], ["linear"])
    found = stepped(model, keras.optimizers.SGD(0.125), loss, [(x, y), (x, y)])
    for _ in range(2):
        slope = 2 * (x @ kernel + bias - y)
        kernel, bias = kernel - 0.125 * x.T @ slope, bias - 0.125 * slope[0]
    np.testing.assert_allclose(found[0], kernel, atol=1e-12)
    np.testing.assert_allclose(found[1], bias, atol=1e-12)
