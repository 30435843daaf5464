"""Outputs of layers: their scale is that of the weights, and bins count all of them."""

import keras
import numpy as np
import pytest

from study.theory.layer_outputs import layer_outputs, spread


def test_a_layer_without_activation_multiplies_by_its_weights():
    identity = lambda seed: keras.initializers.Identity(gain=seed)  # noqa: E731
    x = np.array([[1.0, -2.0]], "float32")
    found = [*layer_outputs(x, keras.activations.linear, identity, [3, 2])]
    np.testing.assert_array_equal(found, [[[3, -6]], [[6, -12]]])
    assert found[0].dtype == np.float64


def test_outputs_at_the_ends_and_near_a_half_are_told_apart():
    ends = np.array([0.0, 0.01, 0.99, 1.0, 0.3])
    found = spread(ends, ends, 0.0, 1.0, bins=2)
    assert (found["at_ends"], found["mostly_at_ends"]) == (80, 1)
    assert (found["mostly_at_half"], found["drift"]) == (0, 0)
    half = np.array([0.5, 0.52, 0.48, 0.0])
    found = spread(half, half / 4, 0.0, 1.0, bins=2)
    assert (found["mostly_at_ends"], found["mostly_at_half"]) == (0, 1)
    assert found["drift"] == pytest.approx(2)


def test_bins_hold_all_outputs_of_the_range_and_leave_out_the_others():
    outputs = np.array([0.1, 0.2, 0.9, 7.0])
    found = spread(outputs, outputs, 0.0, 1.0, bins=2)
    assert (found["bin_00"], found["bin_01"]) == (50, 25)
