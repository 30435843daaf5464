"""The worked example: its table holds what it should, and what is wrong in it."""

from pathlib import Path

import numpy as np
import pytest

from study.lab.declare import registry
from study.lab.judge import judge_all

FILE = Path(__file__).parents[2] / "experiments" / "backprop_worked_example.py"


@pytest.fixture(scope="module")
def definition():
    return registry.load(FILE).definition


@pytest.fixture(scope="module")
def tables(definition):
    return definition.run()


# Keras keeps float64 weights, but rounds the rate, the inputs, the targets, the outputs
# and the error to float32 on the way: five times 6e-8, and once more where the error
# is the small difference of output and target.
KERAS = 5e-7


def test_the_table_has_18_numbers_a_product_and_8_weights(tables):
    counts = {name: len(each) for name, each in tables.items()}
    assert counts == {"number": 2 * 18, "product": 1, "weight": 8}
    assert tables["weight"]["quantity"].is_unique
    assert not tables["number"].duplicated(["quantity", "inputs"]).any()


def test_two_of_the_18_numbers_deviate(tables):
    numbers = tables["number"]
    off = numbers[numbers["deviation"] > 0.5].groupby("inputs")["quantity"]
    assert off.get_group("printed or exact").tolist() == ["dE/dw10⁰", "new w10⁰"]
    assert off.get_group("printed").tolist() == ["dE/dw10¹", "dE/dw10⁰", "new w10⁰"]


def test_a_column_times_a_row_has_four_entries_and_a_pre_activation_one(tables):
    (row,) = tables["product"].to_dict("records")
    assert (row["slide"], row["exact"], row["deviation"]) == (4, 1, 3)


def test_the_table_tells_all_three_updates_of_each_weight_alike(tables):
    weights = tables["weight"]
    assert weights["before"].tolist() == [0.1, 0.2, 0.3, 0.1, 0.4, 0.5, 0.1, 0.3]
    np.testing.assert_allclose(
        weights["central_difference"], weights["gradient"], rtol=0, atol=1e-10
    )
    steps = (weights["before"] - weights[after] for after in ("keras", "exact"))
    np.testing.assert_allclose(*steps, rtol=KERAS)


def test_three_claims_are_refuted_and_one_takes_more_digits(definition, tables):
    judged = {claim.id: verdict for claim, verdict in judge_all(definition, tables)}
    words = {id: verdict.word for id, verdict in judged.items()}
    assert {id: word for id, word in words.items() if word != "exact"} == {
        "d2-61": "refuted",
        "d2-73": "exact (with a condition)",
        "d2-78": "refuted",
        "d2-79": "refuted",
    }
    assert judged["d2-73"].reason.startswith("provided that its inputs have more dig")


def test_the_last_number_follows_from_the_factors_before_they_were_rounded():
    gradient = (0.03627 - 0.0107) * 0.2484 * 0.54
    assert round(0.1 - 0.3 * gradient, 5) == 0.09897
    assert round(0.1 - 0.3 * round(gradient, 4), 5) == 0.09898
