"""The problems of the bound: their slopes are those of their values."""

import numpy as np
import pytest

from study.theory.bounded_problems import (
    TRIANGLE,
    curved,
    slow,
    smooth,
    with_or_without,
)
from study.theory.checks import central_gradient

OTHERS = {name: problem for name, (problem, *_) in with_or_without().items()}
EVERY = smooth() | curved() | OTHERS | {"slow": slow(100)["quadratic, κ = 10"][0]}


@pytest.mark.parametrize("name", EVERY)
def test_slopes_are_those_of_the_values_and_vanish_at_the_optimum(name):
    problem = EVERY[name]
    x = problem.best + np.linspace(0.2, 0.7, len(problem.best))
    central = central_gradient(lambda x: problem.value(x), x)
    np.testing.assert_allclose(problem.slope(x), central, atol=1e-8)
    np.testing.assert_allclose(problem.slope(problem.best), 0, atol=1e-12)


@pytest.mark.parametrize("name", curved())
def test_hessians_are_the_change_of_the_slopes(name):
    problem, x = curved()[name], np.array([0.4, -0.3])
    columns = [
        central_gradient(lambda x, i=i: problem.slope(x)[i], x) for i in range(2)
    ]
    np.testing.assert_allclose(problem.hessian(x), columns, atol=1e-8)


def test_smooth_problems_have_a_limit_that_no_curvature_exceeds():
    for problem in smooth().values():
        assert problem.curvature <= problem.limit * (1 + 1e-12) < np.inf
    assert TRIANGLE in smooth()


def test_step_sizes_go_up_to_the_bound_that_is_assumed():
    sizes = {name: sizes for name, (_, sizes, _) in with_or_without().items()}
    assert max(sizes["Huber, threshold 0.1"]) == 1 / 0.1
    assert [each["assumed"] for *_, each in with_or_without().values()] == [
        *("yes", "yes", "no")
    ]


def test_the_slowest_of_the_worst_hubers_has_a_straight_part_for_all_steps():
    problem, starts = slow(100)["worst Huber function"]
    assert np.abs(problem.slope(starts)).min() == pytest.approx(1 / 100)
