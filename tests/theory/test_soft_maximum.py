"""The convex loss: its slope and Newton's step are right, and wrong ones are seen."""

import numpy as np
import pytest

from study.theory import soft_maximum

START = np.array([0.5, -1.0, 2.0])


def test_a_tiny_step_falls_by_the_gradient_s_length():
    assert soft_maximum.downhill(START) < 1e-9


def test_newton_s_step_solves_its_equation():
    assert soft_maximum.newtons(START) < 1e-12


def test_a_wrong_slope_and_another_loss_are_seen(monkeypatch):
    slope, loss = soft_maximum.gradient, soft_maximum.loss
    monkeypatch.setattr(soft_maximum, "gradient", lambda *at: 2 * slope(*at))
    assert soft_maximum.downhill(START) == pytest.approx(0.5)
    monkeypatch.setattr(soft_maximum, "loss", lambda x: loss(x) + x[0])
    assert soft_maximum.newtons(START) > 0.1
