"""Summaries: the interval that fits the measure, and digits that mean something."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from study.lab.figures.shown import Shown
from study.lab.rules.summaries import JOIN, apart, brief, interval, number, summarise


def summary(measure, values):
    shown = Shown(
        pd.DataFrame({measure: values}),
        units={"first": "steps", "epochs": "epochs", "error": "%", "dead": "share"},
        censored=("first", "epochs"),
        budgets={"first": {(): 100}, "epochs": {(): 12}},
    )
    return summarise(shown, measure, shown.table)


def test_a_measured_quantity_has_a_mean_and_a_student_interval():
    values = [1.0, 2.0, 4.0]
    found = summary("loss", values)
    expected = stats.t.interval(0.95, 2, np.mean(values), stats.sem(values))
    assert (found.lower, found.upper) == pytest.approx(expected)


def test_a_measure_of_0_and_1_has_a_share_and_an_exact_interval():
    found = summary("won", [1, 1, 1, 0])
    expected = stats.binomtest(3, 4).proportion_ci(method="exact")
    assert (found.lower, found.upper) == pytest.approx((expected.low, expected.high))
    assert str(found).startswith("3 of 4: 0.75 [0.19")


def test_an_error_of_0_in_every_run_is_not_taken_for_a_share():
    assert summary("error", [0.0, 0.0, 1.0]).kind == "mean"


def test_a_censored_count_has_a_median_and_tells_what_was_never_reached():
    found = summary("first", [10, 20, 30, 40, 50, 60, 70, 100, 100])
    assert (found.center, found.reached) == (50, 7)
    assert str(found) == f"50 [20{JOIN}never]; never in 2 of 9"


def test_a_count_that_most_runs_never_reached_has_no_median():
    assert str(summary("first", [10, 100, 100])) == "never in 2 of 3"


def test_a_count_is_censored_at_its_own_budget_in_its_own_unit():
    found = summary("epochs", [3, 4, 5, 6, 7, 8, 12, 12])
    assert str(found) == f"6 [3{JOIN}never]; never in 2 of 8"
    assert str(summary("epochs", [12, 12, 12])) == "never in 3 of 3"


def test_a_share_has_an_interval_inside_0_and_1():
    found = summary("dead", [1.0, 1.0, 0.7, 1.0])
    assert found.kind == "mean"
    assert found.upper == 1.0 > found.center > found.lower
    expected = stats.t.interval(0.95, 3, 0.925, stats.sem([1.0, 1.0, 0.7, 1.0]))
    assert expected[1] > 1
    assert found.lower == pytest.approx(expected[0])


def test_percentages_have_an_interval_inside_0_and_100():
    found = summary("error", [0.0, 0.0, 1.0])
    assert found.lower == 0 < found.center < found.upper
    assert summary("error", [100.0, 100.0, 98.0]).upper == 100
    # how far a loss fell, which may have risen
    fell = summary("error", [-1.0, 0.0, 2.0])
    assert fell.lower < 0 < fell.upper


def test_a_median_of_few_runs_says_that_it_has_no_interval():
    assert str(summary("first", [10, 20, 30, 40, 50])) == "30 (no interval of 5 runs)"
    assert str(summary("first", [10, 20, 30, 40, 100])) == (
        "30 (no interval of 5 runs); never in 1 of 5"
    )
    assert str(summary("first", [1, 2, 3, 4, 5, 6])) == f"3.5 [1.0{JOIN}6.0]"


def test_no_runs_are_called_so():
    assert str(summary("error", [])) == "no runs"


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((0.3123, 0.295, 0.329), f"0.312 [0.295{JOIN}0.329]"),
        ((0.3123, 0.25, 0.38), f"0.31 [0.25{JOIN}0.38]"),
        ((1234.5, 1100, 1400), f"1,234 [1,100{JOIN}1,400]"),
        ((1.0, -math.inf, math.inf), f"1.000 [−∞{JOIN}∞]"),
        ((9.78e-6, 9.5e-6, 1.01e-5), f"9.78e−06 [9.5e−06{JOIN}1.01e−05]"),
        ((0.0, 0.0, 0.0), f"0 [0{JOIN}0]"),
    ],
)
def test_an_interval_has_the_digits_that_it_leaves_sure(numbers, text):
    assert interval(*numbers) == text


def test_an_end_that_differs_from_its_bound_looks_different():
    assert interval(0.1, 0.0004, 0.2, bounds=(0,)) == f"0.1000 [0.0004{JOIN}0.2000]"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.17, "0.17"),
        (-0.0107, "−0.0107"),
        (1234567.0, "1,234,567"),
        (2.5e-15, "2.5e−15"),
        (-0.0, "0"),
        (math.nan, "not a number"),
    ],
)
def test_a_number_has_six_digits_at_most_and_a_true_minus(value, text):
    assert number(value) == text


def test_brief_is_three_digits_unless_that_hides_a_difference():
    assert brief(0.239794) == "0.24"
    assert apart(0.50004, 0.5) == "0.50004"
    assert apart(0.50004, 0.4) == "0.5"
