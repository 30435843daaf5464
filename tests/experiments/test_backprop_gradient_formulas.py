"""Back-propagation formulas: what the table says of them is known by hand."""

from pathlib import Path

import pytest

from study.lab.data import Draws
from study.lab.declare import registry
from study.lab.judge import judge_all

FILE = Path(__file__).parents[2] / "experiments" / "backprop_gradient_formulas.py"
BATCH = 4

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def definition():
    return registry.load(FILE).definition


@pytest.fixture(scope="module")
def tables(definition):
    return definition.run(Draws("draft"), replicates=2)


def test_one_claim_is_refuted_one_depends_and_nine_are_exact(definition, tables):
    judged = judge_all(definition, tables)
    words = {claim.id: verdict.word for claim, verdict in judged}
    assert words.pop("d0-10") == "refuted"
    assert words.pop("d0-11") == "depends"
    assert {*words.values()} == {"exact"}
    assert len(words) == 9


def test_autodiff_agrees_with_central_differences(tables):
    checked = tables["formula"]["central_error"].dropna()
    assert len(checked) == 8
    assert checked.max() < 1e-6


def test_counted_factors_are_one_to_four(tables):
    counts = tables["factors"]
    assert counts["counted"].tolist() == pytest.approx([1, 2, 3, 4] * 2)
    assert counts["lecture"].dropna().tolist() == [3, 4] * 2


def test_without_derivatives_relu_formulas_hold_where_all_are_on(tables):
    formulas = tables["formula"]
    found = formulas[formulas["activation"] == "ReLU"].set_index("network")
    assert found.loc["all units on", "deviation"] < 1e-12
    assert found.loc["some units off", "deviation"] > 0.1
    assert found.loc["all units on, one t_n for all k", "deviation"] > 1e-3
    assert found.loc["some units off", "active"] < 90


def test_keras_averages_where_the_lecture_sums(tables):
    found = tables["step"].set_index("reduction")["ratio"]
    # Keras keeps the learning rate in float32.
    assert found["sum"] == pytest.approx(1, abs=1e-6)
    assert found["sum_over_batch_size"] == pytest.approx(1 / BATCH, abs=1e-6)
