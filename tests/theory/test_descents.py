"""Ways down: steps by hand, and a component's points where its formula has them."""

import numpy as np
import pytest

from study.optimizers import SGD, Momentum
from study.theory.descents import (
    apart,
    descend,
    end,
    first,
    given,
    in_turn,
    power,
    reversals,
    walk,
)
from study.theory.formulas import momentum
from study.theory.surfaces import VALLEY


def test_a_step_is_taken_with_the_size_of_its_arm():
    start, steps = np.ones((2, 1, 1)), np.array([[0.5, 0.25], [0.5, 0.25]])
    *_, x = descend(start, lambda x: x, steps[..., None, None])
    assert x.ravel().tolist() == [0.25, 0.5625]


def test_steps_of_1_over_k_average_the_noise():
    # x_k = x_(k-1) - (x_(k-1) + noise) / k is minus the mean of the noise so far
    noise = np.random.default_rng(0).standard_normal(50)
    drawn = iter(noise)
    *_, x = descend(np.ones(1), lambda x: x + next(drawn), 1 / np.arange(1.0, 51))
    assert x.item() == pytest.approx(-noise.mean())


def test_a_rule_with_a_state_begins_with_none():
    # v = -1, x = 0; v = -0.9, x = -0.9
    path = [*descend(np.ones(1), lambda x: x, [1.0, 1.0], momentum, 1)]
    assert np.ravel(path).tolist() == [1.0, 0.0, -0.9]


def test_the_end_is_the_last_point():
    rates = [0.5, 0.25, 0.125]
    *_, last = descend(np.ones(2), lambda x: x, rates)
    np.testing.assert_array_equal(end(np.ones(2), lambda x: x, rates), last)


def test_the_path_of_the_source_is_walked_from_its_start():
    points = walk(SGD(0.95), (-7.0, 2.0), VALLEY.gradient, 30)
    assert points.shape == (31, 2)
    np.testing.assert_allclose(points[0], [-7, 2])
    np.testing.assert_allclose(points[1], [-7 * (1 - 0.095), 2 * (1 - 1.9)])


def test_a_walk_takes_the_rates_that_it_is_handed():
    points = walk(SGD(), [1.0], lambda x: x, 2, rates=[0.5, 0.25])
    assert points.ravel().tolist() == [1.0, 0.5, 0.375]


def test_a_walk_s_state_is_kept_from_step_to_step():
    gradients = np.array([[1.0], [1.0]])
    points = walk(Momentum(0.125), [0.0], given(gradients), 2)
    np.testing.assert_allclose(points.ravel(), [0, -0.125, -0.125 * 2.9])


def test_slopes_in_turn_are_asked_one_after_the_other():
    slope = in_turn([lambda x: x, lambda x: -x])
    assert [slope(2.0), slope(3.0)] == [2.0, -3.0]


def test_steps_that_go_back_are_counted():
    assert reversals(np.array([0.0, 1.0, 0.5, 0.7, 0.9])) == 2
    assert reversals(np.array([3.0, 2.0, 1.0])) == 0


def test_steps_count_from_the_start_and_never_is_all_of_them():
    reached = np.zeros((4, 2), bool)
    reached[2:, 0] = True
    assert first(reached).tolist() == [2, 3]


def test_a_power_of_k_is_read_off_whatever_its_factor():
    k = np.array([1.0, 3.0, 10.0])
    assert power(k, 7 * k**-1.5) == pytest.approx(-1.5)


def test_paths_are_as_far_apart_as_their_furthest_points():
    assert apart(np.array([[0.0, 1.0], [2.0, 3.0]]), [[0.0, 1.0], [2.0, 5.0]]) == 2.0
    with pytest.raises(ValueError, match="shorter"):
        apart(np.zeros((2, 1)), np.zeros((1, 1)))
