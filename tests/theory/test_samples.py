"""Samples: their truth is that of Bayes, or the curve that they lie about."""

import numpy as np
import pytest

from study.theory.samples import clusters, wave


def test_the_true_probability_is_a_half_between_two_classes():
    centers, owners = np.array([[1.0, 0.0], [-1.0, 0.0]]), np.eye(2)
    x, t, truth = clusters(np.random.default_rng(0), 500, centers, owners)
    # Bayes: the log odds are linear, 2·(2 x₁) / (2·0.7²)
    odds = np.exp(2 * x[:, 0] / 0.7**2)
    np.testing.assert_allclose(truth[:, 0], odds / (1 + odds), rtol=1e-9)
    assert abs((t - truth).mean()) < 0.03
    assert abs(t[truth[:, 0] > 0.9][:, 0].mean() - 0.97) < 0.05


def test_a_wave_is_a_sine_with_its_shift_and_noise():
    x, y = wave(np.random.default_rng(1), 2_000, shift=1.5, noise=0.1)
    rest = y - np.sin(np.pi * x)
    # five standard errors of the mean and of the standard deviation
    assert rest.mean() == pytest.approx(1.5, abs=5 * 0.1 / 2_000**0.5)
    assert rest.std() == pytest.approx(0.1, abs=5 * 0.1 / 4_000**0.5)
    assert -1 <= x.min() < x.max() <= 1
