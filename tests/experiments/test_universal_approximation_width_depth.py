"""Universal approximation: the construction, and training against Keras."""

from pathlib import Path

import keras
import numpy as np
import pytest

from study.lab import registry

FILE = (
    Path(__file__).parents[2]
    / "experiments"
    / ("universal_approximation_width_depth.py")
)


@pytest.fixture(scope="module")
def names():
    return registry.load(FILE).definition.run.__globals__


@pytest.mark.parametrize("activation", ["ReLU", "tanh", "sigmoid", "softplus"])
@pytest.mark.parametrize("inputs", [1, 2])
def test_a_stood_up_layer_gives_what_the_layer_gave(names, activation, inputs):
    function, _ = names["ACTIVATIONS"][activation]
    random = np.random.default_rng(1)
    kernel, bias = random.standard_normal((inputs, 6)), random.standard_normal(6)
    outputs = random.standard_normal((7, 2))
    x = random.uniform(-1, 1, (50, inputs))
    layers = names["stand_up"](activation, kernel, bias, outputs)
    assert [each.shape for each, _ in layers[1:-1]] == [(inputs + 4, inputs + 4)] * 5
    expected = function(x @ kernel + bias) @ outputs[:-1] + outputs[-1]
    # six times the curvature of the activation times h times a sum below 10 squared
    np.testing.assert_allclose(
        names["forward"](layers, x, function), expected, atol=1e-4
    )


def test_the_slopes_at_one_half_are_those_of_the_activations(names):
    for function, slope in names["ACTIVATIONS"].values():
        central = (function(0.5 + 1e-6) - function(0.5 - 1e-6)) / 2e-6
        assert slope == pytest.approx(central, rel=1e-8)


def test_a_made_network_is_a_keras_network_of_that_width(names):
    random = np.random.default_rng(2)
    x = names["points"](1)
    layers = names["stand_up"](
        "tanh", *names["shallow"]("tanh", x, np.sin(x), 5, random)
    )
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
        names["forward"](layers, x, np.tanh),
        atol=1e-7,
    )


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_the_wide_layer_has_as_many_weights_to_two(names, depth):
    def weights(sizes):
        pairs = zip((1, *sizes), (*sizes, 1), strict=True)
        return sum((a + 1) * b for a, b in pairs)

    narrow, wide = (
        weights(names["sizes"](each, depth)) for each in ("width 4", "one wide layer")
    )
    assert abs(narrow - wide) <= 2


def test_gradients_agree_with_central_differences(names):
    random = np.random.default_rng(3)
    layers = names["initial"]((3, 2), [random, random])
    x = np.linspace(-1, 1, 5)[:, None]
    targets = np.stack([x**2, np.cos(x)])

    def losses(layers):
        pairs = list(zip(layers[::2], layers[1::2], strict=True))
        return ((names["forward"](pairs, x, np.tanh) - targets) ** 2).mean((1, 2))

    found = names["gradients"](layers, x, targets)
    for which, gradient in enumerate(found):
        for place in np.ndindex(gradient.shape[1:]):
            up, down = ([each.copy() for each in layers] for _ in range(2))
            up[which][(slice(None), *place)] += 1e-5
            down[which][(slice(None), *place)] -= 1e-5
            np.testing.assert_allclose(
                gradient[(slice(None), *place)],
                (losses(up) - losses(down)) / 2e-5,
                atol=1e-9,
            )


def test_training_is_that_of_keras_adam(names):
    x = np.linspace(-1, 1, 8)[:, None]
    targets = np.exp(x)
    layers = names["initial"]((4, 4), [np.random.default_rng(4)])
    hidden = [keras.layers.Dense(4, "tanh", dtype="float64") for _ in range(2)]
    last = keras.layers.Dense(1, dtype="float64")
    model = keras.Sequential([keras.Input((1,), dtype="float64"), *hidden, last])
    model.set_weights(
        [each[0] if i % 2 == 0 else each[0, 0] for i, each in enumerate(layers)]
    )
    line = keras.optimizers.schedules.PolynomialDecay(0.01, 30, 0.0)
    model.compile(keras.optimizers.Adam(line), "mean_squared_error")
    for _ in range(30):
        model.train_on_batch(x, targets)
    trained = names["train"](layers, x, targets[None], steps=30)
    for ours, theirs in zip(trained, model.get_weights(), strict=True):
        np.testing.assert_allclose(ours.reshape(theirs.shape), theirs, atol=2e-5)
