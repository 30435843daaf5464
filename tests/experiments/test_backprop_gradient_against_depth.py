"""Gradient against depth: weights and rows are what their names say."""

import pytest
from modules import module

from study.theory.gradient_flow import kernels


def test_weights_have_the_scale_that_their_name_says():
    finding = module("backprop_gradient_against_depth")
    scales = {"std 1": 1, "std 0.01": 0.01, "Xavier": 0.05, "He": 0.05 * 2**0.5}
    scales[finding.UNIFORM] = 0.05 / 3**0.5
    for name, scale in scales.items():
        initializer = finding.INITIALIZERS[name]
        (kernel,) = kernels(initializer, (400, 300), [1])
        assert kernel.std() == pytest.approx(scale, rel=0.02), name
