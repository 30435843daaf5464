"""Nesterov: by hand, and against the form that looks ahead."""

import numpy as np
import pytest
from walks import START, STEPS, apply_by_hand, assert_same_path, slope, walk

from study.optimizers import SGD, Nesterov


def test_two_steps_worked_by_hand():
    # v = -0.5 · 3 = -1.5 and w = 2 - 0.75 - 1.5 = -0.25; then
    # v = -0.75 - 0.5 · 1 = -1.25 and w = -0.25 - 0.625 - 0.5 = -1.375.
    path = apply_by_hand(Nesterov(0.5, momentum=0.5), [3.0, 1.0])
    assert path == [-0.25, -1.375]


def test_fifty_steps_are_those_of_the_gradient_taken_ahead():
    """The paper moves w and differentiates at w + μ v, where our weights stand."""

    def formula(w):
        v = 0
        for k in range(STEPS):
            v = 0.75 * v - 0.0625 * slope(w + 0.75 * v, k)
            w = w + v
            yield w + 0.75 * v

    assert_same_path(walk(Nesterov(0.0625, momentum=0.75)), list(formula(START)))


def test_without_momentum_it_is_gradient_descent():
    assert_same_path(walk(Nesterov(0.125, momentum=0.0)), walk(SGD(0.125)))


@pytest.mark.parametrize("momentum", [-0.1, 1.0, float("nan")])
def test_a_momentum_out_of_range_is_refused(momentum):
    with pytest.raises(ValueError, match=r"from 0 to 1, 1 excluded.*momentum="):
        Nesterov(momentum=momentum)


@pytest.mark.parametrize("momentum", [0.0, 1 - 1e-7])
def test_both_ends_of_the_range_give_finite_steps(momentum):
    assert np.isfinite(walk(Nesterov(momentum=momentum), steps=3)).all()
