"""Logistic regression by hand: its loss, the way down it, and labels that are wrong."""

import numpy as np
import pytest

from study.theory.logistic import error, loss, path, sample

TRUTH = np.random.default_rng(0).normal(size=20)


def drawn(n, wrong):
    return sample(np.random.default_rng(1), TRUTH, n, wrong)


def test_the_loss_is_the_mean_cross_entropy():
    x, y = np.array([[np.log(3.0)], [0.0]]), np.array([1.0, 0.0])
    # probabilities of 3/4 and 1/2 for what is right
    expected = -(np.log(0.75) + np.log(0.5)) / 2
    assert loss((x, y), np.array([1.0])) == pytest.approx(expected)


def test_training_follows_the_gradient_of_the_loss():
    part = drawn(60, 0.2)
    one, two = path(part, 0.1, 0.0, epochs=2)
    step, h = (two - one) / -0.1, 1e-6
    slope = [
        (loss(part, one + h * e) - loss(part, one - h * e)) / (2 * h)
        for e in np.eye(len(one))
    ]
    np.testing.assert_allclose(step, slope, atol=1e-7)


def test_decay_shortens_the_weights():
    free, held = (path(drawn(60, 0.2), 1.0, decay, 50)[-1] for decay in (0.0, 0.1))
    assert np.linalg.norm(held) < np.linalg.norm(free)


def test_the_line_itself_errs_where_labels_are_wrong():
    assert error(drawn(10_000, 0.0), TRUTH) == 0
    assert error(drawn(10_000, 0.2), TRUTH) == pytest.approx(20, abs=2)
