"""The ladder: every rung is the network of its lab."""

from pathlib import Path

import keras
import numpy as np
import pytest

from study.lab.declare import registry

FILE = Path(__file__).parents[2] / "experiments" / "initialization_ladder_on_mnist.py"


@pytest.fixture(scope="module")
def definition():
    return registry.load(FILE).definition


def network(definition, rung):
    """Return a rung's network of MNIST's images."""
    return definition.model(definition.vary["rung"][rung], (784,), 10)


@pytest.mark.parametrize(
    ("rung", "trained"),
    [
        ("softmax", 7_850),
        ("Xavier", 269_322),
        ("deep", 1_195_018),
        ("dropout 0.5", 1_195_018),
        ("BN", 1_195_018 + 4 * 2 * 512),
    ],
)
def test_a_rung_has_the_weights_of_its_lab(definition, rung, trained):
    model = network(definition, rung)
    found = sum(int(np.prod(each.shape)) for each in model.trainable_variables)
    assert found == trained


@pytest.mark.parametrize(
    ("rung", "kernel", "bias"),
    [("N(0, 1)", 1, 1), ("N(0, 0.05²)", 0.05, 0), ("Xavier", (2 / 1040) ** 0.5, 0)],
)
def test_first_weights_have_the_scale_of_their_rung(definition, rung, kernel, bias):
    first, drawn, *_ = network(definition, rung).get_weights()
    assert first.std() == pytest.approx(kernel, rel=0.02)
    assert drawn.std() == pytest.approx(bias, rel=0.2)


@pytest.mark.parametrize(("profile", "rate"), [("paper", 0.3), ("standard", 0.5)])
def test_dropout_follows_every_hidden_layer(definition, profile, rate):
    model = network(definition.at(profile), f"dropout {rate}")
    rates = [each.rate for each in model.layers if hasattr(each, "rate")]
    assert rates == [rate] * 4


def test_normalization_stands_before_the_activation(definition):
    layers = network(definition, "BN").layers
    for dense, normalization, activation in zip(*[iter(layers[:12])] * 3, strict=True):
        assert isinstance(dense, keras.layers.Dense)
        assert type(normalization).__name__ == "BatchNormalization"
        assert activation.activation is keras.activations.relu


def test_what_is_compared_differs_in_its_weights_alone(definition):
    for profile, kinds in (("standard", (2, 3)), ("paper", (2,))):
        rungs = definition.at(profile).vary["rung"]
        for rate in ("", ", own rate"):
            one, other = rungs[f"N(0, 1){rate}"], rungs[f"Xavier{rate}"]
            apart = [i for i in range(6) if one[i] != other[i]]
            assert {*apart} <= {1, *kinds}


def test_steps_are_an_epoch_of_full_batches(definition):
    paper = definition.at("paper")
    assert definition.steps == definition.data.train // definition.batch_size
    assert paper.steps == 15 * paper.data.train // paper.batch_size
