"""Flops counted by hand, and of the textbook."""

import numpy as np
import pytest

from study.theory.flops import backtrack, convex, costs, eliminate, gradient_step


@pytest.fixture
def random():
    return np.random.default_rng(0)


def test_elimination_takes_the_flops_of_the_textbook_and_solves(random):
    for n in (1, 5, 30):
        matrix, right = convex(n, random)
        solution, flops = eliminate(matrix, right)
        np.testing.assert_allclose(solution, np.linalg.solve(matrix, right), rtol=1e-10)
        assert 6 * flops == 4 * n**3 + 9 * n**2 - 7 * n


def test_a_gradient_step_takes_two_flops_a_weight():
    after, flops = gradient_step(np.ones(3), np.array([1.0, 2.0, 3.0]), 0.5)
    assert (after.tolist(), flops) == ([0.5, 0.0, -0.5], 6)


def test_the_search_halves_until_the_function_has_fallen_enough():
    # x² from 1 along -8: lengths 1 and 1/2 lead to -7 and -3, 1/4 to the mirror image
    # of the start, which is no lower, and 1/8 to 0
    found = backtrack(
        lambda x: (x**2).sum(), np.ones(1), np.array([2.0]), np.array([-8.0])
    )
    assert found == (1 / 8, 4, 1 + 4 * 6)


def test_a_step_costs_what_its_method_keeps_and_computes(random):
    (first, ours), (second, theirs) = costs(8, random, repeats=1)
    assert (first, second) == (True, False)
    assert (ours["bytes"], theirs["bytes"]) == (8 * 64, 8 * 8)
    assert ours["flops"] == (4 * 8**3 + 9 * 8**2 - 7 * 8) / 6 + 8
    assert theirs["flops"] == 16
    for each in (ours, theirs):
        assert each["search"] == 2 * 8 + 4
        assert each["seconds_step"] > 0
    assert ours["error"] < 1e-12
    assert np.isnan(theirs["error"])
