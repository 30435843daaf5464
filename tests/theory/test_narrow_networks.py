"""Narrow networks: a layer that is stood up gives what it gave, in Keras too."""

import keras
import numpy as np
import pytest

from study.theory.narrow_networks import ACTIVATIONS, grid, shallow, stand_up
from study.theory.networks import forward


@pytest.mark.parametrize("activation", ["ReLU", "tanh", "sigmoid", "softplus"])
@pytest.mark.parametrize("inputs", [1, 2])
def test_a_stood_up_layer_gives_what_the_layer_gave(activation, inputs):
    function, _ = ACTIVATIONS[activation]
    random = np.random.default_rng(1)
    kernel, bias = random.standard_normal((inputs, 6)), random.standard_normal(6)
    outputs = random.standard_normal((7, 2))
    x = random.uniform(-1, 1, (50, inputs))
    layers = stand_up(activation, kernel, bias, outputs)
    assert [each.shape for each, _ in layers[1:-1]] == [(inputs + 4, inputs + 4)] * 5
    expected = function(x @ kernel + bias) @ outputs[:-1] + outputs[-1]
    # six times the curvature of the activation times h times a sum below 10 squared
    np.testing.assert_allclose(forward(layers, x, function)[-1], expected, atol=1e-4)


def test_the_slopes_at_one_half_are_those_of_the_activations():
    for function, slope in ACTIVATIONS.values():
        central = (function(0.5 + 1e-6) - function(0.5 - 1e-6)) / 2e-6
        assert slope == pytest.approx(central, rel=1e-8)


def test_a_made_network_is_a_keras_network_of_that_width():
    random = np.random.default_rng(2)
    x = grid(1)
    layers = stand_up("tanh", *shallow("tanh", x, np.sin(x), 5, random))
    dense = [keras.layers.Dense(4, "tanh", dtype="float64") for _ in layers[:-1]]
    model = keras.Sequential(
        [
            keras.Input((1,), dtype="float64"),
            *dense,
            keras.layers.Dense(1, dtype="float64"),
        ]
    )
    model.set_weights([each for layer in layers for each in layer])
    # the last layer undoes a factor of 1e-7: Keras's float64 leaves 1e-9 of it
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(model(x)),
        forward(layers, x, np.tanh)[-1],
        atol=1e-7,
    )
