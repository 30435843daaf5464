"""Gradient descent's bound: problems whose slopes are right, and hops known by hand."""

from pathlib import Path

import keras
import numpy as np
import pytest

from study.gradients import gradient, hessian
from study.lab import registry
from study.lab.data import Draws
from study.lab.judgement import judge_all

FILE = (
    Path(__file__).parents[2] / "experiments" / "gradient_descent_convergence_rate.py"
)
REFUTED = ["d2-41", "d2-43"]


@pytest.fixture(scope="module")
def example():
    """Return the module's names."""
    return registry.load(FILE).definition.run.__globals__


@pytest.fixture(scope="module")
def problems(example):
    return example["problems"]() | {"roots": example["roots"]()}


def test_every_slope_agrees_with_central_differences_of_the_gap(problems):
    for name, problem in problems.items():
        random = np.random.default_rng(0)
        x = problem.best + random.uniform(0.1, 2, len(problem.best))
        steps = 1e-6 * np.eye(len(x))
        central = (problem.gap(x + steps) - problem.gap(x - steps)) / 2e-6
        np.testing.assert_allclose(central, problem.slope(x), atol=1e-8, err_msg=name)


def test_every_gap_and_slope_is_0_at_the_optimum(problems):
    for name, problem in problems.items():
        assert problem.gap(problem.best) == pytest.approx(0, abs=1e-14), name
        assert abs(problem.slope(problem.best)).max() < 1e-14, name


def test_no_slope_changes_by_more_than_the_limit(problems):
    for name, problem in problems.items():
        if name == "roots":  # has none
            continue
        x, y = np.random.default_rng(1).normal(0, 3, (2, 500, len(problem.best)))
        change = np.linalg.norm(problem.slope(x) - problem.slope(y), axis=1)
        allowed = problem.limit * np.linalg.norm(x - y, axis=1)
        assert (change <= allowed * (1 + 1e-12)).all(), name


def test_log_sum_exp_has_the_slope_and_the_hessian_of_autodiff(example):
    rows, x = example["ROWS"], np.array([0.4, -0.3])

    def function(x):
        return keras.ops.logsumexp(keras.ops.sum(rows * x, axis=1))

    slope = example["softmax"](x, rows) @ rows
    np.testing.assert_allclose(gradient(function, x), slope, atol=1e-12)
    matrix = example["soft_maximum_hessian"](x, rows)
    np.testing.assert_allclose(hessian(function, x), matrix, atol=1e-12)


def test_the_curvature_of_log_sum_exp_comes_close_to_its_limit_far_out(example):
    rows = example["ROWS"]
    problem = example["soft_maximum"](rows)
    # between the first two rows, far from the third
    far = np.linalg.solve(rows[[0, 2]] - rows[1], [0.0, -40.0])
    curvature = np.linalg.eigvalsh(example["soft_maximum_hessian"](far, rows))[-1]
    assert curvature == pytest.approx(problem.limit, rel=1e-6)
    assert problem.curvature < 0.75 * problem.limit


def test_a_huber_function_is_a_parabola_up_to_its_threshold_and_straight_beyond(
    example,
):
    gap = example["huber"](0.5, size=1).gap
    assert gap(np.array([0.4])) == pytest.approx(0.08)
    assert gap(np.array([-2.0])) == pytest.approx(0.5 * 2 - 0.125)


def test_one_step_of_a_parabola_leaves_what_the_formula_says(example):
    # f = x² / 2 from 1 with t = 1/2: the gap is 1/8 and the bound 1 / (2 · 1/2) = 1
    parabola = example["quadratic"](1, size=1)
    (ratio,) = example["descend"](parabola, np.ones((1, 1)), np.array([0.5]), 1)
    assert ratio.item() == pytest.approx(1 / 8)


def test_the_capped_root_ends_in_hopping_whatever_the_step(example):
    problem, x, t = example["roots"](), np.array([0.3]), 0.3
    for _ in range(2_000):
        x = x - t * problem.slope(x)
    assert abs(x.item()) == pytest.approx(t**2 / 4)
    assert (x - t * problem.slope(x)).item() == pytest.approx(-x.item())


def test_a_violation_tells_the_first_step_above_the_bound(example):
    told = example["violation"](np.array([0.5, 1.5, 0.7, 2.0]))
    assert told["first"] == 2
    assert told["excess"] == 1.0
    assert np.isnan(example["violation"](np.array([0.5]))["first"])


def test_the_worst_huber_functions_take_half_the_bound(example):
    table = [
        each for each in example["iterations"](200) if each["part"] == "iterations"
    ]
    worst = [each for each in table if each["problem"] == "worst Huber function"]
    assert worst[-1]["product"] == pytest.approx(0.25, rel=0.05)
    assert max(each["excess"] for each in table) == 0


def test_the_bound_is_broken_beyond_2_over_the_curvature_at_the_optimum_and_only_there(
    example,
):
    rows = [*example["bounds"](Draws("draft"), 2, 1_000)]
    for row in (each for each in rows if each["part"] == "bound"):
        times = {"t = 2.1/L": 2.1, "t = 3/L": 3.0}.get(row["step"], 0)
        if row["regime"] == example["ALLOWED"]:
            assert not row["violated"], row
        elif times:
            assert row["violated"] == (times * row["curvature"] > 2), row


def test_two_claims_are_refuted_and_the_others_exact(example):
    table = example["run"](Draws("draft"), replicates=2, steps=300)
    judged = judge_all(registry.load(FILE).definition, table)
    words = {claim.id: verdict.word for claim, verdict in judged}
    assert [id for id, word in words.items() if word != "exact"] == REFUTED
