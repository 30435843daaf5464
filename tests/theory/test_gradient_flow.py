"""The flow of gradients by hand agrees with Keras and with arithmetic."""

import keras
import numpy as np
import pytest
from autodiff import value_and_gradient

from study import activations
from study.layers import BatchNormalization
from study.theory.activations import LINEAR, RELU, SIGMOID, TANH
from study.theory.gradient_flow import (
    binary_cross_entropy_error,
    by_depth,
    cross_entropy_error,
    decades,
    flow,
    gradients,
    network,
    rows,
    scaled,
    shrinkages,
    since_one_layer,
)

BY_HAND = {"sigmoid": SIGMOID, "tanh": TANH, "ReLU": RELU, "linear": LINEAR}
COMPONENTS = {
    "sigmoid": activations.sigmoid,
    "tanh": activations.tanh,
    "ReLU": activations.relu,
    "linear": keras.activations.linear,
}
every = pytest.mark.parametrize("activation", COMPONENTS)


@pytest.fixture
def drawn():
    """Return inputs, labels, the weights of three hidden layers and of the output."""
    random = np.random.default_rng(0)
    kernels = [random.normal(0, 0.7, (a, b)) for a, b in ((6, 5), (5, 5), (5, 5))]
    labels = np.arange(4)
    return random.random((4, 6)), labels, kernels, random.normal(0, 0.7, (5, 10))


def measured(drawn, activation, depths=(1, 2, 3)):
    inputs, labels, hidden, output = drawn
    error = cross_entropy_error(labels, classes=10)
    return list(flow(inputs, hidden, output, BY_HAND[activation], error, depths))


@every
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_gradients_are_those_of_keras(drawn, activation, depth):
    inputs, labels, hidden, output = drawn
    kernels = [*hidden[:depth], output]

    def loss(layer, kernel):
        values = keras.ops.convert_to_tensor(inputs, dtype=kernel.dtype)
        for i, each in enumerate(kernels):
            each = kernel if i == layer else keras.ops.cast(each, kernel.dtype)
            values = keras.ops.matmul(values, each)
            values = COMPONENTS[activation](values) if i < depth else values
        losses = keras.ops.sparse_categorical_crossentropy(
            labels, values, from_logits=True
        )
        return keras.ops.mean(losses)

    norms = [
        np.linalg.norm(
            value_and_gradient(lambda kernel, i=i: loss(i, kernel), kernels[i])[1]
        )
        for i in (0, depth)
    ]
    (row,) = measured(drawn, activation, (depth,))
    assert row["gradient"] == pytest.approx(np.log10(norms[0]), abs=1e-5)
    assert row["ratio"] == pytest.approx(np.log10(norms[0] / norms[1]), abs=1e-5)


def test_without_activation_slopes_take_nothing_off(drawn):
    assert [row["by_slopes"] for row in measured(drawn, "linear")] == [0] * 3


def test_a_single_path_multiplies_its_weights_and_slopes():
    # one unit a layer, z above 0 so that ReLU's slope is 1; the weights are 2 and 10
    inputs, hidden = np.array([[1.0], [3.0]]), [np.ones((1, 1)), np.full((1, 1), 2.0)]
    output = np.full((1, 1), 10.0)
    (row,) = flow(inputs, hidden, output, RELU, np.ones_like, (2,))
    assert row["by_weights"] == pytest.approx(np.log10(20))
    assert row["by_slopes"] == 0
    assert row["gradient"] == pytest.approx(np.log10(20 * (1 + 3)))
    assert row["spread"] == pytest.approx(np.log10(2))  # outputs of 2 and 6


def test_in_a_relu_network_weights_times_gradients_are_alike_in_every_layer(drawn):
    # f(cz) = c f(z): so the first layer's gradient explodes only with the last one's
    inputs, labels, hidden, output = drawn
    kernels = [*hidden, output]

    def loss(layer, scale):
        values = keras.ops.convert_to_tensor(inputs, dtype=scale.dtype)
        for i, each in enumerate(kernels):
            each = keras.ops.cast(each, scale.dtype)
            values = keras.ops.matmul(values, each * scale if i == layer else each)
            values = keras.ops.relu(values) if i < 3 else values
        losses = keras.ops.sparse_categorical_crossentropy(
            labels, values, from_logits=True
        )
        return keras.ops.mean(losses)

    slopes = [
        value_and_gradient(lambda scale, i=i: loss(i, scale), 1.0)[1] for i in range(4)
    ]
    np.testing.assert_allclose(slopes, slopes[0], rtol=1e-5)


