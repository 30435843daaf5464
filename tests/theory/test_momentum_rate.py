"""Momentum in a valley: shrinking that theory knows, and as many steps as it says."""

import numpy as np

from study.theory.momentum_rate import shrinking, steps_down

RATES = np.linspace(0.025, 4.0, 160)


def test_the_fastest_rate_without_momentum_is_that_of_theory():
    shrink = shrinking(20, 0.0, RATES)
    np.testing.assert_allclose(
        RATES[shrink.argmin()], 2 / (1 + 1 / 20), atol=RATES[1] - RATES[0]
    )
    np.testing.assert_allclose(shrink.min(), (20 - 1) / (20 + 1), atol=0.005)


def test_as_many_steps_are_needed_as_the_shrinking_says():
    start = np.array([1.0, 0.0])  # along the valley alone: 1 - rate / condition a step
    steps, turns = steps_down(10, start, 1.0, 0.0, 1e-3, 1_000)
    assert steps == np.ceil(np.log(1e-3) / np.log(0.9))
    assert turns == 0
    _, turns = steps_down(10, np.array([0.0, 1.0]), 1.5, 0.0, 1e-3, 1_000)
    assert turns == 9  # of ten steps that each overshoot by half


def test_steps_stop_counting_at_the_most():
    steps, _ = steps_down(10, np.array([1.0, 0.0]), 0.0, 0.0, 1e-3, 50)
    assert steps == 50
