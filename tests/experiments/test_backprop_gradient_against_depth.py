"""Gradient against depth: the passes by hand agree with Keras and with arithmetic."""

from pathlib import Path

import keras
import numpy as np
import pytest
from autodiff import value_and_gradient

from study import activations
from study.lab import registry

FILE = Path(__file__).parents[2] / "experiments" / "backprop_gradient_against_depth.py"
COMPONENTS = {
    "sigmoid": activations.sigmoid,
    "tanh": activations.tanh,
    "ReLU": activations.relu,
    "linear": keras.activations.linear,
}
every = pytest.mark.parametrize("activation", COMPONENTS)


@pytest.fixture(scope="module")
def finding():
    """Return the module's names."""
    return registry.load(FILE).definition.run.__globals__


@pytest.fixture
def network():
    """Return inputs, labels, the weights of three hidden layers and of the output."""
    random = np.random.default_rng(0)
    kernels = [random.normal(0, 0.7, (a, b)) for a, b in ((6, 5), (5, 5), (5, 5))]
    labels = np.arange(4)
    return random.random((4, 6)), labels, kernels, random.normal(0, 0.7, (5, 10))


def measured(finding, network, activation, depths=(1, 2, 3)):
    inputs, labels, hidden, output = network
    error = finding["cross_entropy_error"](labels)
    return list(finding["flow"](inputs, hidden, output, activation, error, depths))


@every
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_gradients_are_those_of_keras(finding, network, activation, depth):
    inputs, labels, hidden, output = network
    kernels = [*hidden[:depth], output]

    def loss(layer, kernel):
        values = keras.ops.convert_to_tensor(inputs, dtype=kernel.dtype)
        for i, each in enumerate(kernels):
            each = kernel if i == layer else keras.ops.cast(each, kernel.dtype)
            values = keras.ops.matmul(values, each)
            values = COMPONENTS[activation](values) if i < depth else values
        losses = keras.ops.sparse_categorical_crossentropy(
            labels, values, from_logits=True
        )
        return keras.ops.mean(losses)

    norms = [
        np.linalg.norm(
            value_and_gradient(lambda kernel, i=i: loss(i, kernel), kernels[i])[1]
        )
        for i in (0, depth)
    ]
    (row,) = measured(finding, network, activation, (depth,))
    assert row["gradient"] == pytest.approx(np.log10(norms[0]), abs=1e-5)
    assert row["ratio"] == pytest.approx(np.log10(norms[0] / norms[1]), abs=1e-5)


@every
def test_the_slope_follows_from_the_output(finding, activation):
    function, slope = finding["ACTIVATIONS"][activation]
    x = np.linspace(-3, 3, 12)  # not 0, where ReLU has a kink
    step = 1e-6
    central = (function(x + step) - function(x - step)) / (2 * step)
    np.testing.assert_allclose(slope(function(x)) * 1.0, central, rtol=0, atol=1e-9)


def test_without_activation_slopes_take_nothing_off(finding, network):
    assert [row["by_slopes"] for row in measured(finding, network, "linear")] == [0] * 3


def test_a_single_path_multiplies_its_weights_and_slopes(finding):
    # one unit a layer, z above 0 so that ReLU's slope is 1; the weights are 2 and 10
    inputs, hidden = np.array([[1.0], [3.0]]), [np.ones((1, 1)), np.full((1, 1), 2.0)]
    output = np.full((1, 1), 10.0)
    (row,) = finding["flow"](inputs, hidden, output, "ReLU", np.ones_like, (2,))
    assert row["by_weights"] == pytest.approx(np.log10(20))
    assert row["by_slopes"] == 0
    assert row["gradient"] == pytest.approx(np.log10(20 * (1 + 3)))
    assert row["spread"] == pytest.approx(np.log10(2))  # outputs of 2 and 6


def test_in_a_relu_network_weights_times_gradients_are_alike_in_every_layer(network):
    # f(cz) = c f(z): so the first layer's gradient explodes only with the last one's
    inputs, labels, hidden, output = network
    kernels = [*hidden, output]

    def loss(layer, scale):
        values = keras.ops.convert_to_tensor(inputs, dtype=scale.dtype)
        for i, each in enumerate(kernels):
            each = keras.ops.cast(each, scale.dtype)
            values = keras.ops.matmul(values, each * scale if i == layer else each)
            values = keras.ops.relu(values) if i < 3 else values
        losses = keras.ops.sparse_categorical_crossentropy(
            labels, values, from_logits=True
        )
        return keras.ops.mean(losses)

    slopes = [
        value_and_gradient(lambda scale, i=i: loss(i, scale), 1.0)[1] for i in range(4)
    ]
    np.testing.assert_allclose(slopes, slopes[0], rtol=1e-5)


def test_weights_have_the_scale_that_their_name_says(finding):
    scales = {"std 1": 1, "std 0.01": 0.01, "Xavier": 0.05, "He": 0.05 * 2**0.5}
    scales[finding["UNIFORM"]] = 0.05 / 3**0.5
    for name, scale in scales.items():
        initializer = finding["INITIALIZERS"][name]
        (kernel,) = finding["weights"](initializer, (400, 300), [1])
        assert kernel.std() == pytest.approx(scale, rel=0.02), name


def test_a_fall_is_lost_and_a_rise_is_not(finding):
    rows = [{"gradient": each} for each in (-1.0, -3.0, 2.0)]
    found = finding["against_one_layer"](rows)
    assert [row["change"] for row in found] == [0, -2, 3]
    assert [row["lost"] for row in found] == [0, 2, 0]


def test_both_kinds_of_factor_stand_in_a_row_of_their_own(finding):
    row = {
        **finding["other"]("tanh", "He"),
        "part": "depth",
        "width": 100,
        "replicate": 0,
        "by_weights": 3.0,
        "by_slopes": -2.0,
    }
    found = {each["factor"]: each["shrinkage"] for each in finding["apart"]([row])}
    assert found == {"weights": -3, "slopes": 2}
