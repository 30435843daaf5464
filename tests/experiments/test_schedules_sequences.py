"""Schedules: the slides' sequences worked out by hand."""

from pathlib import Path

import numpy as np
import pytest

from study.lab import registry
from study.lab.judgement import judge_all

FILE = Path(__file__).parents[2] / "experiments" / "schedules_sequences.py"


@pytest.fixture(scope="module")
def definition():
    return registry.load(FILE).definition


@pytest.fixture(scope="module")
def names(definition):
    return definition.run.__globals__


@pytest.fixture(scope="module")
def table(definition):
    return definition.run()


def test_a_recursion_multiplies_from_its_first_epoch_on(names):
    halves = names["recursion"](lambda epoch: 0.5, 1)
    assert halves[:3].tolist() == [0.05, 0.025, 0.0125]
    assert names["recursion"](lambda epoch: 0.5, 0)[0] == 0.025


def test_the_slides_step_rule_fires_at_epochs_0_30_60_and_90(names):
    rates = names["recursion"](names["step_factor"], 0)
    np.testing.assert_allclose(
        rates[[0, 29, 30, 60, 90]], [5e-3, 5e-3, 5e-4, 5e-5, 5e-6], rtol=1e-12
    )


def test_the_documented_steps_change_at_30_60_and_90(names):
    rates = names["documented_steps"]()
    assert rates[[0, 29, 30, 59, 60, 90]].tolist() == [
        5e-2,
        5e-2,
        5e-3,
        5e-3,
        5e-4,
        5e-5,
    ]


def test_the_slides_line_falls_below_0_and_the_held_one_stays(names):
    written, held = names["line"](), names["line"](1)
    assert written[30] == held[30] == pytest.approx((0.05 + 0.0005) / 2)
    assert written[60] == held[99] == pytest.approx(0.0005)
    assert written[61:].max() < 0 < held.min()


def test_the_sequences_differ_just_where_the_formulas_do(table):
    rows = table[table["part"] == "comparison"]
    off = rows[rows["first_off"].notna()].set_index("comparison")["first_off"]
    assert off.to_dict() == {
        "MultiplicativeLR: slide from epoch 0": 0,
        "StepLR: slide": 0,
        "linear decay: slide beyond τ": 61,
    }


def test_only_the_step_rule_is_refuted(definition, table):
    words = {claim.id: verdict.word for claim, verdict in judge_all(definition, table)}
    assert words == {
        "d2-47": "exact",
        "d2-58": "exact",
        "d2-59": "exact",
        "d2-60": "refuted",
    }
