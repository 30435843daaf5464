"""Noise that all arms share, and a regression whose optimum has no slope."""

import numpy as np
import pytest

from study.theory.descents import descend
from study.theory.stochastic import Regression, noisy, settled_variance


@pytest.fixture
def regression():
    return Regression.drawn(np.random.default_rng(0))


def test_all_arms_meet_the_same_noise():
    felt = noisy(np.zeros_like, np.random.default_rng(0))
    first, second = felt(np.ones((2, 3, 2)))
    np.testing.assert_array_equal(first, second)
    assert first.std() > 0


def test_the_optimum_of_the_regression_has_no_slope(regression):
    inputs, targets, best = regression.inputs, regression.targets, regression.best
    np.testing.assert_allclose(inputs.T @ (inputs @ best - targets), 0, atol=1e-12)
    np.testing.assert_array_equal(regression.slope(np.zeros((1, 1, 2))), 0)


def test_the_slopes_of_single_examples_average_to_the_whole_slope(regression):
    x = np.broadcast_to([1.0, -2.0], (1, 200_000, 2))
    drawn = regression.slope_of_one(np.random.default_rng(1))(x)[0]
    error = drawn.std(axis=0) / np.sqrt(len(drawn))
    assert (abs(drawn.mean(axis=0) - regression.slope(x)[0, 0]) < 5 * error).all()


def test_steps_down_a_noisy_parabola_settle_at_the_variance_of_theory():
    slope = noisy(lambda x: x, np.random.default_rng(0))
    *_, x = descend(np.zeros((1, 100_000, 1)), slope, [0.1] * 60)
    # 60 steps leave 0.9^120 of the way; the variance of a variance is 2 / n of its
    # square
    assert x.var() == pytest.approx(settled_variance(0.1), rel=5 * np.sqrt(2e-5))
