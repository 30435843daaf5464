"""Initialization and pretraining: every start changes what it says, from its seed."""

import keras
import numpy as np
import pytest
from modules import module


@pytest.fixture(scope="module")
def finding():
    """Return the module's names."""
    return vars(module("initialization_and_pretraining"))


@pytest.fixture(scope="module")
def definition(finding):
    return finding["EXPERIMENT"]


def network(definition, activation, start):
    """Return a network of MNIST's images."""
    return definition.model(activation, start, (784,), 10)


@pytest.fixture(scope="module")
def images():
    """Return images that one of their pixels tells apart, and their labels."""
    random = np.random.default_rng(0)
    y = np.arange(200, dtype="int32") % 10
    x = random.random((200, 784)).astype("float32") / 2
    x[np.arange(200), y] = 1
    return x, y


def test_what_is_drawn_is_not_pretrained_and_the_rest_is(definition, finding):
    for start in definition.vary["start"]:
        found = definition.pretraining(start)
        assert (found is not None) == (start in finding["PRETRAINED"])


def pretrained(definition, images, start):
    """Return a network's weights as drawn, and twice pretrained by one seed."""
    model = network(definition, "sigmoid", start)
    drawn = model.get_weights()
    found = []
    for _ in range(2):
        model.set_weights(drawn)
        definition.pretraining(start)(model, *images, seed=3)
        found.append(model.get_weights())
    return drawn, *found


def assert_equal(weights, others):
    for one, other in zip(weights, others, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("start", ["LSUV", "warm start"])
@pytest.mark.usual("LSUV")
def test_equal_seeds_bring_equal_weights(definition, images, start):
    drawn, one, other = pretrained(definition, images, start)
    assert not np.array_equal(one[0], drawn[0])
    assert_equal(one, other)


def test_equal_seeds_bring_equal_rbm_stacks_which_leave_the_output_layer_as_drawn(
    definition, images
):
    few = [each[:100] for each in images]
    drawn, one, other = pretrained(definition, few, "RBM stack")
    assert not np.array_equal(one[0], drawn[0])
    assert_equal(one, other)
    assert_equal(one[-2:], drawn[-2:])


def test_a_warm_start_has_learned_from_little(definition, images):
    model = network(definition, "relu", "warm start")
    loss = keras.losses.SparseCategoricalCrossentropy()
    before = float(loss(images[1], model(images[0])))
    definition.pretraining("warm start")(model, *images, seed=0)
    assert float(loss(images[1], model(images[0]))) < before / 2


def test_small_weights_hardly_spread(definition, finding, images):
    spread = finding["last_spread"]
    assert float(spread(network(definition, "relu", "N(0, 0.01²)"), *images)) < 1e-3
    assert float(spread(network(definition, "relu", "He"), *images)) > 0.1
