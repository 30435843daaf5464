"""Architectures: their layers and their weights."""

import keras
import pytest
from modules import module


def names(finding):
    return vars(module(finding))


@pytest.mark.parametrize(
    ("architecture", "weights"),
    [
        ("fast forward", (784 + 1) * 64 + 65 * 64 + 129 * 64 + (3 * 64 + 1) * 10),
        ("split and merge", 785 * 64 + 4 * 17 * 16 + 65 * 64 + 650),
        ("recurrent", (28 + 64 + 1) * 64 + 650),
        ("chain", 785 * 64 + 2 * 65 * 64 + 650),
        ("no block", 785 * 10),
    ],
)
def test_an_architecture_has_the_weights_of_its_blocks(architecture, weights):
    model = names("architectures_of_blocks")["model"](architecture, (784,), 10)
    assert model.count_params() == weights
    assert model.output_shape == (None, 10)


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
