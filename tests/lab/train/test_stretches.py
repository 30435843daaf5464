"""Stretches: every step is taken once, in calls that are not too long."""

import keras
import pytest

from study.lab.train.stack import LONGEST
from study.lab.train.stretches import MULTIPLICATIONS, longest, looks, stretches


@pytest.mark.parametrize(("steps", "count"), [(10, 1), (10, 4), (7, 7), (10_001, 10)])
def test_the_last_look_is_at_the_end_and_there_are_at_most_as_many_as_asked(
    steps, count
):
    found = looks(steps, count)
    assert found[-1] == steps
    assert len(found) <= count
    assert found == sorted({*found})


@pytest.mark.parametrize("cuts", [[], [1], [4, 9_000], range(0, 10_001, 300)])
def test_stretches_follow_one_another_and_end_at_every_cut(cuts):
    found = stretches(10_001, cuts)
    assert [a for a, _ in found] == [0, *(b for _, b in found[:-1])]
    assert found[-1][1] == 10_001
    assert {*cuts} <= {0, *(b for _, b in found)}
    assert max(b - a for a, b in found) <= LONGEST


@pytest.mark.parametrize("most", [1, 7, 1_000])
def test_no_stretch_is_longer_than_is_allowed(most):
    found = stretches(2_001, [500], most)
    assert max(b - a for a, b in found) <= most
    assert sum(b - a for a, b in found) == 2_001


def dense(units):
    return keras.Sequential([keras.Input((100,)), keras.layers.Dense(units)])


def test_a_call_of_a_large_network_takes_fewer_steps():
    weights = 101 * 5_000
    steps = longest(dense(5_000), 1_000)
    assert 3 * weights * 1_000 * steps <= MULTIPLICATIONS
    assert 3 * weights * 1_000 * (steps + 1) > MULTIPLICATIONS
    assert longest(dense(5_000), 10 * 1_000) == pytest.approx(steps / 10, abs=1)


def test_a_call_takes_a_step_at_least_and_as_many_as_there_is_room_for_at_most():
    assert longest(dense(5_000), 10**9) == 1
    assert longest(dense(1), 4) == LONGEST


def test_a_convolution_counts_its_weights_at_every_place():
    images = keras.Input((32, 32, 1))
    model = keras.Model(images, keras.layers.Conv2D(64, 3, padding="same")(images))
    steps = longest(model, 4_096)
    assert steps == MULTIPLICATIONS // (3 * 640 * 32 * 32 * 4_096)
