"""Second-order terms: exact for quadratics, and a model that a gradient step solves."""

import numpy as np
import pytest

from study.gradients import gradient
from study.theory.problems import log_sum_exp, quadratic
from study.theory.second_order import StepModel, left

X = np.array([0.4, -0.3])


def test_the_form_leaves_nothing_of_a_quadratic_and_a_number_half_the_spread():
    # (100 - 1) / 2 · ½ on either axis; a value of 5 rounds to 5e-16, over 1e-6
    number, form = left(quadratic([1.0, 100.0]), X)
    assert form < 1e-8
    assert number == pytest.approx(99 / 4, rel=1e-6)


def test_a_number_does_where_all_curvatures_are_equal():
    assert max(left(quadratic([1.0, 1.0]), X)) < 1e-8


def test_the_model_of_a_step_is_tangent_and_least_where_the_step_ends():
    problem = log_sum_exp(np.array([[2.0, 0.0], [-1.0, 1.5], [-1.0, -1.5]]))
    model = StepModel(problem, X, 0.5)
    assert float(model(X)) == pytest.approx(problem.value(X))
    np.testing.assert_allclose(gradient(model, X), problem.slope(X), atol=1e-12)
    np.testing.assert_allclose(gradient(model, model.least), 0, atol=1e-12)
    assert abs(model.off_its_distance()).max() < 1e-12


def test_the_claims_of_a_step_s_model_hold_to_rounding():
    problem = log_sum_exp(np.array([[2.0, 0.0], [-1.0, 1.5], [-1.0, -1.5]]))
    found = [*StepModel(problem, X, 0.5).errors()]
    assert [claim for claim, *_ in found] == ["proximity"] * 2 + ["replacement"] * 2
    assert max(error for *_, error in found) < 1e-10


def test_the_slope_of_the_model_vanishes_after_a_step_and_that_of_the_function_not():
    problem = quadratic([1.0, 1.0])
    norms = dict(StepModel(problem, X, 0.5).norms())
    assert norms["slope of the model at x⁺"] < 1e-12
    # half of the way is left, at slope 1
    assert norms["slope of f at x⁺"] == pytest.approx(0.25)
