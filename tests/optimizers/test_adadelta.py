"""AdaDelta: by hand and against its formula."""

import numpy as np
import pytest
from walks import EPSILON, START, STEPS, apply_by_hand, assert_same_path, slope, walk

from study.optimizers import AdaDelta


def test_two_steps_worked_by_hand():
    # E[g²] = 0.25 · 4 = 1: the step is √3 / √(1 + 3) · 2 = √3; then
    # E[step²] = 0.25 · 3 and E[g²] = 0.75 + 1: the step is √3.75 / √4.75 · 2.
    path = apply_by_hand(AdaDelta(rho=0.75, epsilon=3.0), [2.0, 2.0])
    first, second = 3**0.5, 2 * (3.75 / 4.75) ** 0.5
    assert path == pytest.approx([2 - first, 2 - first - second])


def test_fifty_steps_follow_the_formula():
    def formula(w):
        squares = steps = 0
        for k in range(STEPS):
            g = slope(w, k)
            squares = 0.75 * squares + 0.25 * g * g
            step = -np.sqrt(steps + EPSILON) / np.sqrt(squares + EPSILON) * g
            steps = 0.75 * steps + 0.25 * step * step
            w = w + step
            yield w

    path = walk(AdaDelta(rho=0.75, epsilon=EPSILON))
    assert_same_path(path, list(formula(START)))


def test_the_learning_rate_multiplies_steps_and_not_what_is_remembered():
    gradients = [2.0, -1.0, 0.5]
    whole = apply_by_hand(AdaDelta(1.0), gradients)
    half = apply_by_hand(AdaDelta(0.5), gradients)
    assert np.subtract(half, 2) == pytest.approx(np.subtract(whole, 2) / 2, rel=1e-3)


@pytest.mark.parametrize("rho", [-0.1, 1.0, float("nan")])
def test_a_rho_out_of_range_is_refused(rho):
    with pytest.raises(ValueError, match=r"from 0 to 1, 1 excluded.*rho="):
        AdaDelta(rho=rho)


@pytest.mark.parametrize("epsilon", [0.0, -1e-7, float("nan")])
def test_an_epsilon_of_0_or_less_is_refused(epsilon):
    with pytest.raises(ValueError, match=r"number above 0\. Received: epsilon="):
        AdaDelta(epsilon=epsilon)


@pytest.mark.parametrize("rho", [0.0, 1 - 1e-7])
def test_both_ends_of_the_range_give_finite_steps(rho):
    assert np.isfinite(walk(AdaDelta(rho=rho), steps=3)).all()
