"""SGD's step sizes: variances and rates of theory, and formulas that end where told."""

from pathlib import Path

import pytest

from study.lab.data import Draws
from study.lab.declare import registry

FILE = Path(__file__).parents[2] / "experiments" / "sgd_step_sizes.py"


@pytest.fixture(scope="module")
def tables():
    return registry.load(FILE).definition.run(Draws("draft"), replicates=3, last=100)


def test_the_variance_of_constant_steps_is_that_of_theory(tables):
    rows = tables["stationary"]
    noisy = rows[(rows["method"] == "SGD") & (rows["problem"] == "noisy quadratic")]
    found = noisy.groupby("t")["variance"].mean()
    assert [*found.index] == [0.05, 0.1, 0.2]
    for t, variance in found.items():
        assert variance == pytest.approx(t / (2 - t), rel=0.1)


def test_both_formulas_end_where_they_do_once_their_labels_are_swapped(tables):
    for _, row in tables["cycle"].iterrows():
        assert (row["deviation"] > 0.01) == (row["labels"] == "as printed"), row


def test_the_difference_halves_with_t_where_slopes_are_lipschitz_and_else_stays(tables):
    rows = tables["closeness"]
    assert {*rows["assumption"]} == {"slopes Lipschitz", "only f_i Lipschitz"}
    for _, row in rows.iterrows():
        smooth = row["assumption"] == "slopes Lipschitz"
        assert row["power"] == pytest.approx(1 if smooth else 0, abs=0.05), row


def test_sgd_falls_with_a_smaller_power_of_k_than_gradient_descent(tables):
    rows = tables["rate"]
    first = rows[rows["replicate"] == 0]
    rates = first.set_index(["problem", "method"])["rate"]
    assert rates["quadratic", "SGD"] == pytest.approx(1, abs=0.2)
    assert rates["x⁴", "SGD"] == pytest.approx(0.5, abs=0.25)
    assert rates["x⁴", "GD"] == pytest.approx(2, abs=0.2)
    assert rates["quadratic", "GD"] > 10


def test_the_algorithm_and_the_optimizer_take_the_same_steps(tables):
    assert tables["algorithm"]["deviation"].max() < 1e-12
