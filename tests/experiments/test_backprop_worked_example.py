"""The worked example: three ways to one gradient, and numbers known by hand."""

from pathlib import Path

import numpy as np
import pytest

from study.lab import registry
from study.lab.judgement import judge_all

FILE = Path(__file__).parents[2] / "experiments" / "backprop_worked_example.py"


@pytest.fixture(scope="module")
def example():
    """Return the module's names."""
    definition = registry.load(FILE).definition
    return definition.run.__globals__


@pytest.fixture(scope="module")
def exact(example):
    return example["quantities"]({})


@pytest.fixture(scope="module")
def table(example):
    return example["run"]()


def test_the_chain_rule_agrees_with_central_differences(example):
    step = 1e-5
    # The loss is below 1 and its third derivatives are too: the truncation is below
    # step² / 6 and rounding below a few 2e-16 / step, together 1e-10.
    pairs = zip(
        example["gradients"](), example["central_differences"](step), strict=True
    )
    for gradient, central in pairs:
        assert gradient.shape == (2, 2)
        np.testing.assert_allclose(central, gradient, rtol=0, atol=1e-10)


def test_halving_the_step_shows_the_error_of_central_differences_to_be_quadratic(
    example,
):
    def error(step):
        pairs = zip(
            example["gradients"](), example["central_differences"](step), strict=True
        )
        return max(abs(central - exact).max() for exact, central in pairs)

    assert error(0.1) / error(0.05) == pytest.approx(4, rel=0.05)


# Keras keeps float64 weights, but rounds the rate, the inputs, the targets, the outputs
# and the error to float32 on the way: five times 6e-8, and once more where the error
# is the small difference of output and target.
KERAS = 5e-7


def test_keras_takes_the_same_step(example):
    before = example["FIRST"], example["SECOND"]
    updates = zip(
        before, example["gradients"](), example["keras_update"](), strict=True
    )
    for weights, gradient, updated in updates:
        assert updated.dtype == np.float64
        np.testing.assert_allclose(weights - updated, 0.3 * gradient, rtol=KERAS)


@pytest.mark.parametrize(
    ("quantity", "value"),
    [
        ("z10", 0.2 * 0.1 + 0.5 * 0.3),  # 0.17
        ("z11", 0.2 * 0.2 + 0.5 * 0.1),  # 0.09
        ("a10", 1 / (1 + np.exp(-0.17))),
        ("a11", 1 / (1 + np.exp(-0.09))),
        ("z20", 0.4 / (1 + np.exp(-0.17)) + 0.1 / (1 + np.exp(-0.09))),
        ("z21", 0.5 / (1 + np.exp(-0.17)) + 0.3 / (1 + np.exp(-0.09))),
        ("dz20/dw10¹", 1 / (1 + np.exp(-0.17))),
    ],
)
def test_forward_numbers_are_those_computed_by_hand(exact, quantity, value):
    assert exact[quantity] == pytest.approx(value, rel=1e-14)


def test_backward_numbers_are_those_of_the_gradients(example, exact):
    first, second = example["gradients"]()
    assert exact["dE/dw10¹"] == pytest.approx(second[0, 0], rel=1e-13)
    assert exact["dE/dw10⁰"] == pytest.approx(first[0, 0], rel=1e-13)
    assert exact["new w10¹"] == pytest.approx(0.4 - 0.3 * second[0, 0], rel=1e-14)
    assert exact["new w10⁰"] == pytest.approx(0.1 - 0.3 * first[0, 0], rel=1e-14)


def test_quantities_that_are_given_are_taken_as_they_stand(example, exact):
    given = example["quantities"]({"a20": 0.57, "dE/da20": 1.0})
    assert given["z20"] == exact["z20"]
    assert given["da20/dz20"] == pytest.approx(0.57 * 0.43)
    assert given["dE/dw10¹"] == pytest.approx(0.57 * 0.43 * exact["a10"])


def test_the_table_has_18_numbers_a_product_and_8_weights(table):
    counts = table["part"].value_counts().to_dict()
    assert counts == {"number": 18, "product": 1, "weight": 8}
    assert table["quantity"].is_unique


def test_two_of_the_18_numbers_deviate(table):
    numbers = table[table["part"] == "number"]
    off = numbers[numbers["deviation"] > 0.5]["quantity"]
    assert off.tolist() == ["dE/dw10⁰", "new w10⁰"]


def test_a_column_times_a_row_has_four_entries_and_a_pre_activation_one(table):
    (row,) = table[table["part"] == "product"].to_dict("records")
    assert (row["slide"], row["exact"], row["deviation"]) == (4, 1, 3)


def test_the_table_tells_all_three_updates_of_each_weight_alike(table):
    weights = table[table["part"] == "weight"]
    assert weights["before"].tolist() == [0.1, 0.2, 0.3, 0.1, 0.4, 0.5, 0.1, 0.3]
    np.testing.assert_allclose(
        weights["central_difference"], weights["gradient"], rtol=0, atol=1e-10
    )
    steps = (weights["before"] - weights[after] for after in ("keras", "exact"))
    np.testing.assert_allclose(*steps, rtol=KERAS)


def test_three_claims_are_refuted_and_sixteen_exact(table):
    judged = judge_all(registry.load(FILE).definition, table)
    refuted = [claim.id for claim, verdict in judged if verdict.word == "refuted"]
    assert refuted == ["d2-61", "d2-78", "d2-79"]
    assert [verdict.word for _, verdict in judged].count("exact") == 16
