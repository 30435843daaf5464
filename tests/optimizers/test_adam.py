"""Adam: by hand, against Algorithm 1 and its reordered form, and its relatives."""

import numpy as np
import pytest
from walks import EPSILON, START, STEPS, apply_by_hand, assert_same_path, slope, walk

from study.optimizers import Adam


@pytest.mark.parametrize(("hat", "expected"), [(True, 1.75), (False, 2 - 1 / 3)])
def test_a_step_worked_by_hand_with_either_epsilon(hat, expected):
    # m = 0.5 · 2 and v = 0.25 · 4; corrected, m̂ = 2 and v̂ = 4.
    # Algorithm 1: 2 - 0.5 · 2 / (2 + 1). Hat: ε̂ = 1 weighs as 1 / √0.25 = 2 there.
    optimizer = Adam(0.5, beta_1=0.5, beta_2=0.75, epsilon=1.0, epsilon_hat=hat)
    assert apply_by_hand(optimizer, [2.0]) == pytest.approx([expected])


def algorithm_1(w, epsilon):
    m = v = 0
    for k in range(STEPS):
        g, t = slope(w, k), k + 1
        m = 0.75 * m + 0.25 * g
        v = 0.9375 * v + 0.0625 * g * g
        m_hat, v_hat = m / (1 - 0.75**t), v / (1 - 0.9375**t)
        w = w - 0.03125 * m_hat / (np.sqrt(v_hat) + epsilon(t))
        yield w


def test_fifty_steps_follow_algorithm_1():
    optimizer = Adam(0.03125, 0.75, 0.9375, epsilon=EPSILON, epsilon_hat=False)
    assert_same_path(walk(optimizer), list(algorithm_1(START, lambda t: EPSILON)))


def test_fifty_steps_follow_algorithm_1_with_epsilon_hat():
    """The paper's reordering is exact where ε = ε̂ / √(1 - β₂ᵗ)."""
    optimizer = Adam(0.03125, 0.75, 0.9375, epsilon=EPSILON)
    expected = algorithm_1(START, lambda t: EPSILON / np.sqrt(1 - 0.9375**t))
    assert_same_path(walk(optimizer), list(expected))


def test_without_beta_1_it_is_rmsprop_corrected_for_its_start():
    def formula(w):
        r = 0
        for k in range(STEPS):
            g = slope(w, k)
            r = 0.9375 * r + 0.0625 * g * g
            w = w - 0.03125 * g / (np.sqrt(r / (1 - 0.9375 ** (k + 1))) + EPSILON)
            yield w

    optimizer = Adam(0.03125, 0.0, 0.9375, epsilon=EPSILON, epsilon_hat=False)
    assert_same_path(walk(optimizer), list(formula(START)))


@pytest.mark.parametrize("gradient", [1e-4, 1.0, -1e4])
def test_steps_under_a_constant_gradient_are_the_learning_rate(gradient):
    path = apply_by_hand(Adam(0.125), [gradient] * 5)
    # In float32, 1 - β₂ = 0.001 is known to 6e-5 of itself; an epsilon of 1e-8
    # weighs as 3e-7 at first, 3e-3 of the smallest gradient.
    expected = 2 - 0.125 * np.sign(gradient) * np.arange(1, 6)
    assert path == pytest.approx(expected, abs=0.125 * 5 * 4e-3)


@pytest.mark.parametrize("name", ["beta_1", "beta_2"])
@pytest.mark.parametrize("beta", [-0.1, 1.0, float("nan")])
def test_a_beta_out_of_range_is_refused(name, beta):
    with pytest.raises(ValueError, match=rf"from 0 to 1, 1 excluded.*{name}="):
        Adam(**{name: beta})


@pytest.mark.parametrize("epsilon", [0.0, -1e-7, float("nan")])
def test_an_epsilon_of_0_or_less_is_refused(epsilon):
    with pytest.raises(ValueError, match=r"number above 0\. Received: epsilon="):
        Adam(epsilon=epsilon)


@pytest.mark.parametrize("beta", [0.0, 1 - 1e-7])
def test_both_ends_of_the_ranges_give_finite_steps(beta):
    for betas in ({"beta_1": beta}, {"beta_2": beta}):
        assert np.isfinite(walk(Adam(**betas), steps=3)).all()
