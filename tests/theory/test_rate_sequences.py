"""Rates of every epoch, worked out by hand."""

import numpy as np
import pytest

from study.schedules import LinearDecay
from study.theory.rate_sequences import (
    documented_steps,
    line,
    recursion,
    sequence,
    step_factor,
)


def test_a_recursion_multiplies_from_its_first_epoch_on():
    halves = recursion(0.05, lambda epoch: 0.5, 100, 1)
    assert halves[:3].tolist() == [0.05, 0.025, 0.0125]
    assert recursion(0.05, lambda epoch: 0.5, 100, 0)[0] == 0.025


def test_the_slides_step_rule_fires_at_epochs_0_30_60_and_90():
    rates = recursion(0.05, step_factor(30, 0.1), 100, 0)
    np.testing.assert_allclose(
        rates[[0, 29, 30, 60, 90]], [5e-3, 5e-3, 5e-4, 5e-5, 5e-6], rtol=1e-12
    )


def test_the_documented_steps_change_at_30_60_and_90():
    rates = documented_steps(100)
    assert rates[[0, 29, 30, 59, 60, 90]].tolist() == [
        5e-2,
        5e-2,
        5e-3,
        5e-3,
        5e-4,
        5e-5,
    ]


def test_the_slides_line_falls_below_0_and_the_held_one_stays():
    written = line(0.05, 0.0005, 60, 100)
    held = sequence(LinearDecay(0.05, 0.0005, 60, 1), 100)
    middle = (0.05 + 0.0005) / 2
    assert written[30] == pytest.approx(middle)
    assert held[30] == pytest.approx(middle, rel=1e-6)  # float32
    assert written[60] == pytest.approx(0.0005)
    assert held[99] == held[60] == pytest.approx(0.0005, rel=1e-6)
    assert written[61:].max() < 0 < held.min()
