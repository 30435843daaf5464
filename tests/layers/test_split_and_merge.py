"""SplitAndMerge: each branch has its own features, and all come together."""

import keras
import numpy as np
import pytest
from layer_checks import draw_inputs, numpy, outputs_and_gradients

from study.layers import SplitAndMerge


@pytest.mark.parametrize("shape", [(7, 6), (2, 3, 6)])
def test_branches_take_the_features_in_order_and_are_concatenated(shape):
    x = draw_inputs(*shape)
    branches = [keras.layers.Dense(n, "tanh") for n in (2, 1, 4)]
    outputs = numpy(SplitAndMerge(branches)(x))
    expected = [
        numpy(branch(x[..., 2 * k : 2 * k + 2])) for k, branch in enumerate(branches)
    ]
    np.testing.assert_allclose(
        outputs, np.concatenate(expected, axis=-1), rtol=1e-5, atol=1e-6
    )


def test_branches_of_equal_shape_are_added():
    x = draw_inputs(7, 6)
    one, other = keras.layers.Dense(4), keras.layers.Dense(4, "tanh")
    outputs = numpy(SplitAndMerge([one, [other]], merge="add")(x))
    expected = numpy(one(x[:, :3])) + numpy(other(x[:, 3:]))
    np.testing.assert_allclose(outputs, expected, rtol=1e-5, atol=1e-6)


def test_a_branch_sees_no_features_but_its_own():
    x = draw_inputs(1, 6)
    layer = SplitAndMerge([keras.layers.Dense(2, "tanh") for _ in range(3)])
    layer.build(x.shape)
    for k in range(3):
        direction = np.zeros((1, 6))
        direction[:, 2 * k : 2 * k + 2] = 1
        *_, gradient = outputs_and_gradients(layer, x, None, direction)[1]
        np.testing.assert_array_equal(gradient != 0, direction != 0)


def test_concatenated_branches_have_a_share_of_the_weights_of_one_dense_layer():
    layer = SplitAndMerge([keras.layers.Dense(4, use_bias=False) for _ in range(3)])
    layer.build((None, 12))
    assert layer.count_params() == 12 * 12 / 3


def test_fewer_than_two_branches_are_refused():
    with pytest.raises(ValueError, match=r"at least two layers. Received: branches=\["):
        SplitAndMerge([keras.layers.Dense(2)])


def test_branches_that_are_no_list_are_refused():
    with pytest.raises(ValueError, match=r"at least two layers. Received: branches=<"):
        SplitAndMerge(keras.layers.Dense(2))


def test_a_branch_that_is_no_layer_is_refused():
    with pytest.raises(ValueError, match=r"a list of layers. Received: 'relu' among"):
        SplitAndMerge([keras.layers.Dense(2), "relu"])


def test_an_unknown_merge_is_refused():
    with pytest.raises(ValueError, match=r"or 'add'. Received: merge='max'"):
        SplitAndMerge([keras.layers.Dense(2), keras.layers.Dense(2)], merge="max")


def test_features_that_cannot_be_split_evenly_are_refused():
    layer = SplitAndMerge([keras.layers.Dense(2), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match=r"a multiple of 2, .*input_shape=\(None, 5\)"):
        layer(keras.Input((5,)))


def test_branches_that_cannot_be_added_are_refused():
    branches = [keras.layers.Dense(2), keras.layers.Dense(3)]
    message = r"expected equal shapes. Received: \(None, 2\), \(None, 3\)."
    with pytest.raises(ValueError, match=message):
        SplitAndMerge(branches, merge="add")(keras.Input((6,)))


def test_branches_that_cannot_be_concatenated_are_refused():
    branches = [keras.layers.Dense(2), keras.layers.Flatten()]
    with pytest.raises(ValueError, match="equal shapes, the last axis aside"):
        SplitAndMerge(branches)(keras.Input((3, 6)))
