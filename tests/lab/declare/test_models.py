"""The shared networks: sizes known by hand, and layers that start differently."""

import keras
import numpy as np
import pytest

from study.lab.declare.closure import closure, read
from study.lab.declare.models import mlp
from study.lab.errors import DefinitionError


@pytest.mark.parametrize(
    ("hidden", "weights"),
    [
        ((), 3),
        ((5, 4), 44),
        ((11,), 45),
        ((10, 10, 10), 261),
        ((65,), 261),
        ((5,) * 9, 261),
    ],
    ids=["2-1", "2-5-4-1", "2-11-1", "2-10-10-10-1", "2-65-1", "2-[5]x9-1"],
)
def test_a_network_has_the_weights_that_its_name_says(hidden, weights):
    model = mlp(2, hidden, 1, output_activation="sigmoid")
    assert model.count_params() == weights
    sizes = [layer.units for layer in model.layers]
    assert sizes == [*hidden, 1]


def test_a_network_takes_an_example_s_shape_as_well_as_its_numbers():
    by_shape, by_number = (mlp(each, (3,), 2).get_config() for each in ((7,), 7))
    for config in (by_shape, by_number):
        del config["name"]
        for layer in config["layers"]:
            del layer["config"]["name"]
    assert by_shape == by_number
    assert mlp(inputs=(7,), hidden=(), outputs=2).input_shape == (None, 7)


@pytest.mark.parametrize("shape", [(), (8, 8), (8, 8, 3)], ids=str)
def test_examples_that_are_no_vectors_are_told_in_one_line(shape):
    with pytest.raises(DefinitionError) as error:
        mlp(shape, (3,), 2)
    message = str(error.value)
    assert message.startswith("mlp: expected examples that are vectors, of shape (n,).")
    assert f"Received: shape={shape}" in message
    assert "\n" not in message


def test_that_a_network_takes_a_shape_is_no_part_of_what_a_run_is():
    assert "takes_shape" not in closure(mlp).parts

    def source(module):
        return read(module).replace("@takes_shape\n", "")

    assert closure(mlp, source=source) == closure(mlp)


@pytest.mark.parametrize(
    "initializer",
    ["glorot_uniform", keras.initializers.RandomNormal(0, 1, seed=3)],
    ids=["by name", "one seeded object"],
)
def test_layers_of_one_shape_do_not_share_initial_values(initializer):
    model = mlp(6, (6, 6), 6, kernel_initializer=initializer)
    first, second, third = (layer.kernel.numpy() for layer in model.layers)
    # A seeded object given to several layers draws the same in each: one a layer.
    objects = {id(layer.kernel_initializer) for layer in model.layers}
    assert len(objects) == 3
    if isinstance(initializer, str):
        assert not np.isin(first, second).any()
        assert not np.isin(second, third).any()


def test_biases_start_at_zero_and_activations_stand_where_they_are_asked_for():
    model = mlp(7, (5, 3), 2, activation="tanh", output_activation="softmax")
    assert all((layer.bias.numpy() == 0).all() for layer in model.layers)
    names = [layer.activation.__name__ for layer in model.layers]
    assert names == ["tanh", "tanh", "softmax"]
    assert model.input_shape == (None, 7)
    assert model.output_shape == (None, 2)
    np.testing.assert_allclose(model(np.ones((4, 7))).numpy().sum(axis=1), 1, rtol=1e-6)


def test_every_layer_has_a_penalty_of_its_own():
    model = mlp(6, (5, 4), 3, kernel_regularizer=keras.regularizers.L2(0.25))
    penalties = [layer.kernel_regularizer for layer in model.layers]
    assert [float(each.l2) for each in penalties] == [0.25] * 3
    assert len({id(each) for each in penalties}) == 3
    assert all(layer.bias_regularizer is None for layer in model.layers)
