"""Gradients of mini-batches: inner products of gradients, variances of counting."""

import numpy as np
import pytest

from study.theory.gradient_noise import (
    estimates,
    products,
    shares,
    spread,
    variance_of_mean,
)
from study.theory.relu_classifier import initial, step


def test_inner_products_are_those_of_the_examples_gradients():
    random = np.random.default_rng(0)
    weights = initial(random, 12, 8, 5)
    x, y = random.random((4, 12)), np.array([3, 1, 4, 1])
    each = []
    for i in range(4):
        moved = [w.copy() for w in weights]
        step(moved, x[i : i + 1], y[i : i + 1], 1.0)
        gradient = [a - b for a, b in zip(weights, moved, strict=True)]
        each.append(np.concatenate([part.ravel() for part in gradient]))
    gradients = np.stack(each)
    np.testing.assert_allclose(
        products(weights, x, y), gradients @ gradients.T, atol=1e-12
    )


def test_the_formula_is_the_variance_of_all_pairs_there_are():
    values = np.array([1.0, 2.0, 6.0, 7.0])
    pairs = [(a + b) / 2 for i, a in enumerate(values) for b in values[i + 1 :]]
    one, whole = spread(np.outer(values, values))
    assert one == pytest.approx(values.var())
    assert whole == values.mean() ** 2
    assert variance_of_mean(one, 4, 2, replace=False) == pytest.approx(np.var(pairs))


@pytest.mark.parametrize("replace", [True, False])
def test_each_mini_batch_is_a_mean_of_its_size(replace):
    found = shares(np.random.default_rng(0), 6, 4, replace, 50)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert (found.max() > 1 / 4) == replace


def test_the_whole_set_is_no_estimate_and_opposite_gradients_lead_astray():
    random, values = np.random.default_rng(0), np.array([3.0, 1.0, -1.0])
    inner = np.outer(values, values)
    assert estimates(inner, random, 3, False, 5) == pytest.approx((0, 100))
    variance, downhill = estimates(inner, random, 1, True, 4_000)
    assert variance == pytest.approx(values.var(), rel=0.05)
    assert downhill == pytest.approx(200 / 3, abs=3)
