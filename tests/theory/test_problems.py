"""Problems: slopes, optima and limits that are what they are told to be."""

import keras
import numpy as np
import pytest

from study.gradients import gradient, hessian
from study.theory.problems import (
    capped_root,
    conditioned,
    huber,
    log_sum_exp,
    nesterov_chain,
    quadratic,
    quartic,
    softmax,
)

ROWS = np.array([[2.0, 0.0], [-1.0, 1.5], [-1.0, -1.5]])
PROBLEMS = {
    "quadratic": quadratic([0.5, 1.0]),
    "quadratic, κ = 1": conditioned(1),
    "quadratic, κ = 10⁶": conditioned(1e6),
    "Nesterov's quadratic": nesterov_chain(),
    "Huber, threshold 1": huber(1.0),
    "Huber, threshold 0.3": huber(0.3),
    "log-sum-exp of x and −x": log_sum_exp(np.array([[1.0], [-1.0]])),
    "log-sum-exp of a triangle": log_sum_exp(ROWS),
    "x⁴": quartic(),
    "|x|^(3/2)": capped_root(),
}
every = pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)


@every
def test_every_slope_agrees_with_central_differences_of_the_gap(problem):
    random = np.random.default_rng(0)
    x = problem.best + random.uniform(0.1, 2, len(problem.best))
    steps = 1e-6 * np.eye(len(x))
    central = (problem.gap(x + steps) - problem.gap(x - steps)) / 2e-6
    np.testing.assert_allclose(central, problem.slope(x), atol=1e-8)


@every
def test_every_gap_and_slope_is_0_at_the_optimum(problem):
    assert problem.gap(problem.best) == pytest.approx(0, abs=1e-14)
    assert abs(problem.slope(problem.best)).max() < 1e-14


LIMITED = {name: each for name, each in PROBLEMS.items() if np.isfinite(each.limit)}


@pytest.mark.parametrize("problem", LIMITED.values(), ids=LIMITED)
def test_no_slope_changes_by_more_than_the_limit(problem):
    x, y = np.random.default_rng(1).normal(0, 3, (2, 500, len(problem.best)))
    change = np.linalg.norm(problem.slope(x) - problem.slope(y), axis=1)
    allowed = problem.limit * np.linalg.norm(x - y, axis=1)
    assert (change <= allowed * (1 + 1e-12)).all()


def test_only_the_root_and_the_quartic_have_no_limit():
    assert {*PROBLEMS} - {*LIMITED} == {"x⁴", "|x|^(3/2)"}


@every
def test_the_curvature_is_that_of_the_slope_at_the_optimum(problem):
    # central differences of slopes that are straight to within h there, or of √|x|,
    # which has no curvature at 0 and whose differences grow without end
    h = 1e-6
    steps = h * np.eye(len(problem.best))
    rows = problem.slope(problem.best + steps) - problem.slope(problem.best - steps)
    if np.isinf(problem.curvature):
        assert abs(rows / (2 * h)).max() >= 1 / np.sqrt(h) * (1 - 1e-9)
    else:
        largest = np.linalg.eigvalsh(rows / (2 * h))[-1]
        assert largest == pytest.approx(problem.curvature, abs=1e-8)


def test_log_sum_exp_has_the_slope_and_the_hessian_of_autodiff():
    problem, x = PROBLEMS["log-sum-exp of a triangle"], np.array([0.4, -0.3])

    def function(x):
        return keras.ops.logsumexp(keras.ops.sum(ROWS * x, axis=1))

    np.testing.assert_allclose(gradient(function, x), problem.slope(x), atol=1e-12)
    np.testing.assert_allclose(hessian(function, x), problem.hessian(x), atol=1e-12)


def test_the_curvature_of_log_sum_exp_comes_close_to_its_limit_far_out():
    problem = PROBLEMS["log-sum-exp of a triangle"]
    # between the first two rows, far from the third
    far = np.linalg.solve(ROWS[[0, 2]] - ROWS[1], [0.0, -40.0])
    curvature = np.linalg.eigvalsh(problem.hessian(far))[-1]
    assert curvature == pytest.approx(problem.limit, rel=1e-6)
    assert problem.curvature < 0.75 * problem.limit


def test_a_softmax_of_large_scores_does_not_overflow():
    np.testing.assert_allclose(softmax(np.array([1e4, 1e4])), 0.5)


def test_a_huber_function_is_a_parabola_up_to_its_threshold_and_straight_beyond():
    gap = huber(0.5, size=1).gap
    assert gap(np.array([0.4])) == pytest.approx(0.08)
    assert gap(np.array([-2.0])) == pytest.approx(0.5 * 2 - 0.125)


def test_the_capped_root_ends_in_hopping_whatever_the_step():
    problem, x, t = capped_root(), np.array([0.3]), 0.3
    for _ in range(2_000):
        x = x - t * problem.slope(x)
    assert abs(x.item()) == pytest.approx(t**2 / 4)
    assert (x - t * problem.slope(x)).item() == pytest.approx(-x.item())
