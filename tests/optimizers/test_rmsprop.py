"""RMSProp: by hand, against its formula, and both places of epsilon."""

import numpy as np
import pytest
from walks import EPSILON, START, STEPS, apply_by_hand, assert_same_path, slope, walk

from study.optimizers import RMSProp


def test_two_steps_worked_by_hand():
    # r = 0.25 · 4 = 1: w = 2 - 0.5 · 2 / (1 + 1) = 1.5; then
    # r = 0.75 + 0.25 · 13 = 4: w = 1.5 - 0.5 · √13 / (2 + 1).
    path = apply_by_hand(RMSProp(0.5, rho=0.75, epsilon=1.0), [2.0, 13**0.5])
    assert path == pytest.approx([1.5, 1.5 - 13**0.5 / 6])


def test_a_step_worked_by_hand_with_epsilon_inside():
    # r = 1 and a divisor of √(1 + 3) = 2: w = 2 - 0.5 · 2 / 2 = 1.5.
    optimizer = RMSProp(0.5, rho=0.75, epsilon=3.0, epsilon_inside=True)
    assert apply_by_hand(optimizer, [2.0]) == [1.5]


@pytest.mark.parametrize("inside", [False, True])
def test_fifty_steps_follow_the_formula(inside):
    def formula(w):
        r = 0
        for k in range(STEPS):
            g = slope(w, k)
            r = 0.75 * r + 0.25 * g * g
            root = np.sqrt(r + EPSILON) if inside else np.sqrt(r) + EPSILON
            w = w - 0.03125 * g / root
            yield w

    optimizer = RMSProp(0.03125, rho=0.75, epsilon=EPSILON, epsilon_inside=inside)
    assert_same_path(walk(optimizer), list(formula(START)))


def test_with_rho_0_every_step_is_the_learning_rate():
    path = apply_by_hand(RMSProp(0.5, rho=0.0), [3.0, -0.5, 100.0])
    assert path == pytest.approx([1.5, 2.0, 1.5])


@pytest.mark.parametrize("rho", [-0.1, 1.0, float("nan")])
def test_a_rho_out_of_range_is_refused(rho):
    with pytest.raises(ValueError, match=r"from 0 to 1, 1 excluded.*rho="):
        RMSProp(rho=rho)


@pytest.mark.parametrize("epsilon", [0.0, -1e-7, float("nan")])
def test_an_epsilon_of_0_or_less_is_refused(epsilon):
    with pytest.raises(ValueError, match=r"number above 0\. Received: epsilon="):
        RMSProp(epsilon=epsilon)


@pytest.mark.parametrize("rho", [0.0, 1 - 1e-7])
def test_both_ends_of_the_range_give_finite_steps(rho):
    assert np.isfinite(walk(RMSProp(rho=rho), steps=3)).all()
