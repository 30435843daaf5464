"""Cycles and batch steps, computed by hand."""

import numpy as np
import pytest

from study.gradients import gradient
from study.theory.cycles import (
    SMOOTH,
    bias,
    cycle,
    difference,
    drawn,
    ends,
    gradients_of,
    logistic,
    logistic_loss,
    losses,
    mean_logistic,
    minibatches,
    shrinking,
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


def test_both_formulas_end_where_they_do_once_their_labels_are_swapped():
    rows = [*ends(np.random.default_rng(0), 8, 3)]
    assert [each["labels"] for each in rows] == [
        *("as printed", "as printed", "swapped", "swapped", "either")
    ]
    for row in rows:
        assert (row["deviation"] > 0.01) == (row["labels"] == "as printed"), row


def test_the_difference_halves_with_t_where_slopes_are_lipschitz_and_else_stays():
    randoms = [np.random.default_rng(each) for each in range(2)]
    sizes = 2.0 ** -np.arange(4, 10)
    found = [*losses(randoms, 8, 3)]
    assert [each["replicate"] for each, *_ in found] == [0, 0, 0, 0, 1, 1]
    for cell, slopes, x in found:
        assert len(slopes) == 8
        differences, row = shrinking(slopes, x, sizes)
        assert len(differences) == len(sizes)
        smooth = cell["assumption"] == SMOOTH
        assert row["power"] == pytest.approx(1 if smooth else 0, abs=0.05), cell
        assert row["shortfall"] == max(0, 1 - row["power"])


def test_the_slopes_of_minibatches_average_to_the_whole_slope():
    random = np.random.default_rng(0)
    examples, x = drawn(random, 5, 3)
    assert bias(examples, x, 2) < 1e-15
    batches = minibatches(random, examples, 2, 3)
    assert [each.shape for each in batches] == [(2, 3)] * 3
    for slope, batch in zip(gradients_of(batches), batches, strict=True):
        np.testing.assert_allclose(slope(x), mean_logistic(x, batch), atol=1e-14)
