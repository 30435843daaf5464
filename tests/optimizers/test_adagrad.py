"""AdaGrad: by hand, against its formula, and both places of epsilon."""

import numpy as np
import pytest
from walks import EPSILON, START, STEPS, apply_by_hand, assert_same_path, slope, walk

from study.optimizers import AdaGrad


def test_two_steps_worked_by_hand():
    # h = 9: w = 2 - 0.5 · 3 / (3 + 1) = 1.625; then
    # h = 25: w = 1.625 - 0.5 · 4 / (5 + 1) = 1.625 - 1/3.
    path = apply_by_hand(AdaGrad(0.5, epsilon=1.0), [3.0, 4.0])
    assert path == pytest.approx([1.625, 1.625 - 1 / 3])


def test_a_step_worked_by_hand_with_epsilon_inside_and_a_start_above_0():
    # h = 6 + 9 and a divisor of √(15 + 1) = 4: w = 2 - 0.5 · 3 / 4 = 1.625.
    optimizer = AdaGrad(
        0.5, initial_accumulator_value=6.0, epsilon=1.0, epsilon_inside=True
    )
    assert apply_by_hand(optimizer, [3.0]) == [1.625]


@pytest.mark.parametrize("inside", [False, True])
def test_fifty_steps_follow_the_formula(inside):
    def formula(w):
        h = np.full_like(w, 0.5)
        for k in range(STEPS):
            g = slope(w, k)
            h = h + g * g
            root = np.sqrt(h + EPSILON) if inside else np.sqrt(h) + EPSILON
            w = w - 0.25 * g / root
            yield w

    optimizer = AdaGrad(
        0.25, initial_accumulator_value=0.5, epsilon=EPSILON, epsilon_inside=inside
    )
    assert_same_path(walk(optimizer), list(formula(START)))


def test_the_first_step_is_the_learning_rate_whatever_the_gradient():
    for gradient in (1e-3, 1.0, -1e3):
        (weight,) = apply_by_hand(AdaGrad(0.5), [gradient])
        # An epsilon of 1e-7 beside 1e-3 takes away 1e-4 of it.
        assert 2 - weight == pytest.approx(0.5 * np.sign(gradient), rel=2e-4)


def test_a_gradient_of_0_moves_nothing_at_the_smallest_settings():
    path = apply_by_hand(AdaGrad(initial_accumulator_value=0.0, epsilon=1e-30), [0.0])
    assert path == [2.0]


@pytest.mark.parametrize("value", [-1e-9, float("nan")])
def test_a_negative_start_of_the_accumulator_is_refused(value):
    with pytest.raises(ValueError, match=r"at least 0\. .*initial_accumulator_value="):
        AdaGrad(initial_accumulator_value=value)


@pytest.mark.parametrize("epsilon", [0.0, -1e-7, float("nan")])
def test_an_epsilon_of_0_or_less_is_refused(epsilon):
    with pytest.raises(ValueError, match=r"number above 0\. Received: epsilon="):
        AdaGrad(epsilon=epsilon)
