"""Architectures: their layers, their shapes, and what counts as learned."""

from pathlib import Path

import keras
import numpy as np
import pytest

from study.lab.declare import registry

FOLDER = Path(__file__).parents[2] / "experiments"


def names(finding):
    return registry.load(FOLDER / f"{finding}.py").definition.model.__globals__


@pytest.mark.parametrize(
    ("architecture", "weights"),
    [
        ("fast forward", (784 + 1) * 64 + 65 * 64 + 129 * 64 + (3 * 64 + 1) * 10),
        ("split and merge", 785 * 64 + 4 * 17 * 16 + 65 * 64 + 650),
        ("recurrent", (28 + 64 + 1) * 64 + 650),
        ("mixed activations", 785 * 64 + 2 * 65 * 64 + 650),
    ],
)
def test_an_architecture_has_the_weights_of_its_blocks(architecture, weights):
    model = names("architectures_of_blocks")["model"](architecture)
    assert model.count_params() == weights
    assert model.output_shape == (None, 10)


def test_a_network_has_learned_with_less_than_a_fifth_wrong():
    learns = names("architectures_of_blocks")["learns"]
    x = np.eye(3, dtype="float32")[np.arange(30) % 3]
    y = np.arange(30) % 3
    model = keras.Sequential([keras.Input((3,)), keras.layers.Identity()])
    assert float(learns(model, x, np.where(np.arange(30) < 5, y + 1, y))) == 1
    assert float(learns(model, x, np.where(np.arange(30) < 6, y + 1, y))) == 0


def test_pooling_alone_has_no_fully_connected_layer():
    finding = names("global_pooling_head")
    dense = {
        head: sum(
            isinstance(layer, keras.layers.Dense)
            for layer in finding["model"](head, (784,), 10).layers
        )
        for head in ("pooling alone", "two dense layers")
    }
    assert list(dense.values()) == [0, 2]


def test_the_weights_are_counted():
    finding = names("global_pooling_head")
    body = (9 + 1) * 16 + (9 * 16 + 1) * 32 + (9 * 32 + 1) * 64
    model = finding["model"]("pooling alone", (784,), 10)
    found = float(finding["weights"](model, None, None))
    assert found == body + (64 + 1) * 10
