"""The worked example: three ways to one gradient, and numbers known by hand."""

import numpy as np
import pytest

from study.theory.worked_example import (
    FIRST,
    SECOND,
    central_gradients,
    gradients,
    keras_update,
    quantities,
)


@pytest.fixture(scope="module")
def exact():
    return quantities({})


def test_the_chain_rule_agrees_with_central_gradients():
    step = 1e-5
    # The loss is below 1 and its third derivatives are too: the truncation is below
    # step² / 6 and rounding below a few 2e-16 / step, together 1e-10.
    pairs = zip(gradients(), central_gradients(step), strict=True)
    for gradient, central in pairs:
        assert gradient.shape == (2, 2)
        np.testing.assert_allclose(central, gradient, rtol=0, atol=1e-10)


def test_halving_the_step_shows_the_error_of_central_differences_to_be_quadratic():
    def error(step):
        pairs = zip(gradients(), central_gradients(step), strict=True)
        return max(abs(central - exact).max() for exact, central in pairs)

    assert error(0.1) / error(0.05) == pytest.approx(4, rel=0.05)


# Keras keeps float64 weights, but rounds the rate, the inputs, the targets, the outputs
# and the error to float32 on the way: five times 6e-8, and once more where the error
# is the small difference of output and target.
KERAS = 5e-7


def test_keras_takes_the_same_step():
    before = FIRST, SECOND
    updates = zip(before, gradients(), keras_update(), strict=True)
    for weights, gradient, updated in updates:
        assert updated.dtype == np.float64
        np.testing.assert_allclose(weights - updated, 0.3 * gradient, rtol=KERAS)


@pytest.mark.parametrize(
    ("quantity", "value"),
    [
        ("z10", 0.2 * 0.1 + 0.5 * 0.3),  # 0.17
        ("z11", 0.2 * 0.2 + 0.5 * 0.1),  # 0.09
        ("a10", 1 / (1 + np.exp(-0.17))),
        ("a11", 1 / (1 + np.exp(-0.09))),
        ("z20", 0.4 / (1 + np.exp(-0.17)) + 0.1 / (1 + np.exp(-0.09))),
        ("z21", 0.5 / (1 + np.exp(-0.17)) + 0.3 / (1 + np.exp(-0.09))),
        ("dz20/dw10¹", 1 / (1 + np.exp(-0.17))),
    ],
)
def test_forward_numbers_are_those_computed_by_hand(exact, quantity, value):
    assert exact[quantity] == pytest.approx(value, rel=1e-14)


def test_backward_numbers_are_those_of_the_gradients(exact):
    first, second = gradients()
    assert exact["dE/dw10¹"] == pytest.approx(second[0, 0], rel=1e-13)
    assert exact["dE/dw10⁰"] == pytest.approx(first[0, 0], rel=1e-13)
    assert exact["new w10¹"] == pytest.approx(0.4 - 0.3 * second[0, 0], rel=1e-14)
    assert exact["new w10⁰"] == pytest.approx(0.1 - 0.3 * first[0, 0], rel=1e-14)


def test_quantities_that_are_given_are_taken_as_they_stand(exact):
    given = quantities({"a20": 0.57, "dE/da20": 1.0})
    assert given["z20"] == exact["z20"]
    assert given["da20/dz20"] == pytest.approx(0.57 * 0.43)
    assert given["dE/dw10¹"] == pytest.approx(0.57 * 0.43 * exact["a10"])
