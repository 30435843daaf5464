"""Paths in other coordinates: Newton's stays, and turns leave both as they are."""

import keras
import numpy as np
import pytest

from study.gradients import gradient, hessian
from study.optimizers.newton import newton
from study.theory.change_of_variables import (
    bowl,
    distances,
    ends_around_saddle,
    path,
)

ROWS, X = np.random.default_rng(0).standard_normal((6, 2)), np.array([0.3, -0.2])


def function(x):
    squares = keras.ops.sum(x**2) / 2
    return keras.ops.logsumexp(keras.ops.sum(ROWS * x, axis=1)) + squares


def test_slope_and_hessian_of_the_bowl_are_those_of_autodiff():
    slope, matrix = bowl(X, ROWS)
    np.testing.assert_allclose(slope, gradient(function, X), atol=1e-12)
    np.testing.assert_allclose(matrix, hessian(function, X), atol=1e-12)


def test_the_component_takes_the_path_of_the_formula():
    found = newton(function, X, steps=3, tolerance=0.0).path
    by_formula = path(True, X, ROWS, np.eye(2), steps=3)
    np.testing.assert_allclose(found, by_formula[: len(found)], atol=1e-10)


def test_gradient_descent_goes_down_the_bowl():
    points = path(False, X, ROWS, np.eye(2), steps=200)
    np.testing.assert_allclose(bowl(points[-1], ROWS)[0], 0, atol=1e-6)


def test_a_turn_of_the_coordinates_changes_neither_path_and_a_stretch_newton_s_not():
    for second_order, stretch, apart in distances(np.random.default_rng(1), 5, (1, 9)):
        if stretch == 1 or second_order:
            assert apart < 1e-9
        else:
            assert apart > 0.05


def test_the_component_goes_to_the_saddle_that_gradient_descent_leaves():
    def saddle(x):
        return x[0] ** 2 - x[1] ** 2 + x[1] ** 4 / 4

    np.testing.assert_allclose(newton(saddle, [0.5, 0.2]).x, 0, atol=1e-8)
    start = np.random.default_rng(0).uniform(-1, 1, (50, 2))
    ours, theirs = (ends_around_saddle(each, start) for each in (True, False))
    assert ours["at_saddle"] > 40
    assert ours["at_saddle"] + ours["at_minimum"] == pytest.approx(100)
    assert theirs == {"at_saddle": 0, "at_minimum": 100}
