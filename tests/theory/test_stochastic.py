"""Noise that all arms share, and a regression whose optimum has no slope."""

import numpy as np
import pytest

from study.theory.descents import descend
from study.theory.problems import quadratic
from study.theory.stochastic import (
    BOWL,
    FAR,
    Regression,
    gaps,
    in_theory,
    noisy,
    rates,
    sequences,
    settled_variance,
    settling,
)


@pytest.fixture
def regression():
    return Regression.drawn(np.random.default_rng(0))


def test_all_arms_meet_the_same_noise():
    felt = noisy(np.zeros_like, np.random.default_rng(0))
    first, second = felt(np.ones((2, 3, 2)))
    np.testing.assert_array_equal(first, second)
    assert first.std() > 0


def test_the_optimum_of_the_regression_has_no_slope(regression):
    inputs, targets, best = regression.inputs, regression.targets, regression.best
    np.testing.assert_allclose(inputs.T @ (inputs @ best - targets), 0, atol=1e-12)
    np.testing.assert_array_equal(regression.slope(np.zeros((1, 1, 2))), 0)


def test_the_slopes_of_single_examples_average_to_the_whole_slope(regression):
    x = np.broadcast_to([1.0, -2.0], (1, 200_000, 2))
    drawn = regression.slope_of_one(np.random.default_rng(1))(x)[0]
    error = drawn.std(axis=0) / np.sqrt(len(drawn))
    assert (abs(drawn.mean(axis=0) - regression.slope(x)[0, 0]) < 5 * error).all()


def test_steps_down_a_noisy_parabola_settle_at_the_variance_of_theory():
    slope = noisy(lambda x: x, np.random.default_rng(0))
    *_, x = descend(np.zeros((1, 100_000, 1)), slope, [0.1] * 60)
    # 60 steps leave 0.9^120 of the way; the variance of a variance is 2 / n of its
    # square
    assert x.var() == pytest.approx(settled_variance(0.1), rel=5 * np.sqrt(2e-5))


def test_sequences_follow_the_same_noise_and_start_at_the_same_distance():
    named = {
        "halves": (lambda k: 0.5 + 0 * k, {"sum": "∞"}),
        "stays": (lambda k: 0 * k, {"sum": "finite"}),
    }
    problems = {"bowl": (BOWL.slope, FAR)}
    rows = [*sequences(np.random.default_rng(0), named, problems, 200)]
    assert {each["k"] for each in rows} >= {1, 100, 200}
    assert {each["steps"]: each["sum"] for each in rows} == {
        "halves": "∞",
        "stays": "finite",
    }
    stays = [each["distance"] for each in rows if each["steps"] == "stays"]
    np.testing.assert_allclose(stays, FAR)
    assert next(each["distance"] for each in rows[::-1]) == FAR
    settled = [each for each in rows if each["steps"] == "halves"][-1]
    assert settled["distance"] < 1


def test_constant_steps_settle_at_the_variance_of_theory_and_descent_at_none():
    rows = [*settling(np.random.default_rng(0), (0.2, 0.1))]
    assert len(rows) == 4 * 2
    theory = {each["t"]: each["variance"] for each in in_theory((0.2, 0.1))}
    for row in rows:
        if row["method"] == "GD":
            assert row["distance"] < 1e-6
        elif row["problem"] == "noisy quadratic":
            # 100 chains, of which some tens of steps each are independent
            assert row["variance"] == pytest.approx(theory[row["t"]], rel=0.1)


def test_gaps_fall_with_the_power_that_their_steps_give():
    parabola = quadratic([1.0, 1.0])
    problems = {"parabola": (parabola, lambda k: 0.01 + 0 * k, lambda k: 1 / k, 1.0)}
    found = {each["method"]: each for each in rates(np.random.default_rng(0), problems)}
    # Steps of 1/k average the noise of k slopes: the gap is 1/k, twice a half's.
    assert found["SGD"]["rate"] == pytest.approx(1, abs=0.2)
    assert found["SGD"]["late"] == pytest.approx(1 / 300, rel=0.5)
    rows = [each for each in gaps(np.random.default_rng(0), problems)]
    descent = {each["k"]: each["gap"] for each in rows if each["method"] == "GD"}
    assert descent[300] / descent[1] == pytest.approx(0.99 ** (2 * 299))
    assert found["GD"]["late"] == descent[300]


def test_x_to_the_fourth_outgrows_steps_of_any_sum():
    shrinking = {"2/(k+1)": (lambda k: 2 / (k + 1), {})}
    problems = {power: (lambda x, p=power: x**p, 3.0) for power in (1, 3)}
    rows = [*sequences(np.random.default_rng(0), shrinking, problems, 100)]
    found = {each["problem"]: each["distance"] for each in rows if each["k"] == 100}
    # from 3 by 1 to −24, by 2/3 to 9,192, by 1/2 beyond 10^11
    assert found[3] == 1e6
    assert found[1] < 1
