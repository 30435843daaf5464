"""A network with two units exchanged: losses known at both ends."""

import keras
import numpy as np
import pytest

from study.gradients import gradient, hessian, value
from study.theory.exchanged_units import exchange

ACTIVATIONS = {"tanh": keras.ops.tanh, "linear": lambda z: z}
both = pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)


@both
def test_exchanged_units_leave_a_loss_of_0_with_learned_features(activation):
    loss, start, end = exchange(activation, True, np.random.default_rng(0))
    assert value(loss, start) == pytest.approx(0, abs=1e-28)
    assert value(loss, end) == pytest.approx(0, abs=1e-28)
    assert np.abs(gradient(loss, end)).max() < 1e-12
    assert not np.array_equal(start, end)


@both
def test_fixed_features_leave_no_negative_curvature(activation):
    loss, start, _ = exchange(activation, False, np.random.default_rng(1))
    assert np.linalg.eigvalsh(hessian(loss, start))[0] > -1e-12


@both
def test_exchanged_weights_cost_with_features_that_stay(activation):
    loss, start, end = exchange(activation, False, np.random.default_rng(0))
    assert value(loss, start) == pytest.approx(0, abs=1e-28)
    assert value(loss, end) > 1e-3
