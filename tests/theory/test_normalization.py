"""Normalization by hand: its formula, and its way back by differences."""

import numpy as np

from study.theory.checks import central_gradient, largest_deviation
from study.theory.normalization import normalize, normalize_back, normalized


def test_the_formula_normalizes_scales_and_shifts():
    # mean 2 and variance 1, so that the root of variance + epsilon is 2
    found = normalized(np.array([[1.0], [3.0]]), 10.0, 7.0, epsilon=3.0)
    np.testing.assert_allclose(found, [[2.0], [12.0]])


def test_a_layer_that_takes_the_unbiased_variance_would_be_refuted():
    x = np.random.default_rng(0).normal(size=(8, 10))
    unbiased = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0, ddof=1) + 1e-3)
    assert largest_deviation(unbiased, normalized(x, 1.0, 0.0, 1e-3)) > 1e-2


def test_the_way_back_is_that_of_differences():
    random = np.random.default_rng(1)
    z, weights = random.normal(size=(6, 3)), random.normal(size=(6, 3))
    found = normalize_back(weights, *normalize(z, 0.1))
    wanted = central_gradient(lambda z: (normalize(z, 0.1)[0] * weights).sum(), z)
    np.testing.assert_allclose(found, wanted, atol=1e-9)
