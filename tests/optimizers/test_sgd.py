"""SGD: by hand and against its formula."""

import pytest
from walks import START, STEPS, apply_by_hand, assert_same_path, slope, walk

from study.optimizers import SGD


def test_a_step_worked_by_hand():
    # 2 - 0.5 · 3 = 0.5, and 0.5 - 0.5 · (-1) = 1.
    assert apply_by_hand(SGD(0.5), [3.0, -1.0]) == [0.5, 1.0]


def test_fifty_steps_follow_the_formula():
    def formula(w):
        for k in range(STEPS):
            w = w - 0.125 * slope(w, k)
            yield w

    assert_same_path(walk(SGD(0.125)), list(formula(START)))


def test_keeps_nothing_between_steps_but_their_number_and_the_rate():
    optimizer = SGD()
    walk(optimizer, steps=1)
    assert [each.name for each in optimizer.variables] == ["iteration", "learning_rate"]


def test_an_argument_that_keras_does_not_know_is_refused():
    with pytest.raises(ValueError, match="momentum"):
        SGD(momentum=0.9)
