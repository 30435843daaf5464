"""Cycles and batch steps, computed by hand."""

import numpy as np
import pytest

from study.gradients import gradient
from study.theory.cycles import (
    cycle,
    difference,
    logistic,
    logistic_loss,
    mean_logistic,
    slopes_of,
    squares,
    worst_hubers,
)


@pytest.mark.parametrize(
    ("family", "loss"),
    [
        (logistic, lambda x, a: np.log1p(np.exp(-a @ x))),
        (squares, lambda x, a: (a @ x - 1) ** 2 / 2),
    ],
)
def test_slopes_agree_with_central_differences(family, loss):
    a, x = np.array([0.5, -1.0, 2.0]), np.array([0.3, 0.2, -0.1])
    central = [(loss(x + h, a) - loss(x - h, a)) / 2e-6 for h in 1e-6 * np.eye(3)]
    np.testing.assert_allclose(family(x, a), central, atol=1e-8)


def test_the_mean_of_examples_has_the_slope_of_autodiff():
    x, examples = np.array([0.3, 0.2]), np.array([[1.0, -1.0], [0.5, 2.0]])
    expected = gradient(logistic_loss(examples), x)
    np.testing.assert_allclose(mean_logistic(x, examples), expected, atol=1e-14)


def test_the_difference_of_a_cycle_is_the_one_computed_by_hand():
    # Two parabolas x² / 2 from 1 with t = 1/2: slopes 1 and 1/2, in the batch 1 and 1.
    slopes = [lambda x: x] * 2
    points, met = cycle(slopes, np.array([1.0]), 0.5)
    assert [each.item() for each in points] == [1.0, 0.5, 0.25]
    assert [each.item() for each in met] == [1.0, 0.5]
    assert difference(slopes, np.array([1.0]), 0.5).item() == -0.5


def test_each_slope_is_that_of_its_own_example():
    x, examples = np.array([0.3, 0.2]), np.array([[1.0, 0.0], [0.0, 2.0]])
    found = [slope(x) for slope in slopes_of(squares, examples)]
    np.testing.assert_allclose(found, [[-0.7, 0.0], [0.0, -1.2]])


def test_no_worst_huber_is_steeper_than_1_or_narrower_than_told():
    slopes, starts = worst_hubers(0.25, 3)
    assert len(slopes) == 3
    rows = slopes[0](starts)
    assert rows.shape == (40, 400)
    assert abs(rows).max() == 1
    np.testing.assert_allclose((rows / starts).max(), 4)
