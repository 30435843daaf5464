"""Activations by NumPy alone: values and slopes are those known by hand."""

import warnings

import numpy as np
import pytest

from study.theory import activations
from study.theory.activations import PRINTED, SLOPES, relu, sigmoid, softmax
from study.theory.checks import central_slope

PAIRS = ("SIGMOID", "TANH", "RELU", "LINEAR")


def test_softmax_sums_to_one_and_sigmoid_of_zero_is_half():
    found = softmax(np.array([[0.0, np.log(3.0)]]))
    np.testing.assert_allclose(found, [[0.25, 0.75]])
    assert sigmoid(0.0) == 0.5
    assert relu(np.array([-1.0, 2.0])).tolist() == [0, 2]


def test_large_numbers_overflow_nowhere_and_warn_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sigmoid(np.array([-1e4, 1e4])).tolist() == [0, 1]
        assert softmax(np.array([1e4, 0.0]), axis=0).tolist() == [1, 0]


def test_a_softmax_is_taken_along_its_axis():
    z = np.random.default_rng(0).normal(size=(2, 3, 4))
    np.testing.assert_allclose(softmax(z, axis=1).sum(axis=1), 1)


def test_the_cross_entropy_of_a_guess_is_the_logarithm_of_the_classes():
    found = activations.cross_entropy(np.full((2, 8), 1 / 8), np.array([3, 5]))
    assert found == pytest.approx(np.log(8))


@pytest.mark.parametrize("name", PAIRS)
def test_the_slope_follows_from_the_output(name):
    pair = getattr(activations, name)
    x = np.linspace(-3, 3, 12)  # not 0, where ReLU has a kink
    central = central_slope(pair.function, x, 1e-6)
    np.testing.assert_allclose(
        pair.slope(pair.function(x)) * 1.0, central, rtol=0, atol=1e-9
    )


ARGUMENTS = {
    "step": {"threshold": 0.5},
    "ELU": {"alpha": 2.0},
    "leaky ReLU 0.01": {"negative_slope": 0.01},
    "leaky ReLU 0.1": {"negative_slope": 0.1},
}


@pytest.mark.parametrize("claim", PRINTED)
def test_slopes_in_closed_form_are_those_of_what_is_printed(claim):
    name, formula = PRINTED[claim]
    arguments = ARGUMENTS.get(name, {})
    x = np.linspace(-4, 4, 33) + 0.1  # off every kink
    central = central_slope(lambda x: formula(x, **arguments), x)
    np.testing.assert_allclose(SLOPES[name](x, **arguments), central, atol=1e-8)
