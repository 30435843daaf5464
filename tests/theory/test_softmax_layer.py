"""A softmax layer with decay by hand: its objective, and the update down it."""

import numpy as np
import pytest

from study.theory.checks import central_gradient
from study.theory.softmax_layer import error, objective, updated

INPUTS, CLASSES, STRENGTH, RATE = 6, 3, 0.0625, 0.125


@pytest.fixture
def example():
    random = np.random.default_rng(0)
    x = random.standard_normal((7, INPUTS))
    labels = random.integers(CLASSES, size=7)
    return random.standard_normal((INPUTS, CLASSES)), x, labels


def test_the_objective_of_zero_weights_is_that_of_a_guess(example):
    weights, x, labels = example
    found = objective(0 * weights, x, labels, STRENGTH)
    assert found == pytest.approx(np.log(CLASSES))


def test_the_penalty_is_half_the_strength_times_the_squares(example):
    found = objective(*example, STRENGTH) - error(*example)
    assert found == pytest.approx(STRENGTH / 2 * (example[0] ** 2).sum())


def test_the_update_goes_down_the_objective(example):
    weights, x, labels = example
    slope = central_gradient(lambda w: objective(w, x, labels, STRENGTH), weights)
    first = updated(weights, x, labels, STRENGTH, RATE, steps=1)[0]
    np.testing.assert_allclose(first, weights - RATE * slope, atol=1e-9)
