"""Output heads: gradients against Keras and differences, floors and Bayes by hand."""

from pathlib import Path

import keras
import numpy as np
import pytest
from autodiff import value_and_gradient

from study.lab import registry
from study.lab.data import Draws

FILE = Path(__file__).parents[2] / "experiments" / "output_heads.py"
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


@pytest.fixture(scope="module")
def finding():
    """Return the module's names."""
    return registry.load(FILE).definition.run.__globals__


@pytest.mark.parametrize("name", LOSSES)
def test_every_gradient_is_that_of_keras(finding, name):
    random = np.random.default_rng(0)
    head = finding[name]
    x, parameters = random.normal(size=(6, 2)), finding["starts"](random, 2, 3)
    t = head.target(np.eye(3)[np.arange(6) % 3])
    found = finding["gradients"](head, parameters, x, t)
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


def test_runs_side_by_side_train_as_each_alone(finding):
    x, t, _, _, _, *start = finding["draw"](Draws("draft"), "five classes", 2)
    head = finding["SOFTMAX"]
    together = finding["train"](head, start, x, t, 0.3, 5)
    alone = finding["train"](head, [each[1] for each in start], x[1], t[1], 0.3, 5)
    for both, one in zip(together, alone, strict=True):
        np.testing.assert_allclose(both[1], one, rtol=1e-12)


def test_the_floor_of_a_relu_head_is_the_mean_square_of_negative_targets(finding):
    t = np.array([[[-2.0], [1.0], [-1.0], [0.0]]])
    zeros = [np.zeros((1, *shape)) for shape in ((1, 10), (1, 10), (10, 1), (1, 1))]
    found = finding["measured"](finding["RELU"], zeros, np.ones((1, 4, 1)), t, None)
    assert found["floor"] == [(4 + 1) / 4]
    assert found["squares"] == [(4 + 1 + 1) / 4]
    assert found["silent"] == [1]
    found = finding["measured"](finding["LINEAR"], zeros, np.ones((1, 4, 1)), t, None)
    assert found["floor"] == [0]


def test_the_true_probability_is_a_half_between_two_classes(finding):
    centers, owners = np.array([[1.0, 0.0], [-1.0, 0.0]]), np.eye(2)
    x, t, truth = finding["clusters"](np.random.default_rng(0), 500, centers, owners)
    # Bayes: the log odds are linear, 2·(2 x₁) / (2·0.7²)
    odds = np.exp(2 * x[:, 0] / 0.7**2)
    np.testing.assert_allclose(truth[:, 0], odds / (1 + odds), rtol=1e-9)
    assert abs((t - truth).mean()) < 0.03
    assert abs(t[truth[:, 0] > 0.9][:, 0].mean() - 0.97) < 0.05


def test_tanh_states_a_half_at_0_and_sigmoid_as_it_is(finding):
    assert finding["TANH"].stated(np.array([-1.0, 0.0, 1.0])).tolist() == [0, 0.5, 1]
    assert finding["TANH"].target(np.array([0, 1])).tolist() == [-1, 1]
    assert finding["SIGMOID"].stated(0.3) == 0.3


def test_where_a_probability_is_clipped_no_gradient_is_left(finding):
    slope = finding["clipped_cross_entropy"](np.array([-0.5, 0.5]), np.array([1, 1]))
    assert slope.tolist() == [0, -2]
