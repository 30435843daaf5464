"""The loop in NumPy: its gradients are Keras's, and its steps those by hand."""

import keras
import numpy as np
import pytest
from autodiff import value_and_gradient

from study.theory.minibatches import batches, followed, gradients, with_velocity


@pytest.fixture
def weights():
    random = np.random.default_rng(0)
    shapes = ((8, 6), (6,), (6, 3), (3,))
    return [random.normal(0, 0.5, shape) for shape in shapes]


@pytest.fixture
def batch():
    return np.random.default_rng(1).normal(size=(5, 8)), np.array([0, 1, 2, 1, 0])


def test_the_loop_has_the_gradients_of_keras(weights, batch):
    x, y = batch
    for at, found in enumerate(gradients(weights, x, y)):

        def loss(each, at=at):
            w, b, u, c = (
                each if i == at else keras.ops.cast(other, each.dtype)
                for i, other in enumerate(weights)
            )
            inputs = keras.ops.cast(x, each.dtype)
            h = keras.ops.tanh(keras.ops.matmul(inputs, w) + b)
            z = keras.ops.matmul(h, u) + c
            return keras.ops.mean(
                keras.ops.sparse_categorical_crossentropy(y, z, from_logits=True)
            )

        _, slope = value_and_gradient(loss, weights[at])
        np.testing.assert_allclose(found, slope, rtol=1e-4, atol=1e-6)


def test_a_step_goes_against_the_gradient_of_its_batch(weights, batch):
    after = followed(weights, [batch], 0.5)
    for w, a, g in zip(weights, after, gradients(weights, *batch), strict=True):
        np.testing.assert_array_equal(a, w - 0.5 * g)


def test_a_velocity_keeps_a_share_of_the_step_before(weights, batch):
    one = with_velocity(weights, [batch], 0.5, 0.9)
    two = with_velocity(weights, [batch, batch], 0.5, 0.9)
    for w, a, b, g in zip(weights, one, two, gradients(one, *batch), strict=True):
        np.testing.assert_allclose(b, a + 0.9 * (a - w) - 0.5 * g, atol=1e-15)


def test_batches_repeat_no_example_within_one():
    x = np.arange(10.0)[:, None]
    drawn = batches(np.random.default_rng(0), x, np.arange(10), 6, 20)
    assert len(drawn) == 20
    for inputs, labels in drawn:
        assert len({*labels.tolist()}) == 6
        np.testing.assert_array_equal(inputs[:, 0], labels)
