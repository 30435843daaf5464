"""The classifier by hand: its slopes are those of its losses, its steps go down."""

import numpy as np
import pytest

from study.theory.relu_classifier import forward, initial, slopes, step, trained


@pytest.fixture
def given():
    random = np.random.default_rng(0)
    weights = initial(random, 12, 8, 5)
    return weights, random.random((6, 12)), np.array([0, 1, 2, 3, 4, 0])


def test_weights_have_the_spread_of_he_and_biases_are_zero():
    w, b, u, c = initial(np.random.default_rng(0), 400, 300, 10, "float32")
    assert w.std() == pytest.approx(np.sqrt(2 / 400), rel=0.02)
    assert u.std() == pytest.approx(np.sqrt(2 / 300), rel=0.05)
    assert not b.any()
    assert not c.any()
    assert {each.dtype for each in (w, b, u, c)} == {np.dtype("float32")}


def test_losses_are_those_of_the_probabilities(given):
    weights, x, y = given
    losses, h, p = forward(weights, x, y)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    np.testing.assert_allclose(np.exp(-losses), p[np.arange(6), y])
    assert h.min() == 0


def test_slopes_are_those_of_finite_differences(given):
    weights, x, y = given
    _, h, p = forward(weights, x, y)
    for bias, slope in zip((1, 3), slopes(weights, h, p, y), strict=True):
        for unit in range(len(weights[bias])):
            found = []
            for way in (1e-6, -1e-6):
                moved = [each.copy() for each in weights]
                moved[bias][unit] += way
                found.append(forward(moved, x, y)[0])
            expected = (found[0] - found[1]) / 2e-6
            np.testing.assert_allclose(slope[:, unit], expected, atol=1e-6)


def test_a_step_falls_by_the_square_of_the_gradient_and_tells_the_loss_before(given):
    weights, x, y = given
    before, start = forward(weights, x, y)[0].mean(), [each.copy() for each in weights]
    assert step(weights, x, y, 1e-5) == before
    moved = sum(((a - b) ** 2).sum() for a, b in zip(start, weights, strict=True))
    fall = before - forward(weights, x, y)[0].mean()
    assert fall == pytest.approx(moved / 1e-5, rel=1e-3)


def test_training_lowers_the_loss_and_leaves_the_weights_given_as_they_are(given):
    weights, x, y = given
    start = [each.copy() for each in weights]
    found = trained(weights, x, y, np.random.default_rng(0), 20, 0.1)
    assert forward(found, x, y)[0].mean() < forward(weights, x, y)[0].mean()
    for before, after in zip(start, weights, strict=True):
        np.testing.assert_array_equal(before, after)
