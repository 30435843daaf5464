"""Momentum: by hand, against its formula, and its coupled decay."""

import keras
import numpy as np
import pytest
from compiling import JITS
from walks import START, STEPS, apply_by_hand, assert_same_path, slope, walk

from study.optimizers import SGD, Momentum


def test_two_steps_worked_by_hand():
    # v = -0.5 (3 + 1 · 2) = -2.5 and w = -0.5; then
    # v = 0.5 · (-2.5) - 0.5 (3 + 1 · (-0.5)) = -2.5 and w = -3.
    path = apply_by_hand(Momentum(0.5, momentum=0.5, decay=1.0), [3.0, 3.0])
    assert path == [-0.5, -3.0]


def test_fifty_steps_follow_the_formula_in_the_other_sign_convention():
    """The lectures also write v = μ v + α (g + λ w) and w -= v."""

    def formula(w):
        v = 0
        for k in range(STEPS):
            v = 0.75 * v + 0.0625 * (slope(w, k) + 0.25 * w)
            w = w - v
            yield w

    path = walk(Momentum(0.0625, momentum=0.75, decay=0.25))
    assert_same_path(path, list(formula(START)))


def test_without_momentum_it_is_gradient_descent():
    assert_same_path(walk(Momentum(0.125, momentum=0.0)), walk(SGD(0.125)))


@pytest.mark.slow
def test_the_coupled_decay_is_an_l2_penalty_of_half_its_strength():
    def train(optimizer, penalty):
        dense = keras.layers.Dense(
            1, use_bias=False, kernel_initializer="ones", kernel_regularizer=penalty
        )
        model = keras.Sequential([keras.Input((3,)), dense])
        model.compile(optimizer, "mse", jit_compile=JITS)
        x = np.linspace(-1, 1, 15, dtype="float32").reshape(5, 3)
        model.fit(x, x[:, :1], batch_size=5, epochs=10, verbose=0)
        return dense.kernel.numpy()

    coupled = train(Momentum(0.125, decay=0.5), None)
    penalized = train(Momentum(0.125), keras.regularizers.L2(0.25))
    decoupled = train(Momentum(0.125, weight_decay=0.5), None)
    # Ten steps in float32, 6e-8 a rounding, on weights of about 1.
    np.testing.assert_allclose(coupled, penalized, rtol=1e-5, atol=1e-6)
    assert abs(coupled - decoupled).max() > 1e-2


def test_with_a_gradient_of_0_weights_shrink_at_a_rate_proportional_to_their_size():
    path = apply_by_hand(Momentum(0.25, momentum=0.0, decay=0.5), [0.0] * 5)
    assert path == pytest.approx([2 * (1 - 0.25 * 0.5) ** k for k in range(1, 6)])


def test_decay_acts_through_the_velocity_and_weight_decay_beside_it():
    # Coupled: v = -0.5 · 1 · 2 = -1, w = 1; v = -0.5 - 0.5 · 1 · 1 = -1, w = 0.
    coupled = apply_by_hand(Momentum(0.5, momentum=0.5, decay=1.0), [0.0, 0.0])
    assert coupled == [1.0, 0.0]
    # Decoupled: w = 2 - 0.5 · 1 · 2 = 1, then 1 - 0.5 · 1 · 1 = 0.5; v stays 0.
    beside = apply_by_hand(Momentum(0.5, momentum=0.5, weight_decay=1.0), [0.0, 0.0])
    assert beside == [1.0, 0.5]


@pytest.mark.parametrize("momentum", [-0.1, 1.0, float("nan")])
def test_a_momentum_out_of_range_is_refused(momentum):
    with pytest.raises(ValueError, match=r"from 0 to 1, 1 excluded.*momentum="):
        Momentum(momentum=momentum)


@pytest.mark.parametrize("decay", [-1e-9, float("nan")])
def test_a_negative_decay_is_refused(decay):
    with pytest.raises(ValueError, match=r"`decay` .* at least 0\. Received: decay="):
        Momentum(decay=decay)


@pytest.mark.parametrize("momentum", [0.0, 1 - 1e-7])
def test_both_ends_of_the_range_give_finite_steps(momentum):
    assert np.isfinite(walk(Momentum(momentum=momentum), steps=3)).all()
