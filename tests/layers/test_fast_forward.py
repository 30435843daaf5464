"""FastForward: the inputs stand beside what the block makes of them."""

import keras
import numpy as np
import pytest
from layer_checks import draw_inputs, numpy, outputs_and_gradients

from study.layers import FastForward


@pytest.mark.parametrize("shape", [(7, 5), (2, 3, 4, 5)])
def test_the_first_features_are_the_inputs_and_the_rest_the_blocks(shape):
    x = draw_inputs(*shape)
    first, second = keras.layers.Dense(4, "tanh"), keras.layers.Dense(3)
    outputs = numpy(FastForward([first, second])(x))
    assert outputs[..., :5].tobytes() == x.tobytes()
    expected = numpy(second(first(x)))
    np.testing.assert_allclose(outputs[..., 5:], expected, rtol=1e-5, atol=1e-6)


def test_the_inputs_get_a_gradient_past_a_block_that_has_none():
    x = draw_inputs(7, 5)
    layer = FastForward(keras.layers.Dense(3, kernel_initializer="zeros"))
    layer.build(x.shape)
    _, gradients = outputs_and_gradients(layer, x, training=None)
    np.testing.assert_array_equal(gradients[-1], np.ones_like(x))


def test_layers_one_after_the_other_see_all_that_came_before():
    x = draw_inputs(7, 5)
    layer = keras.Sequential([FastForward(keras.layers.Dense(2)) for _ in range(3)])
    assert layer(x).shape == (7, 5 + 2 + 2 + 2)
    assert [each.block.kernel.shape[0] for each in layer.layers] == [5, 7, 9]


def test_a_block_that_changes_another_axis_is_refused():
    block = keras.layers.Conv1D(4, 3)
    with pytest.raises(
        ValueError, match=r"\(None, 6, 5\) and \(None, 4, 4\). .*'same'"
    ):
        FastForward(block)(keras.Input((6, 5)))


def test_a_block_that_is_no_layer_is_refused():
    with pytest.raises(ValueError, match=r"a layer or a list .*Received: block='relu'"):
        FastForward("relu")
