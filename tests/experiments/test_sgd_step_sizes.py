"""SGD's step sizes: chains whose variance is known, and cycles computed by hand."""

from pathlib import Path

import numpy as np
import pytest

from study.lab import registry
from study.lab.data import Draws

FILE = Path(__file__).parents[2] / "experiments" / "sgd_step_sizes.py"


@pytest.fixture(scope="module")
def example():
    """Return the module's names."""
    return registry.load(FILE).definition.run.__globals__


def test_a_step_is_taken_with_the_size_of_its_arm(example):
    start, steps = np.ones((2, 1, 1)), np.array([[0.5, 0.25], [0.5, 0.25]])
    *_, x = example["follow"](start, steps, lambda x: x)
    assert x.ravel().tolist() == [0.25, 0.5625]


def test_steps_of_1_over_k_average_the_noise(example):
    # x_k = x_(k-1) - (x_(k-1) + noise) / k is minus the mean of the noise so far
    noise = np.random.default_rng(0).standard_normal((50, 1, 1))
    drawn = iter(noise)
    steps = 1 / np.arange(1.0, 51)[:, None]
    *_, x = example["follow"](np.ones((1, 1, 1)), steps, lambda x: x + next(drawn))
    assert x.item() == pytest.approx(-noise.mean())


def test_all_arms_meet_the_same_noise(example):
    felt = example["with_noise"](np.zeros_like, np.random.default_rng(0))
    first, second = felt(np.ones((2, 3, 2)))
    np.testing.assert_array_equal(first, second)


def test_the_variance_of_constant_steps_is_that_of_theory(example):
    rows = [*example["stationary"](Draws("draft"), 3)]
    for t in example["CONSTANT"]:
        found = [
            row["variance"]
            for row in rows
            if (row.get("method"), row["problem"], row["t"])
            == ("SGD", "noisy quadratic", t)
        ]
        assert np.mean(found) == pytest.approx(t / (2 - t), rel=0.1)


def test_the_optimum_of_the_regression_has_no_slope(example):
    inputs, targets, best = example["regression"](np.random.default_rng(0))
    np.testing.assert_allclose(inputs.T @ (inputs @ best - targets), 0, atol=1e-12)


@pytest.mark.parametrize(
    ("family", "loss"),
    [
        ("logistic", lambda x, a: np.log1p(np.exp(-a @ x))),
        ("squares", lambda x, a: (a @ x - 1) ** 2 / 2),
    ],
)
def test_slopes_agree_with_central_differences(example, family, loss):
    a, x = np.array([0.5, -1.0, 2.0]), np.array([0.3, 0.2, -0.1])
    central = [(loss(x + h, a) - loss(x - h, a)) / 2e-6 for h in 1e-6 * np.eye(3)]
    np.testing.assert_allclose(example[family](x, a), central, atol=1e-8)


def test_the_difference_of_a_cycle_is_the_one_computed_by_hand(example):
    # Two parabolas x² / 2 from 1 with t = 1/2: slopes 1 and 1/2, in the batch 1 and 1.
    slopes = [lambda x: x] * 2
    points, met = example["cycle"](slopes, np.array([1.0]), 0.5)
    assert [each.item() for each in points] == [1.0, 0.5, 0.25]
    assert [each.item() for each in met] == [1.0, 0.5]
    assert example["difference"](slopes, np.array([1.0]), 0.5).item() == -0.5


def test_both_formulas_end_where_they_do_once_their_labels_are_swapped(example):
    rows = [*example["labels"](Draws("draft"))]
    for row in rows:
        assert (row["deviation"] > 0.01) == (row["labels"] == "as printed"), row


def test_the_difference_halves_with_t_where_slopes_are_lipschitz_and_else_stays(
    example,
):
    for row in example["closeness"](Draws("draft"), 2):
        if row["part"] == "closeness":
            smooth = row["assumption"] == example["SMOOTH"]
            assert row["power"] == pytest.approx(1 if smooth else 0, abs=0.05), row


def test_sgd_falls_with_a_smaller_power_of_k_than_gradient_descent(example):
    rates = {
        (row["problem"], row["method"]): row["rate"]
        for row in example["rates"](Draws("draft"), 1)
        if row["part"] == "rate"
    }
    assert rates["quadratic", "SGD"] == pytest.approx(1, abs=0.2)
    assert rates["x⁴", "SGD"] == pytest.approx(0.5, abs=0.25)
    assert rates["x⁴", "GD"] == pytest.approx(2, abs=0.2)
    assert rates["quadratic", "GD"] > 10


def test_the_algorithm_and_the_optimizer_take_the_same_steps(example):
    assert max(row["deviation"] for row in example["algorithm"](Draws("draft"))) < 1e-12
