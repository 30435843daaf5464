"""The formulas of blocks: by hand, and a block mistaken for another is refuted."""

from pathlib import Path

import numpy as np
import pytest

from study.lab import registry
from study.lab.data import Draws
from study.layers import PolyInception

FILE = Path(__file__).parents[2] / "experiments" / "blocks_formulas.py"


@pytest.fixture(scope="module")
def blocks():
    return registry.load(FILE).definition.run.__globals__


def test_a_layer_is_an_activation_of_its_weighted_inputs(blocks):
    kernel, bias = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, -20.0])
    found = blocks["function"]((kernel, bias), "relu")(np.array([[1.0, 1.0]]))
    np.testing.assert_allclose(found, [[14.0, 0.0]])


def test_softmax_sums_to_one_and_sigmoid_of_zero_is_half(blocks):
    found = blocks["softmax"](np.array([[0.0, np.log(3.0)]]))
    np.testing.assert_allclose(found, [[0.25, 0.75]])
    assert blocks["sigmoid"](0.0) == 0.5


def test_every_statement_holds(blocks):
    table = blocks["run"](Draws("draft"), 1)
    largest = table[table["part"] == "largest"]
    assert len(largest) == 5 + 1 + 7
    assert (largest["deviation"] <= blocks["TOLERANCE"]).all()


def test_another_variant_of_polynet_would_be_refuted(blocks, monkeypatch):
    def mistaken(variant, *functions, **options):
        variant = "2-way" if variant == "mpoly-2" else variant
        return PolyInception(variant, *functions, **options)

    monkeypatch.setitem(blocks, "PolyInception", mistaken)
    ((_, found, expected),) = blocks["poly"](np.random.default_rng(0))
    assert np.abs(found - expected).max() > 0.01


def test_exchanged_activations_would_be_refuted(blocks):
    rows = list(blocks["layers"](np.random.default_rng(0)))
    assert np.abs(rows[0][1] - rows[1][2]).max() > 0.01
