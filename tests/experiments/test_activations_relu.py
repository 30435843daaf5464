"""What the pages on ReLU's zeros read off a network, on networks made by hand."""

import keras
import numpy as np
import pytest
from modules import module

from study.lab.declare import wide


def names(file):
    return vars(module(file))


def network(*biases):
    """Build layers of units max(0, x + b), one a tuple of b, and a linear output."""
    layers = [
        keras.layers.Dense(len(each), "relu", kernel_initializer="ones")
        for each in biases
    ]
    model = keras.Sequential([keras.Input((1,)), *layers, keras.layers.Dense(1)])
    for layer, each in zip(layers, biases, strict=True):
        layer.set_weights([layer.get_weights()[0], np.array(each)])
    return model


X = np.array([[-1.0], [-0.5], [0.5], [1.0]], "float32")


def test_active_and_dead_units_are_counted_in_percent_over_all_layers():
    example = names("activations_relu_dead_units")
    # half of the outputs of one unit, those of the other never; the second layer always
    model = network((0.0, -9.0), (1.0,))
    assert float(example["active"](model, X, None)) == (25 + 100) / 2
    assert float(example["dead"](model, X, None)) == (50 + 0) / 2


def test_what_is_not_a_number_is_neither_active_nor_dead():
    example = names("activations_relu_dead_units")
    # a unit that is dead beside one that is no number
    model = network((np.nan, -9.0))
    assert float(example["active"](model, X, None)) == 0
    assert float(example["dead"](model, X, None)) == 0


def test_the_least_and_the_most_active_layer_are_told_apart():
    example = names("activations_relu_dead_units")
    model = network((0.0, 0.0), (9.0,), (-99.0,))
    assert float(example["least_active"](model, X, None)) == 0
    assert float(example["most_active"](model, X, None)) == 100


def test_only_relu_without_a_slope_has_zeros():
    finding = module("activations_sparsity_as_dropout")
    x = np.random.default_rng(0).standard_normal((50, 784)).astype("float32")
    for name, kept in finding.KEPT.items():
        model = wide.network(kept, (784,), 10)
        share = float(wide.active(model, x, None))
        assert (share == 100) == ("slope" in name)


def test_outputs_have_the_share_of_zeros_that_is_asked_for():
    example = names("activations_sparse_products")
    for zeros in example["ZEROS"]:
        h = example["outputs"](np.random.default_rng(0), zeros)
        assert 100 * np.mean(h == 0) == pytest.approx(zeros, abs=0.1)
        assert h.min() >= 0


def test_all_kernels_compute_the_same_product(monkeypatch):
    example = names("activations_sparse_products")
    monkeypatch.setitem(example, "BATCH", 6)
    monkeypatch.setitem(example, "WIDTH", 5)
    monkeypatch.setitem(example, "done", keras.ops.convert_to_numpy)
    found = example["products"](np.random.default_rng(0), 50)
    by_hand, *others = [call() for call in found.values()]
    for other in others:
        np.testing.assert_allclose(other, by_hand, rtol=1e-5, atol=1e-6)
