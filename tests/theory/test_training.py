"""Training by hand: gradients are differences, steps are Keras's."""

from itertools import pairwise

import keras
import numpy as np
import pytest
from compiling import JITS

from study.theory.activations import RELU, SIGMOID, TANH
from study.theory.checks import central_gradient
from study.theory.networks import dense_model, forward, glorot_uniform
from study.theory.training import (
    adam,
    between_units,
    classes_pass,
    cross_entropy_pass,
    descend,
    guess,
    squared_error_gradients,
)

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
OR = np.array([0.0, 1.0, 1.0, 1.0])


CLASSES = np.array([0, 2, 1, 2])


def moved(layers, which, part, weight):
    """Return the layers with another weight in one place."""
    found = [list(pair) for pair in layers]
    found[which][part] = weight
    return found


@pytest.mark.parametrize("activation", [SIGMOID, TANH, RELU], ids=["σ", "tanh", "ReLU"])
@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize(
    ("evaluate", "labels", "outputs"),
    [(cross_entropy_pass, OR, 1), (classes_pass, CLASSES, 3)],
    ids=["sigmoid", "softmax"],
)
def test_gradients_are_central_differences(
    activation, depth, evaluate, labels, outputs
):
    random = np.random.default_rng(0)
    sizes = (2, *[3] * depth, outputs)
    layers = [
        # biases that keep ReLU off its kink, which zero inputs would meet
        (random.standard_normal(shape), np.full((1, shape[1]), 0.3))
        for shape in pairwise(sizes)
    ]
    _, gradients = evaluate(layers, X, labels, activation)
    for which, pair in enumerate(layers):
        for part, weight in enumerate(pair):

            def loss(weight, which=which, part=part):
                changed = moved(layers, which, part, weight)
                return evaluate(changed, X, labels, activation)[0]

            expected = central_gradient(loss, weight, 1e-6)
            np.testing.assert_allclose(gradients[which][part], expected, atol=1e-8)


def test_descent_tells_the_loss_before_each_step_and_changes_the_weights():
    layers = glorot_uniform((2, 3, 1), [np.random.default_rng(1)])
    before = layers[0][0].copy()
    curve = dict(descend(layers, X, OR, TANH, rate=0.5, steps=4, looks={0, 4}))
    assert [*curve] == [0, 4]
    assert curve[4] < curve[0]
    assert not np.array_equal(layers[0][0], before)
    assert cross_entropy_pass(layers, X, OR, TANH)[0] == curve[4]


@pytest.mark.parametrize("classes", [2, 10])
def test_the_best_guess_among_equals_costs_their_logarithm(classes):
    assert guess(np.arange(classes)) == pytest.approx(np.log(classes))


def test_zero_weights_cost_as_much_as_naming_all_classes_alike():
    layers = [(np.zeros((2, 3)), np.zeros((1, 3)))]
    assert classes_pass(layers, X, CLASSES, TANH)[0] == pytest.approx(np.log(3))


def test_units_are_compared_within_each_hidden_layer_alone():
    zeros = np.zeros((1, 2))
    hidden, last = np.array([[1.0, 1.0], [3.0, 3.5]]), np.array([[0.0], [9.0]])
    assert between_units([(hidden, zeros), (last, zeros)]) == 0.5


def test_gradients_of_squared_errors_agree_with_central_differences():
    random = np.random.default_rng(3)
    layers = glorot_uniform((1, 3, 2, 1), [random, random])
    x = np.linspace(-1, 1, 5)[:, None]
    targets = np.stack([x**2, np.cos(x)])
    found = squared_error_gradients(layers, x, targets, TANH)
    for which, pair in enumerate(layers):
        for part, weight in enumerate(pair):

            def loss(weight, which=which, part=part):
                changed = moved(layers, which, part, weight)
                outputs = forward(changed, x, np.tanh)[-1]
                # the networks share no weight, so that their losses may be added
                return ((outputs - targets) ** 2).mean((1, 2)).sum()

            expected = central_gradient(loss, weight)
            np.testing.assert_allclose(found[which][part], expected, atol=1e-9)


def test_training_is_that_of_keras_adam():
    x = np.linspace(-1, 1, 8)[:, None]
    targets = np.exp(x)
    layers = glorot_uniform((1, 4, 4, 1), [np.random.default_rng(4)])
    alone = [(kernel[0], bias[0, 0]) for kernel, bias in layers]
    model = dense_model(alone, ["tanh", "tanh", "linear"])
    line = keras.optimizers.schedules.PolynomialDecay(0.01, 30, 0.0)
    model.compile(keras.optimizers.Adam(line), "mse", jit_compile=JITS)
    for _ in range(30):
        model.train_on_batch(x, targets)
    trained = adam(layers, x, targets[None], TANH, rate=0.01, steps=30)
    ours = [each for pair in trained for each in pair]
    for one, other in zip(ours, model.get_weights(), strict=True):
        np.testing.assert_allclose(one.reshape(other.shape), other, atol=2e-5)
