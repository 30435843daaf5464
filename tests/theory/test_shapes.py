"""Shapes of activations: what is wrong of them is seen, and ranges are open."""

from functools import partial

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from study.activations import mish, relu, sigmoid, sinc, softmax
from study.theory.activations import PRINTED
from study.theory.checks import relative_beyond_one
from study.theory.shapes import (
    extremes,
    falling,
    formula_errors,
    jacobian,
    lowest,
    outside,
    points,
    saturated,
    slope_errors,
    slopes,
    softmax_errors,
    values,
)

GRID = np.arange(-1_000, 1_001) / 100
FAR = np.array([-1e300, 1e300])
minimize = partial(minimize_scalar, method="bounded", options={"xatol": 1e-10})


def test_sinc_deviates_at_0_alone():
    with np.errstate(invalid="ignore"):
        printed = PRINTED["d2-14"][1](GRID)
    assert GRID[np.isnan(printed)].tolist() == [0]
    away = GRID != 0
    ours = values(sinc, GRID)
    assert relative_beyond_one(ours, printed) == 1
    assert relative_beyond_one(ours[away], printed[away]) < 1e-12
    assert ours[~away].tolist() == [1]


def test_a_wrong_formula_deviates():
    assert relative_beyond_one(values(mish, GRID), GRID * np.tanh(GRID)) > 0.1


def test_an_open_range_excludes_an_end_that_is_taken():
    def apart(function, low, high):
        return outside(values(function, GRID), values(function, FAR), low, high)

    assert apart(relu, 0, np.inf) == pytest.approx(1001 / 2001)
    assert apart(relu, -1e-300, np.inf) < 1e-12
    assert apart(sigmoid, 0, 1) == 0
    assert apart(sigmoid, 0, 2) == 1
    assert apart(sigmoid, 0.25, 1) > 0.25


def test_the_jacobian_of_two_logits_is_that_of_a_sigmoid():
    s = 1 / (1 + np.exp(-1))
    slope = s * (1 - s)
    expected = [[slope, -slope], [-slope, slope]]
    np.testing.assert_allclose(jacobian(softmax, np.array([1.0, 0.0])), expected)


def test_what_is_no_softmax_errs():
    x = np.array([1.0, 0.0])
    assert max(softmax_errors(softmax, x)) < 1e-9
    error, sums, central = softmax_errors(sigmoid, x)
    assert min(error, sums, central) > 0.1


def test_a_line_falls_nowhere_and_relu_is_saturated_on_its_half():
    assert falling(GRID) == 0
    assert falling(-GRID) == 1
    assert saturated(slopes(relu, GRID), 0.01) == pytest.approx(1001 / 2001)


def test_slopes_by_autodiff_and_by_differences_are_held_against_a_formula():
    between = GRID[:-1] + 0.005
    right = slope_errors(relu, lambda x: (x > 0) * 1.0, GRID, between)
    # truncation is below 1e-10 and rounding, 10 · 1e-16 / 1e-5, too
    assert right[0] == 0
    assert right[1] < 1e-9
    wrong = slope_errors(relu, lambda x: (x > 1) * 1.0, GRID, between)
    assert wrong == pytest.approx((1, 1))


def test_a_formula_is_compared_with_the_component_and_its_twin():
    found = formula_errors(
        (sigmoid, relu),
        lambda x: 1 / (1 + np.exp(-x)),
        lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2,
        np.array([-1.0, 0.0, 1.0]),
        np.array([0.5]),
    )
    assert [*found] == ["deviation", "keras_error", "slope_error", "central_error"]
    assert found["deviation"] < 1e-15
    assert found["keras_error"] == 0.5  # at 0
    assert max(found["slope_error"], found["central_error"]) < 1e-9


def test_extremes_of_a_parabola_are_those_known_by_hand():
    grid = np.arange(-100, 101) / 100
    row = extremes(
        lambda x: (x - 0.255) ** 2, lambda x: 2 * (x - 0.255), grid, 0.1, minimize
    )
    assert row["minimum_at"] == pytest.approx(0.255, abs=1e-6)
    assert row["minimum"] == pytest.approx(0, abs=1e-12)
    assert row["least_slope"] == pytest.approx(-2.51, abs=1e-6)
    assert row["largest_slope"] == pytest.approx(1.49, abs=1e-6)
    assert row["saturated"] == pytest.approx(100 * 10 / 201)  # from 0.21 to 0.30


def test_a_minimum_at_an_end_is_none():
    row = extremes(lambda x: x, np.ones_like, np.arange(101) / 100, 0.1, minimize)
    assert np.isnan(row["minimum"])
    assert np.isnan(row["minimum_at"])
    assert row["saturated"] == 0


def test_points_have_value_and_slope():
    (row,) = points(relu, np.array([2.0]))
    assert row == {"x": 2, "value": 2, "slope": 1}


def test_the_least_value_between_two_points_is_found():
    at, least = lowest(lambda x: (x - 0.125) ** 2, np.arange(101) / 100, minimize)
    assert at == pytest.approx(0.125, abs=1e-6)
    assert least == pytest.approx(0, abs=1e-12)
