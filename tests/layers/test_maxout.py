"""Maxout: the largest of the pieces, unit by unit."""

import keras
import numpy as np
import pytest
from compiling import JITS
from feeding import batches
from layer_checks import draw_inputs, numpy, outputs_and_gradients

from study.layers import Maxout


@pytest.mark.parametrize("shape", [(7, 5), (2, 3, 4, 5)])
def test_each_unit_is_the_largest_of_its_own_pieces(shape):
    x = draw_inputs(*shape)
    layer = Maxout(3, pieces=4, bias_initializer="random_normal")
    outputs = numpy(layer(x))
    kernel, bias = (numpy(each) for each in layer.weights)
    for unit in range(3):
        own = slice(4 * unit, 4 * unit + 4)
        expected = (x @ kernel[:, own] + bias[own]).max(axis=-1)
        np.testing.assert_allclose(outputs[..., unit], expected, rtol=1e-4, atol=1e-5)


def test_one_piece_trains_as_keras_dense_does_over_100_steps():
    x, y = draw_inputs(100, 5), draw_inputs(100, 3)
    models = [
        keras.Sequential([keras.Input((5,)), each])
        for each in (Maxout(3, pieces=1), keras.layers.Dense(3))
    ]
    models[1].set_weights(models[0].get_weights())
    for model in models:
        model.compile(keras.optimizers.SGD(0.05), "mse", jit_compile=JITS)
        model.fit(**batches(x, y, 5), epochs=5, verbose=0)
    for ours, dense in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_allclose(ours, dense, rtol=1e-4, atol=1e-5)


def test_two_pieces_can_be_a_relu():
    layer = Maxout(1, use_bias=False)
    layer.build((None, 1))
    layer.kernel.assign([[1.0, 0.0]])
    outputs = numpy(layer(np.array([[-2.0], [0.0], [3.0]], "float32")))
    np.testing.assert_array_equal(outputs, [[0], [0], [3]])


def test_every_unit_is_a_convex_function():
    layer = Maxout(11, pieces=5)
    one, other = draw_inputs(2, 100, 3)
    middle = numpy(layer((one + other) / 2))
    chord = (numpy(layer(one)) + numpy(layer(other))) / 2
    assert (middle <= chord + 1e-5).all()
    assert (middle < chord - 1e-2).any()


def test_the_gradient_reaches_the_largest_piece_alone():
    x = draw_inputs(1, 5)
    layer = Maxout(3, pieces=4)
    layer.build(x.shape)
    z = (x @ numpy(layer.kernel)).reshape(3, 4)
    largest = (z == z.max(axis=1, keepdims=True)).ravel()
    _, (kernel, bias, _) = outputs_and_gradients(layer, x, training=None)
    np.testing.assert_array_equal(bias, largest)
    np.testing.assert_allclose(kernel, np.outer(x, largest), rtol=1e-6)


def test_the_kernel_is_drawn_for_its_fan_in_whatever_the_pieces():
    layer = Maxout(40, pieces=50, kernel_initializer="lecun_normal")
    layer.build((None, 25))
    n = layer.kernel.shape[0] * layer.kernel.shape[1]
    assert numpy(layer.kernel).var() == pytest.approx(1 / 25, rel=5 * np.sqrt(2 / n))


def test_regularizers_and_constraints_hold_the_weights():
    layer = Maxout(
        2,
        pieces=3,
        kernel_regularizer=keras.regularizers.L1(0.1),
        bias_regularizer="l2",
        kernel_constraint="max_norm",
        bias_constraint="non_neg",
        kernel_initializer="ones",
    )
    layer.build((None, 5))
    assert float(sum(layer.losses)) == pytest.approx(3)  # 0.1 for each of 30
    assert isinstance(layer.kernel.constraint, keras.constraints.MaxNorm)
    assert isinstance(layer.bias.constraint, keras.constraints.NonNeg)


@pytest.mark.parametrize("value", [0, -3, 2.5, "2"])
@pytest.mark.parametrize("name", ["units", "pieces"])
def test_counts_that_are_not_positive_integers_are_refused(name, value):
    message = f"positive integer. Received: {name}={value!r}"
    with pytest.raises(ValueError, match=message):
        Maxout(**{"units": 3, name: value})
