"""Schedules: where the slides' sequences part from the components, and the verdicts."""

from pathlib import Path

import pytest

from study.lab.declare import registry
from study.lab.judge import judge_all

FILE = Path(__file__).parents[2] / "experiments" / "schedules_sequences.py"


@pytest.fixture(scope="module")
def definition():
    return registry.load(FILE).definition


@pytest.fixture(scope="module")
def tables(definition):
    return definition.run()


def test_the_sequences_differ_just_where_the_formulas_do(tables):
    rows = tables["comparison"]
    off = rows[rows["first_off"].notna()].set_index("comparison")["first_off"]
    assert off.to_dict() == {
        "MultiplicativeLR: slide from epoch 0": 0,
        "StepLR: slide from epoch 0": 0,
        "linear decay: slide beyond τ": 61,
    }


def test_the_two_that_multiply_lack_a_base_case(definition, tables):
    words = {claim.id: verdict.word for claim, verdict in judge_all(definition, tables)}
    assert words == {
        "d2-47": "exact",
        "d2-58": "exact",
        "d2-59": "exact (with a condition)",
        "d2-60": "exact (with a condition)",
    }
