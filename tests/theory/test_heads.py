"""Heads: gradients against Keras, floors and what is stated by hand."""

import keras
import numpy as np
import pytest
from autodiff import value_and_gradient

from study.theory import heads

# The loss of one example from z and its target, as Keras has it.
LOSSES = {
    "LINEAR": lambda z, t: keras.ops.sum((z - t) ** 2, axis=-1),
    "RELU": lambda z, t: keras.ops.sum((keras.ops.relu(z) - t) ** 2, axis=-1),
    "TANH": lambda z, t: keras.ops.sum((keras.ops.tanh(z) - t) ** 2, axis=-1),
    "SIGMOID": lambda z, t: keras.ops.sum(
        keras.ops.binary_crossentropy(t, z, from_logits=True), axis=-1
    ),
    "TANH_FOR_SIGMOID": lambda z, t: keras.ops.sum(
        keras.ops.binary_crossentropy(t, keras.ops.tanh(z)), axis=-1
    ),
    "SOFTMAX": lambda z, t: keras.ops.categorical_crossentropy(t, z, from_logits=True),
}


@pytest.mark.parametrize("name", LOSSES)
def test_every_gradient_is_that_of_keras(name):
    random = np.random.default_rng(0)
    head = getattr(heads, name)
    x, layers = random.normal(size=(6, 2)), heads.starts(random, 2, 10, 3)
    parameters = [each for layer in layers for each in layer]
    t = head.target(np.eye(3)[np.arange(6) % 3])
    pairs = heads.gradients(head, layers, x, t)
    found = [each for pair in pairs for each in pair]
    for which, gradient in enumerate(found):

        def loss(parameter, which=which):
            kernel, bias, output_kernel, output_bias = (
                parameter if i == which else keras.ops.cast(each, parameter.dtype)
                for i, each in enumerate(parameters)
            )
            values = keras.ops.cast(x, parameter.dtype)
            hidden = keras.ops.tanh(keras.ops.matmul(values, kernel) + bias)
            z = keras.ops.matmul(hidden, output_kernel) + output_bias
            return keras.ops.mean(LOSSES[name](z, keras.ops.cast(t, z.dtype)))

        _, slope = value_and_gradient(loss, parameters[which])
        np.testing.assert_allclose(gradient, slope, atol=1e-5)


def test_runs_side_by_side_train_as_each_alone():
    random = np.random.default_rng(1)
    alone = [heads.starts(random, 2, 10, 5) for _ in range(2)]
    x, t = random.normal(size=(2, 6, 2)), np.eye(5)[random.integers(5, size=(2, 6))]
    pairs = [zip(*layers, strict=True) for layers in zip(*alone, strict=True)]
    start = [tuple(np.stack(each) for each in pair) for pair in pairs]
    head = heads.SOFTMAX
    together = heads.train(head, start, x, t, 0.3, 5)
    one = heads.train(head, alone[1], x[1], t[1], 0.3, 5)
    for many, single in zip(together, one, strict=True):
        for both, each in zip(many, single, strict=True):
            np.testing.assert_allclose(both[1], each, rtol=1e-12)


def test_the_floor_of_a_relu_head_is_the_mean_square_of_negative_targets():
    t = np.array([[[-2.0], [1.0], [-1.0], [0.0]]])
    shapes = ((1, 10), (1, 10)), ((10, 1), (1, 1))
    zeros = [tuple(np.zeros((1, *shape)) for shape in pair) for pair in shapes]
    found = heads.measured(heads.RELU, zeros, np.ones((1, 4, 1)), t, None)
    assert found["floor"] == [(4 + 1) / 4]
    assert found["squares"] == [(4 + 1 + 1) / 4]
    assert found["silent"] == [1]
    found = heads.measured(heads.LINEAR, zeros, np.ones((1, 4, 1)), t, None)
    assert found["floor"] == [0]


def test_tanh_states_a_half_at_0_and_sigmoid_as_it_is():
    assert heads.TANH.stated(np.array([-1.0, 0.0, 1.0])).tolist() == [0, 0.5, 1]
    assert heads.TANH.target(np.array([0, 1])).tolist() == [-1, 1]
    assert heads.SIGMOID.stated(0.3) == 0.3


def test_a_network_that_broke_down_is_as_far_off_as_can_be():
    layers = [(np.ones((1, 1, 1)), np.zeros((1, 1, 1)))] * 2
    x, t = np.ones((1, 4, 1)), np.ones((1, 4, 1))
    for wrong in (1e80, np.nan):
        last = np.full((1, 1, 1), wrong), np.zeros((1, 1, 1))
        found = heads.measured(heads.LINEAR, [layers[0], last], x, t, t)
        assert found["distance"].tolist() == [100]


def test_where_a_probability_is_clipped_no_gradient_is_left():
    slope = heads.clipped_cross_entropy(np.array([-0.5, 0.5]), np.array([1, 1]))
    assert slope.tolist() == [0, -2]
