"""Penalties and bounds by NumPy alone: by hand, and another factor would be seen."""

import keras
import numpy as np
import pytest

from study.regularizers import L2
from study.theory.checks import central_gradient, largest_deviation
from study.theory.penalties import (
    PENALTIES,
    away_from_zero,
    bounded,
    of_norms,
    squares,
)


def test_a_penalty_with_another_factor_would_be_refuted():
    w = away_from_zero(np.random.default_rng(0), (20, 12))
    formula, slope = PENALTIES["½λw²"]
    whole = keras.regularizers.L2(0.7)(w)
    assert largest_deviation(whole, formula(w, 0.7)) > 1
    assert largest_deviation(L2(0.7)(w), formula(w, 0.7)) < 1e-5
    np.testing.assert_allclose(slope(np.array([2.0]), 0.7), [1.4])


@pytest.mark.parametrize("name", PENALTIES)
def test_slopes_are_those_of_the_penalties(name):
    formula, slope = PENALTIES[name]
    w = away_from_zero(np.random.default_rng(1), (4, 3))
    assert abs(w).min() >= 0.01
    # quadratics and, off the kink, sizes have no truncation
    found = central_gradient(lambda w: formula(w, 0.7), w, step=1e-3)
    np.testing.assert_allclose(found, slope(w, 0.7), atol=1e-10)


def test_units_beyond_the_bound_come_to_lie_on_it_and_the_others_stay():
    w = of_norms(np.random.default_rng(2), 20, np.array([0.5, 2.0]))
    np.testing.assert_allclose(squares(w), [0.25, 4.0])
    found = bounded(w, 1.0)
    np.testing.assert_allclose(squares(found), [0.25, 1.0])
    np.testing.assert_array_equal(found[:, 0], w[:, 0])
    np.testing.assert_allclose(found[:, 1], w[:, 1] / 2)
