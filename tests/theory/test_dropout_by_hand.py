"""Dropout by hand: the lecture's class, all masks, chance, and sub-networks."""

import numpy as np
import pytest

from study.theory.checks import central_gradient
from study.theory.dropout import (
    LectureDropout,
    all_masks,
    beyond_chance,
    counts,
    nearest,
    picks,
    repeats,
    stray,
    sub_network_slope,
)


def test_the_lecture_class_drops_by_its_mask_and_sends_slopes_by_the_same():
    dropout = LectureDropout(0.3)
    draws = np.array([0.1, 0.3, 0.4])
    np.testing.assert_array_equal(dropout.forward(np.ones(3), draws), [0, 0, 1])
    np.testing.assert_array_equal(dropout.backward(np.full(3, 5.0)), [0, 0, 5])
    np.testing.assert_allclose(dropout.forward(np.ones(3), None, False), 0.7)


def test_chances_of_all_masks_sum_to_one_and_favor_the_kept():
    every, chance = all_masks(10, 0.2)
    assert len(every) == 2**10
    assert chance.sum() == pytest.approx(1)
    np.testing.assert_allclose(chance @ every, 0.8)


def test_a_share_within_five_errors_is_chance():
    assert beyond_chance(0.54, 0.5, 100) == 0
    assert beyond_chance(0.8, 0.5, 100) == pytest.approx(0.05)


def test_a_share_strays_by_its_distance_in_standard_errors():
    # the standard error of 100 draws with p = 0.5 is 0.05
    assert stray([0.5, 0.6], 0.5, 100) == pytest.approx(2)
    assert stray([1.0], 1.0, 100) == 0
    assert stray([0.99], 1.0, 100) == np.inf


@pytest.mark.parametrize("fault", ["a node never kept", "neighbors kept together"])
def test_masks_that_are_not_at_random_stray(fault):
    marks = np.random.default_rng(0).random((1_000, 20)) < 0.5
    assert max(each for _, each in picks(marks, 0.5)) < 7
    if fault == "a node never kept":
        marks[:, 3] = False
    else:
        marks[:, 1::2] = marks[:, ::2]
    assert max(each for _, each in picks(marks, 0.5)) > 7


def test_sub_networks_that_come_again_are_counted_once_and_told():
    first, second = [True, False], [True, True]
    # two epochs of two updates on one example each
    kept = np.array([[[first], [first]], [[second], [first]]])
    assert [*counts(kept)] == [(1, 1), (2, 1), (3, 2), (4, 2)]
    assert repeats(kept) == 1


def test_the_number_farthest_from_all_values_counts():
    assert nearest(np.array([0.1, 1.0, 1.75]), 0.0, 2.0) == 1


def test_the_slope_of_a_sub_network_is_that_of_differences():
    random = np.random.default_rng(0)
    x, first = random.normal(size=(5, 4)), random.normal(size=(4, 3))
    second, targets = random.normal(size=(3, 2)), random.normal(size=(5, 2))

    def loss(first):
        return ((np.maximum(x @ first, 0) @ second - targets) ** 2).sum() / 2

    found = sub_network_slope(x, first, second, targets)
    np.testing.assert_allclose(found, central_gradient(loss, first), atol=1e-8)
