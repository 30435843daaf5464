"""The race: how networks begin, and what vanishes in them."""

import keras
import numpy as np
import pytest
from modules import module


@pytest.fixture(scope="module")
def example():
    """Return the module's names."""
    return vars(module("activations_convergence_race"))


def test_every_activation_starts_with_the_scale_that_suits_it(example):
    x = np.random.default_rng(0).standard_normal((500, 784)).astype("float32")
    for name in ("ReLU", "leaky ReLU", "maxout"):
        model = example["model"](example["ACTIVATIONS"][name], (784,), 10)
        *_, last = [layer.output for layer in model.layers[:4]]
        h = keras.Model(model.inputs, last)(x)
        size = float(keras.ops.mean(keras.ops.square(h)))
        assert 0.4 < size < 2.5, name  # of inputs, 1


def test_layers_are_not_all_drawn_alike(example):
    for name, activation in example["ACTIVATIONS"].items():
        layers = example["model"](activation, (784,), 10).layers
        kernels = [layer.kernel.numpy() for layer in layers]
        assert kernels[1].shape == kernels[2].shape
        assert not np.array_equal(kernels[1], kernels[2]), name


def test_the_ratio_of_gradients_is_the_one_of_central_differences(example):
    model = keras.Sequential(
        [
            keras.Input((1,)),
            keras.layers.Dense(1, "tanh", kernel_initializer="ones"),
            keras.layers.Dense(2, "softmax"),
        ]
    )
    weights = [np.array([[0.7]]), np.zeros(1), np.array([[0.5, -1.0]]), np.zeros(2)]
    model.set_weights(weights)
    x, y = np.array([[1.5]]), np.array([0])

    def loss(first, last):
        z = np.tanh(x @ first) @ last
        return (np.log(np.exp(z).sum()) - z[0, 0]).item()

    h, slopes = 1e-5, []
    for which in (0, 1):
        kernels = [weights[0], weights[2]]
        slope = np.zeros_like(kernels[which])
        for place in np.ndindex(slope.shape):
            ends = []
            for sign in (1, -1):
                moved = [each.copy() for each in kernels]
                moved[which][place] += sign * h
                ends.append(loss(*moved))
            slope[place] = (ends[0] - ends[1]) / (2 * h)
        slopes.append(np.linalg.norm(slope))
    found = float(example["first_to_last"](model, x, y))
    assert found == pytest.approx(np.log10(slopes[0] / slopes[1]), abs=1e-4)


def test_outputs_that_are_not_zero_are_counted_in_percent(example):
    model = keras.Sequential(
        [
            keras.Input((1,)),
            keras.layers.Dense(1, "relu", kernel_initializer="ones"),
            keras.layers.Dense(2),
        ]
    )
    x = np.array([[-1.0], [-2.0], [1.0], [-3.0]], "float32")
    assert float(example["active"](model, x, None)) == 25


def test_all_networks_are_read_to_the_last_probe(example):
    x = np.random.default_rng(0).random((6, 784), "float32")
    for name, activation in example["ACTIVATIONS"].items():
        model = example["model"](activation, (784,), 10)
        share = float(example["active"](model, x, None))
        assert (share < 100) == (name == "ReLU"), name
        assert np.isfinite(float(example["first_to_last"](model, x, np.arange(6))))
