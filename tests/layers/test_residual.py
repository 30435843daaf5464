"""Residual: the sum of what is kept and what is learned."""

import keras
import numpy as np
import pytest
from layer_checks import draw_inputs, numpy, outputs_and_gradients

from study.layers import Residual, SimpleRecurrent


def test_outputs_are_the_inputs_and_the_block_added():
    x = draw_inputs(7, 5)
    dense = keras.layers.Dense(5, "tanh")
    outputs = numpy(Residual(dense)(x))
    np.testing.assert_allclose(outputs, x + numpy(dense(x)), rtol=1e-5, atol=1e-6)


def test_a_list_is_called_in_its_order():
    x = draw_inputs(7, 5)
    first, second = keras.layers.Dense(3, "relu"), keras.layers.Dense(5)
    outputs = numpy(Residual([first, second])(x))
    np.testing.assert_allclose(
        outputs, x + numpy(second(first(x))), rtol=1e-5, atol=1e-6
    )


def test_a_shortcut_brings_the_inputs_to_the_blocks_shape():
    x = draw_inputs(2, 6, 6, 3)
    block = keras.layers.Conv2D(4, 3, strides=2, padding="same")
    shortcut = keras.layers.Conv2D(4, 1, strides=2)
    outputs = Residual(block, shortcut)(x)
    assert outputs.shape == (2, 3, 3, 4)
    expected = numpy(block(x)) + numpy(shortcut(x))
    np.testing.assert_allclose(numpy(outputs), expected, rtol=1e-5, atol=1e-6)


def test_a_block_that_starts_at_zero_is_the_identity_and_still_learns():
    x = draw_inputs(7, 5)
    last = keras.layers.Dense(5, kernel_initializer="zeros")
    layer = Residual([keras.layers.Dense(9, "tanh"), last])
    layer.build(x.shape)
    outputs, gradients = outputs_and_gradients(layer, x, training=None)
    np.testing.assert_array_equal(outputs, x)
    np.testing.assert_array_equal(gradients[-1], np.ones_like(x))  # as if not there
    weights = [each is last.kernel for each in layer.trainable_variables]
    assert abs(gradients[weights.index(True)]).min() > 0


def test_the_block_sees_whether_it_trains():
    x = np.ones((5, 101), "float32")
    layer = Residual(keras.layers.Dropout(0.5, seed=1))
    assert (numpy(layer(x)) == 2).all()
    assert set(np.unique(numpy(layer(x, training=True)))) == {1, 3}


def test_the_block_sees_the_mask_of_time_steps():
    x = draw_inputs(3, 4, 5)
    x[0, 2:] = 0
    layer = Residual(SimpleRecurrent(5, return_sequences=True))
    states = numpy(layer(keras.layers.Masking()(x))) - x
    np.testing.assert_allclose(states[0, 3], states[0, 1], rtol=1e-5, atol=1e-6)
    assert abs(states[1, 3] - states[1, 1]).min() > 1e-4


def test_shapes_that_cannot_be_added_are_refused():
    with pytest.raises(ValueError, match=r"\(None, 5\) and \(None, 1\). .*`shortcut`"):
        Residual(keras.layers.Dense(1))(keras.Input((5,)))


@pytest.mark.parametrize("name", ["block", "shortcut"])
def test_a_part_that_is_no_layer_is_refused(name):
    parts = {"block": keras.layers.Dense(5), name: 5}
    with pytest.raises(ValueError, match=f"a layer or a list .*Received: {name}=5"):
        Residual(**parts)
