"""Shapes of activations: what is wrong of them is seen, and ranges are open."""

import numpy as np
import pytest

from study.activations import mish, relu, sigmoid, sinc, softmax
from study.theory.activations import PRINTED
from study.theory.checks import relative_beyond_one
from study.theory.shapes import (
    falling,
    jacobian,
    outside,
    saturated,
    slopes,
    softmax_errors,
    values,
)

GRID = np.arange(-1_000, 1_001) / 100
FAR = np.array([-1e300, 1e300])


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
