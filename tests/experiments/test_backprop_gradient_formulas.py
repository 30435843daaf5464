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


def test_two_claims_are_refuted_and_nine_exact(definition, tables):
    judged = judge_all(definition, tables)
    refuted = [claim.id for claim, verdict in judged if verdict.word == "refuted"]
    assert refuted == ["d0-10", "d0-11"]
    assert [verdict.word for _, verdict in judged].count("exact") == 9


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
    found = formulas[formulas["claim"] == "d0-11"].set_index("network")
    assert found.loc["all on", "deviation"] < 1e-12
    assert found.loc["some off", "deviation"] > 0.1
    assert found.loc["all on, one t_n for all k", "deviation"] > 1e-3
    assert found.loc["some off", "active"] < 90


def test_keras_averages_where_the_lecture_sums(tables):
    found = tables["step"].set_index("reduction")["ratio"]
    # Keras keeps the learning rate in float32.
    assert found["sum"] == pytest.approx(1, abs=1e-6)
    assert found["sum_over_batch_size"] == pytest.approx(1 / BATCH, abs=1e-6)
