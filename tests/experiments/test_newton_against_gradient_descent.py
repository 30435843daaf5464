"""Newton against gradient descent: flops counted by hand, and the component as twin."""

from pathlib import Path

import keras
import numpy as np
import pytest

from study.lab import registry
from study.lab.data import Draws
from study.optimizers import newton

FILE = Path(__file__).parents[2] / "experiments" / "newton_against_gradient_descent.py"


@pytest.fixture(scope="module")
def example():
    """Return the module's names."""
    return registry.load(FILE).definition.run.__globals__


@pytest.fixture
def random():
    return np.random.default_rng(0)


def test_elimination_of_two_unknowns_takes_nine_flops(example):
    # a factor, a product and a difference twice; then 1 and 3 flops to solve backwards
    solution, flops = example["eliminate"](
        np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([4.0, 7.0])
    )
    np.testing.assert_allclose(solution, [1, 2])
    assert flops == 9


def test_elimination_takes_the_flops_of_the_textbook_and_solves(example, random):
    for n in (1, 5, 30):
        matrix, right = example["convex"](n, random)
        solution, flops = example["eliminate"](matrix, right)
        np.testing.assert_allclose(solution, np.linalg.solve(matrix, right), rtol=1e-10)
        assert 6 * flops == 4 * n**3 + 9 * n**2 - 7 * n


def test_a_gradient_step_takes_two_flops_a_weight(example):
    after, flops = example["descend"](np.ones(3), np.array([1.0, 2.0, 3.0]), 0.5)
    assert (after.tolist(), flops) == ([0.5, 0.0, -0.5], 6)


def test_the_search_halves_until_the_function_has_fallen_enough(example):
    # x² from 1 along -8: lengths 1 and 1/2 lead to -7 and -3, 1/4 to the mirror image
    # of the start, which is no lower, and 1/8 to 0
    found = example["backtrack"](
        lambda x: (x**2).sum(), np.ones(1), np.array([2.0]), np.array([-8.0])
    )
    assert found == (1 / 8, 4, 1 + 4 * 6)


def test_a_rotated_quadratic_has_its_condition_number_and_a_start_at_distance_1(
    example,
):
    matrices, starts = example["quadratics"](Draws("draft"), 1_000, 3)
    np.testing.assert_allclose(np.linalg.cond(matrices), 1_000, rtol=1e-8)
    np.testing.assert_allclose(np.linalg.norm(starts, axis=(1, 2)), 1)


def test_iterations_are_counted_until_a_millionth_of_the_gap(example):
    # halving x quarters the gap: 4^-10 < 10^-6 < 4^-9
    matrices, x = np.ones((2, 1, 1)), np.array([[[1.0]], [[5.0]]])
    counts = example["iterations"](lambda x: x / 2, matrices, x)
    assert counts.tolist() == [10, 10]


def test_the_component_solves_an_ill_conditioned_quadratic_in_one_step(example):
    matrices, starts = example["quadratics"](Draws("draft"), 10_000, 1)
    matrix, start = matrices[0], starts[0, :, 0]

    def function(x):
        return keras.ops.sum(x * keras.ops.sum(matrix * x, axis=1)) / 2

    after = newton(function, start, steps=1).x
    assert after @ matrix @ after < 1e-6 * start @ matrix @ start


def test_the_component_takes_the_path_of_the_formula(example, random):
    rows, x = random.standard_normal((6, 2)), np.array([0.3, -0.2])

    def function(x):
        return keras.ops.logsumexp(keras.ops.sum(rows * x, axis=1)) + (
            keras.ops.sum(x**2) / 2
        )

    path = newton(function, x, steps=3, tolerance=0.0).path
    by_formula = example["path"](example["NEWTON"], x, rows, np.eye(2), steps=3)
    np.testing.assert_allclose(path, by_formula[: len(path)], atol=1e-10)


def test_a_turn_of_the_coordinates_changes_neither_path(example):
    for row in example["invariance"](Draws("draft"), 1):
        if row["stretch"] == 1 or row["method"] == example["NEWTON"]:
            assert row["apart"] < 1e-9
        else:
            assert row["apart"] > 0.05


def test_the_component_goes_to_the_saddle_that_gradient_descent_leaves(example):
    def function(x):
        return x[0] ** 2 - x[1] ** 2 + x[1] ** 4 / 4

    np.testing.assert_allclose(newton(function, [0.5, 0.2]).x, 0, atol=1e-8)
    ends = {row["method"]: row for row in example["saddle"](Draws("draft"), 1)}
    assert ends[example["NEWTON"]]["at_saddle"] > 40
    assert ends[example["DESCENT"]]["at_saddle"] == 0
    assert ends[example["DESCENT"]]["at_minimum"] == 100


def test_the_powers_of_n_are_those_of_the_rows(example):
    rows = [
        {
            "method": method,
            "n": n,
            "bytes": n**memory,
            "flops": n**flops,
            "search": n,
            "seconds_step": 1e-6,
        }
        for method, memory, flops in (("Newton", 2, 3), ("gradient descent", 1, 1))
        for n in (2, 4, 8)
    ]
    found = [*example["powers"](rows)]
    assert max(row.get("deviation", 0) for row in found) < 1e-12
    timed = [row["seconds_power"] for row in found if "seconds_power" in row]
    assert timed == pytest.approx([0, 0], abs=1e-12)
