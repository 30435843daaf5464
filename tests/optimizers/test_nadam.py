"""Nadam: by hand, against its formula, and its momentum's schedule."""

import numpy as np
import pytest
from walks import EPSILON, START, STEPS, apply_by_hand, assert_same_path, slope, walk

from study.optimizers import Nadam


def test_a_step_worked_by_hand():
    # μ = 0.5 · 0.5 at every step; m = 0.5 · 2 = 1 and v̂ = 4. Ahead:
    # 0.25 · 1 / (1 - 0.25²) + 0.75 · 2 / (1 - 0.25) = 4/15 + 2 = 34/15.
    optimizer = Nadam(0.5, beta_1=0.5, beta_2=0.75, epsilon=1.0, momentum_decay=0.0)
    assert apply_by_hand(optimizer, [2.0]) == pytest.approx([2 - 0.5 * 34 / 15 / 3])


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "psi", [pytest.param(0.0, marks=SLOW), 0.004, pytest.param(1.0, marks=SLOW)]
)
def test_fifty_steps_follow_the_formula(psi):
    mu = 0.75 * (1 - 0.5 * 0.96 ** (psi * np.arange(STEPS + 2)))  # mu[t], t from 1

    def formula(w):
        m = v = 0
        for k in range(STEPS):
            g, t = slope(w, k), k + 1
            g_hat = g / (1 - np.prod(mu[1 : t + 1]))
            m = 0.75 * m + 0.25 * g
            m_hat = m / (1 - np.prod(mu[1 : t + 2]))
            v = 0.9375 * v + 0.0625 * g * g
            v_hat = v / (1 - 0.9375**t)
            m_bar = (1 - mu[t]) * g_hat + mu[t + 1] * m_hat
            w = w - 0.03125 * m_bar / (np.sqrt(v_hat) + EPSILON)
            yield w

    optimizer = Nadam(0.03125, 0.75, 0.9375, epsilon=EPSILON, momentum_decay=psi)
    # On PyTorch Keras rounds 0.96 to float32, 2e-8 off.
    assert_same_path(walk(optimizer), list(formula(START)), tolerance=1e-6)


@pytest.mark.parametrize("name", ["beta_1", "beta_2"])
@pytest.mark.parametrize("beta", [-0.1, 1.0, float("nan")])
def test_a_beta_out_of_range_is_refused(name, beta):
    with pytest.raises(ValueError, match=rf"from 0 to 1, 1 excluded.*{name}="):
        Nadam(**{name: beta})


@pytest.mark.parametrize("epsilon", [0.0, -1e-7, float("nan")])
def test_an_epsilon_of_0_or_less_is_refused(epsilon):
    with pytest.raises(ValueError, match=r"number above 0\. Received: epsilon="):
        Nadam(epsilon=epsilon)


@pytest.mark.parametrize("decay", [-1e-9, float("nan")])
def test_a_negative_momentum_decay_is_refused(decay):
    with pytest.raises(ValueError, match=r"at least 0\. Received: momentum_decay="):
        Nadam(momentum_decay=decay)


@pytest.mark.parametrize("beta", [0.0, 1 - 1e-7])
def test_both_ends_of_the_ranges_give_finite_steps(beta):
    for betas in ({"beta_1": beta}, {"beta_2": beta}):
        assert np.isfinite(walk(Nadam(**betas), steps=3)).all()
