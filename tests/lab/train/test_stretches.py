"""Stretches: every step is taken once, in calls that are not too long."""

import pytest

from study.lab.train.stack import LONGEST
from study.lab.train.stretches import looks, stretches


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