def test_a_gradient_is_told_against_that_of_the_first_row():
    found = since_one_layer({"gradient": each} for each in (-1.0, -3.0, 2.0))
    assert [row["change"] for row in found] == [0, -2, 3]


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "ReLU"])
@pytest.mark.parametrize("batch", [False, True])
def test_gradients_with_and_without_normalization_are_those_of_keras(activation, batch):
    random = np.random.default_rng(0)
    inputs, targets = random.random((7, 6)), np.eye(10)[np.arange(7)]
    shapes = ((6, 5), (5, 4), (4, 10))
    kernels = [random.normal(0, 0.7, shape) for shape in shapes]
    error = cross_entropy_error(np.arange(7), classes=10)
    epsilon = 1e-6 if batch else None
    found = gradients(inputs, kernels, BY_HAND[activation], error, epsilon)
    function = {"sigmoid": "sigmoid", "tanh": "tanh", "ReLU": "relu"}[activation]
    for at, expected in enumerate(found):

        def loss(kernel, at=at):
            values = keras.ops.convert_to_tensor(inputs, dtype=kernel.dtype)
            for i, each in enumerate(kernels):
                each = kernel if i == at else keras.ops.cast(each, kernel.dtype)
                values = keras.ops.matmul(values, each)
                if i < len(kernels) - 1 and batch:
                    layer = BatchNormalization(epsilon=1e-6, dtype="float64")
                    values = layer(values, training=True)
                if i < len(kernels) - 1:
                    values = keras.activations.get(function)(values)
            losses = keras.ops.categorical_crossentropy(
                keras.ops.cast(targets, values.dtype), values, from_logits=True
            )
            return keras.ops.mean(losses)

        _, slope = value_and_gradient(loss, kernels[at])
        np.testing.assert_allclose(expected, slope, rtol=1e-4, atol=1e-6)


def test_the_error_of_one_sigmoid_is_what_it_states_less_its_target():
    error = binary_cross_entropy_error(np.array([[1.0], [0.0]]))
    np.testing.assert_allclose(error(np.zeros((2, 1))), [[-0.25], [0.25]])


def test_a_network_has_its_widths_and_the_output_layer_the_first_seed():
    hidden, output = network(3, 5, 2, 4, keras.initializers.RandomNormal, [7, 8, 9])
    assert [each.shape for each in hidden] == [(3, 5), (5, 5)]
    expected = keras.initializers.RandomNormal(seed=7)((5, 4))
    np.testing.assert_array_equal(output, np.asarray(expected, "float64"))


def test_rows_tell_the_width_and_the_change_since_the_first_of_several_depths(drawn):
    inputs, labels, hidden, output = drawn
    error = cross_entropy_error(labels, classes=10)
    one, three = rows(inputs, hidden, output, TANH, error, (1, 3))
    assert one["width"] == three["width"] == 5
    assert three["change"] == pytest.approx(three["gradient"] - one["gradient"])
    (alone,) = rows(inputs, hidden, output, TANH, error, (3,))
    assert alone["gradient"] == three["gradient"]
    assert "change" not in alone


def test_a_factor_multiplies_the_layers_named_and_no_other():
    hidden, output = [np.ones((2, 2)) for _ in range(3)], np.ones((2, 1))
    found, same = scaled((hidden, output), (1, 3), 0.1)
    assert [each[0, 0] for each in found] == [0.1, 1, 0.1]
    assert same is output
    assert hidden[0][0, 0] == 1


def test_both_kinds_of_factor_stand_in_a_row_of_their_own():
    found = shrinkages({"by_weights": 3.0, "by_slopes": -2.0})
    assert {each["factor"]: each["shrinkage"] for each in found} == {
        "slopes": 2,
        "weights": -3,
    }


@pytest.mark.parametrize("epsilon", [None, 1e-6])
def test_each_depth_is_a_network_of_its_first_layers(drawn, epsilon):
    inputs, labels, hidden, output = drawn
    error = cross_entropy_error(labels, classes=10)
    found = by_depth(inputs, [*hidden, output], TANH, error, (1, 3), epsilon)
    one, three = found
    sizes = {
        depth: [
            decades(each)
            for each in gradients(
                inputs, [*hidden[:depth], output], TANH, error, epsilon
            )
        ]
        for depth in (1, 3)
    }
    assert one == {"depth": 1, "change": 0, "imbalance": 0}
    assert three["change"] == pytest.approx(sizes[3][0] - sizes[1][0])
    assert three["imbalance"] == pytest.approx(abs(sizes[3][0] - sizes[3][2]))
