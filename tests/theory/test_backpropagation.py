"""Printed gradients are those known by hand, and networks are as they are named."""

import numpy as np
import pytest

from study.theory.activations import relu
from study.theory.backpropagation import along_paths, at_output, drawn, share_on


def test_one_sigmoid_has_the_gradient_computed_by_hand():
    # o = 1/2, so that -(t - o)·o·(1 - o)·h = -(1 - 1/2)/4 · 2 = -1/4
    found = at_output(np.array([1.0]), np.array([0.5]), np.array([2.0]))
    assert found.item() == pytest.approx(-0.25)


def test_positive_networks_have_every_relu_on():
    networks = [drawn(np.random.default_rng(1), 3, examples=4, positive=True)]
    assert share_on(networks, relu) == 100


def test_paths_of_a_linear_network_are_its_matrix_product():
    random = np.random.default_rng(2)
    kernels = [random.normal(size=each) for each in ((3, 2), (4, 3), (2, 4))]
    slopes = [np.ones(each) for each in (3, 4, 2)]
    delta, x = random.normal(size=2), random.normal(size=2)
    found = along_paths(kernels, slopes, delta, x)
    expected = np.outer(delta @ kernels[2] @ kernels[1], x)
    np.testing.assert_allclose(found, expected, rtol=1e-13)
