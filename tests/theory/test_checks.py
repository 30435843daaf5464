"""Checks: errors and slopes are those computed by hand, but for rounding."""

import numpy as np
import pytest

from study.theory.checks import (
    central_gradient,
    central_slope,
    fitted_power,
    largest_deviation,
    relative_beyond_one,
    relative_error,
)


def test_the_largest_deviation_is_that_of_any_entry_and_of_either_sign():
    assert largest_deviation([[0.0, 1.0]], [[0.25, 0.5]]) == 0.5
    assert largest_deviation(np.ones(3), 1) == 0


def test_a_relative_error_is_a_share_of_the_largest_number():
    assert relative_error(np.array([2.0, -9.0]), np.array([1.0, -10.0])) == 0.1


def test_numbers_up_to_one_err_absolutely_and_what_has_no_value_by_one():
    wanted = np.array([0.5, 100.0])
    assert relative_beyond_one(np.array([0.75, 100.0]), wanted) == 0.25
    assert relative_beyond_one(np.array([0.5, 150.0]), wanted) == 0.5
    assert relative_beyond_one(np.array([7.0]), np.array([np.nan])) == 1


def test_halving_the_step_shows_the_error_of_central_differences_to_be_quadratic():
    coarse, fine = (abs(central_slope(np.exp, 1.0, h) - np.e) for h in (0.1, 0.05))
    assert coarse / fine == pytest.approx(4, rel=0.01)


def test_the_central_gradient_of_a_cubic_form_is_that_by_hand():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    found = central_gradient(lambda x: x[0, 0] * x[0, 1] ** 2 + x[1, 0], x)
    # truncation: none but of the square, which has none; rounding: 7e-16 / 2e-5
    np.testing.assert_allclose(found, [[4, 4], [1, 0]], atol=1e-9)
    np.testing.assert_array_equal(x, [[1, 2], [3, 4]])


def test_the_power_of_a_curve_is_found_whatever_its_factor():
    x = np.array([1.0, 3.0, 10.0])
    assert fitted_power(x, 7 * x**-1.5) == pytest.approx(-1.5)
