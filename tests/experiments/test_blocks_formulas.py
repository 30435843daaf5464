"""The formulas of blocks hold, and a block mistaken for another is refuted."""

import numpy as np
import pytest
from modules import module

from study.lab.data import Draws
from study.lab.judge import judge_all
from study.layers import PolyInception


@pytest.fixture(scope="module")
def blocks():
    return module("blocks_formulas")


def test_every_statement_holds(blocks):
    tables = blocks.EXPERIMENT.run(Draws("draft"), 1)
    largest = tables["largest"]
    assert len(largest) == 5 + 1 + 7
    assert (largest["deviation"] <= blocks.TOLERANCE).all()


def test_another_variant_of_polynet_would_be_refuted(blocks, monkeypatch):
    def mistaken(variant, *functions, **options):
        variant = "2-way" if variant == "mpoly-2" else variant
        return PolyInception(variant, *functions, **options)

    monkeypatch.setattr(blocks, "PolyInception", mistaken)
    ((_, found, expected),) = blocks.poly(np.random.default_rng(0))
    assert np.abs(found - expected).max() > 0.01


def test_exchanged_activations_would_be_refuted(blocks):
    rows = list(blocks.layers(np.random.default_rng(0)))
    assert np.abs(rows[0][1] - rows[1][2]).max() > 0.01


def test_the_block_of_polynet_is_computed_and_cited(blocks):
    judged = judge_all(blocks.EXPERIMENT, blocks.EXPERIMENT.run(Draws("draft"), 1))
    assert {claim.id: str(verdict.word) for claim, verdict in judged} == {
        "d2-28": "exact",
        "d4-38": "exact",
    }
