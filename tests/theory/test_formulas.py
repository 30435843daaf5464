"""Printed rules: one form of each is another, and those of Keras's optimizers."""

from functools import partial

import keras
import numpy as np
import pytest

from study.optimizers import SGD, Adam, Momentum
from study.theory import formulas
from study.theory.descents import apart, descend, end, given, walk
from study.theory.landscapes import DOUBLE_WELL

STARTS = np.array([[-1.7, -0.3, 0.2, 1.9]])
GRADIENTS = np.random.default_rng(0).normal(size=(30, 3))


def path(step, slots, gradients=GRADIENTS):
    rates = [0.125] * len(gradients)
    return [*descend(np.ones(3), given(gradients), rates, step, slots)]


@pytest.mark.parametrize(
    ("step", "slots", "rate", "components"),
    [
        (formulas.sgd, 0, 0.02, (SGD(0.02), keras.optimizers.SGD(0.02))),
        (
            formulas.momentum,
            1,
            0.02,
            (Momentum(0.02, momentum=0.9), keras.optimizers.SGD(0.02, momentum=0.9)),
        ),
        (formulas.adam_corrected, 2, 0.1, (Adam(0.1), keras.optimizers.Adam(0.1))),
    ],
)
def test_each_update_is_that_of_the_component_and_of_keras(
    step, slots, rate, components
):
    ours = end(STARTS, DOUBLE_WELL.slope, [rate] * 40, step, slots)
    for each in components:
        # rates in float32, 40 steps on a smooth slope
        found = walk(each, STARTS, DOUBLE_WELL.slope, 40)[-1]
        np.testing.assert_allclose(found, ours, atol=2e-4)


def test_flipped_signs_walk_the_same_path():
    one, other = path(formulas.momentum, 1), path(formulas.momentum_flipped, 1)
    assert apart(one, other) < 1e-12


def test_momentum_without_strength_is_descent():
    still = partial(formulas.momentum, strength=0.0)
    assert apart(path(still, 1), path(formulas.sgd, 0)) == 0


def test_one_coordinate_after_the_other_is_the_same_step():
    assert apart(path(formulas.sgd_by_coordinate, 0), path(formulas.sgd, 0)) == 0


def test_a_decay_of_0_is_momentum_and_another_is_not():
    plain = path(formulas.momentum, 1)
    for decay, same in ((0.0, True), (0.05, False)):
        decayed = path(partial(formulas.momentum_decayed, decay=decay), 1)
        assert (apart(decayed, plain) == 0) == same


def test_both_forms_of_adam_are_one_but_for_where_epsilon_stands():
    # ε is added to √v in one and to its corrected root in the other: at the first step
    # they are furthest apart, by 1e-8 (1 / √0.001 - 1) of a step over the slope
    away = apart(path(formulas.adam, 2), path(formulas.adam_corrected, 2))
    assert 0 < away < 30 * 0.125 * 32e-8 / abs(GRADIENTS).min()


def test_the_first_step_of_the_averages_is_along_the_gradient():
    averaged, descent = path(formulas.averaged, 1), path(formulas.sgd, 0)
    np.testing.assert_allclose(averaged[1], descent[1], rtol=1e-12)
