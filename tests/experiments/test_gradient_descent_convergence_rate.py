"""Gradient descent's bound: where it is broken, and which claims are refuted."""

from pathlib import Path

import pytest

from study.lab.data import Draws
from study.lab.declare import registry
from study.lab.judge import judge_all

FILE = (
    Path(__file__).parents[2] / "experiments" / "gradient_descent_convergence_rate.py"
)


@pytest.fixture(scope="module")
def definition():
    return registry.load(FILE).definition


@pytest.fixture(scope="module")
def tables(definition):
    return definition.run(Draws("draft"), replicates=2, steps=1_000)


def test_the_worst_huber_functions_take_half_the_bound(tables):
    rows = tables["iterations"]
    rows = rows[rows["how"] == "counted"]
    worst = rows[rows["problem"] == "worst Huber function"]
    assert worst["product"].iloc[-1] == pytest.approx(0.25, rel=0.05)
    assert rows["excess"].max() == 0


def test_the_bound_is_broken_beyond_2_over_the_curvature_at_the_optimum_and_only_there(
    tables,
):
    bound = tables["bound"]
    assert len(bound) == 8 * 7 * 2  # problems, steps and seeds
    for _, row in bound.iterrows():
        times = {"t = 2.1/L": 2.1, "t = 3/L": 3.0}.get(row["step"], 0)
        if row["regime"] == "t ≤ 1/L":
            assert not row["violated"], row
        elif times:
            assert row["violated"] == (times * row["curvature"] > 2), row


def test_one_claim_is_refuted_one_depends_and_the_others_are_exact(definition, tables):
    judged = judge_all(definition, tables)
    words = {claim.id: verdict.word for claim, verdict in judged}
    assert {id: word for id, word in words.items() if word != "exact"} == {
        "d2-41": "depends",
        "d2-43": "refuted",
    }
