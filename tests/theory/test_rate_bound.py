"""The bound of gradient descent: gaps by hand, and when a course breaks it."""

import numpy as np
import pytest

from study.theory.problems import conditioned, huber
from study.theory.rate_bound import (
    attained,
    courses,
    needed,
    over_bound,
    steps_to,
    violation,
    worst_huber,
)


def test_one_step_of_a_parabola_leaves_what_the_formula_says():
    # f = x² / 2 from 1 with t = 1/2: the gap is 1/8 and the bound 1 / (2 · 1/2) = 1
    parabola = conditioned(1, size=1)
    (ratio,) = over_bound(parabola, np.ones((1, 1)), np.array([0.5]), 1)
    assert ratio.item() == pytest.approx(1 / 8)


def test_what_is_hopeless_is_followed_no_further():
    *_, ratio = over_bound(conditioned(1, 1), np.ones((1, 1)), np.array([1e3]), 500)
    assert np.isinf(ratio.item())


def test_a_violation_tells_the_first_step_above_the_bound():
    told = violation(np.array([0.5, 1.5, 0.7, 2.0]))
    assert told["first"] == 2
    assert told["excess"] == 1.0
    assert np.isnan(violation(np.array([0.5]))["first"])


def test_a_straight_part_is_left_after_as_many_steps_as_are_counted_by_hand():
    # from 1 down a slope of 0.1 by t = 1: the gap 0.1 x - 0.005 is at most 0.05 from
    # x = 0.55 on, which the fifth step passes
    counts = steps_to(huber(0.1, size=1), np.ones((1, 1)), np.array([0.05]), 20)
    assert counts.tolist() == [[5]]


@pytest.mark.parametrize("k", [1, 10, 100])
def test_the_worst_huber_function_has_the_gap_of_the_formula_after_k_steps(k):
    # the bound is 1 / (2k) and the gap 1 / (4k + 2)
    assert worst_huber(k) == pytest.approx(2 * k / (4 * k + 2), rel=1e-12)


def test_the_worst_gap_is_the_formula_s_and_told_with_its_deviation():
    row = attained(10)
    assert row["formula"] == 1 / 42
    assert row["gap"] == pytest.approx(1 / 42, rel=1e-12)
    assert row["deviation"] < 1e-12


def test_a_course_is_told_for_every_size_and_start():
    problem, starts = conditioned(1, size=1), np.array([[1.0], [2.0]])
    found = {each[:2]: each[2] for each in courses(problem, starts, (0.5, 1.0), 3)}
    assert [*found] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    # x halves a step: gaps 1/8, 1/32, 1/128 over bounds 1, 1/2, 1/3
    np.testing.assert_allclose(found[0, 0], [1 / 8, 1 / 16, 3 / 128])
    np.testing.assert_allclose(found[1, 1], 0, atol=1e-15)


def test_steps_needed_never_exceed_the_bound_of_half_the_inverse():
    rows = [*needed(huber(0.1, size=1), np.ones((1, 1)), 30, accuracies=4)]
    assert [each["inverse"] for each in rows] == pytest.approx(np.geomspace(4, 60, 4))
    for row in rows:
        assert row["product"] == pytest.approx(row["iterations"] / row["inverse"])
        assert row["excess"] == 0
        assert row["iterations"] <= row["inverse"] / 2
