"""Focus: a few far values leave the room to the others, and are not forgotten."""

import numpy as np
import pytest

from study.lab.figures.focus import Focus, focus


def test_a_far_value_leaves_the_room_to_the_others():
    near = focus([8.0, 8.2, 8.4, 8.5, 8.9, 60.0])
    assert near == Focus(8.0, 8.9, log=False)
    np.testing.assert_array_equal(near.outside([60, 8.5, 1]), [1, 0, -1])


def test_values_of_many_sizes_have_a_logarithmic_axis_and_none_is_far():
    near = focus([0.01, 0.1, 1.0, 10.0])
    assert near == Focus(0.01, 10.0, log=True)


def test_more_than_a_third_is_not_far():
    assert focus([0.0, 0.1, 0.2, 90.0, 91.0]).upper == 91.0


def test_values_that_are_all_alike_hide_no_other():
    assert focus([0.0] * 9 + [5.0]).upper == 5.0


def test_what_is_no_number_is_left_out():
    assert focus([1.0, np.nan, 2.0, np.inf]).upper == 2.0
    assert focus([]).lower == 0.0


@pytest.mark.parametrize("log", [False, True])
def test_an_axis_has_a_margin_and_room_above(log):
    lower, upper = Focus(1.0, 100.0, log).limits(0.1)
    assert lower < 1 < 100 < upper
    assert Focus(1.0, 100.0, log).limits(0.1, 0.5)[1] > upper
