"""Automatic differentiation of networks: known by hand, and wrong formulas are seen."""

import numpy as np
import pytest

from study import activations
from study.gradients import gradient, value
from study.theory.activations import relu, sigmoid
from study.theory.backpropagation import (
    drawn,
    outputs,
    relu_formulas,
    sigmoid_formulas,
)
from study.theory.checks import relative_error
from study.theory.differentiation import (
    errors_of,
    factor_counts,
    kernel_gradient,
    steeper,
)


@pytest.fixture
def network():
    return drawn(np.random.default_rng(0), 3, examples=4)


def test_one_sigmoid_has_the_gradient_computed_by_hand():
    # o = 1/2, so that -(t - o)·o·(1 - o)·h = -(1 - 1/2)/4 · 2 = -1/4
    network = [np.zeros((1, 1))], [np.zeros(1)], np.array([2.0]), np.array([1.0])
    found = kernel_gradient(*network, [activations.sigmoid], 0)
    assert found.item() == pytest.approx(-0.25)


def test_a_formula_that_lacks_a_factor_is_seen(network):
    kernels, biases, x, targets = network
    layers = outputs(kernels, biases, x[0], sigmoid)
    right = sigmoid_formulas(targets[0], *layers, *kernels)
    lacking = relu_formulas(targets[0], *layers, *kernels)
    for layer in range(3):
        found = kernel_gradient(
            kernels, biases, x[0], targets[0], [activations.sigmoid] * 3, layer
        )
        assert relative_error(right[layer], found) < 1e-12
        assert relative_error(lacking[layer], found) > 1


def test_a_steeper_function_has_the_same_values_and_the_scaled_slope():
    changed = steeper(activations.sigmoid, 3.0)
    x = np.array(0.4)
    assert float(value(changed, x)) == value(activations.sigmoid, x)
    slope = gradient(activations.sigmoid, x)
    assert gradient(changed, x) == pytest.approx(3 * slope)


def test_a_gradient_has_a_factor_for_its_own_layer_and_each_above(network):
    component = activations.sigmoid
    counts = [factor_counts([network], component, each)[0] for each in range(3)]
    np.testing.assert_allclose(counts, np.triu(np.ones((3, 3))), atol=1e-12)


def test_an_error_where_nothing_arrives_counts_as_1():
    # A ReLU output at -1: its gradient is 0 and the formula without f′ is not.
    network = (
        [np.eye(1)] * 3,
        [np.zeros(1), np.zeros(1), np.array([-2.0])],
        np.ones((4, 1)),
        np.ones((4, 1)),
    )
    errors, central = errors_of(relu_formulas, activations.relu, relu, [network])
    assert errors == [[1.0] * 4] * 3
    assert central == [[], [], []]
