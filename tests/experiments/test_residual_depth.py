"""Depth with and without residuals: as many weights, and what the probes read."""

import keras
import numpy as np
import pytest
from modules import module

from study.lab.declare.measures import History
from study.layers import Residual


@pytest.fixture(scope="module")
def depth():
    return vars(module("residual_depth"))


@pytest.mark.parametrize("kind", ["plain", "residual"])
def test_all_kinds_have_as_many_weights(depth, kind):
    hidden = 4 * (64 * 64 + 64)
    weights = depth["model"](kind, 4, (784,), 10).count_params()
    assert weights == 784 * 64 + 64 + hidden + 64 * 10 + 10


@pytest.mark.parametrize("kind", ["plain", "residual"])
def test_signals_neither_vanish_nor_explode_at_the_start(depth, kind):
    x = np.random.default_rng(0).normal(size=(200, 64)).astype("float32")
    y = x
    for layer in depth["blocks"](kind, 16):
        y = layer(y)
    assert 0.2 < np.asarray(y).std() < 5


def history(start, end):
    """Return what two runs leave whose share was this at the start and at the end."""
    shares = {"share_at_start": np.array(start), "share_at_end": np.array(end)}
    runs = np.ones((len(start), 1))
    return History(
        loss=runs,
        hits=runs,
        evaluations={},
        chance_loss=1,
        chance_error=1,
        probes=shares,
    )


@pytest.mark.parametrize("residual", [True, False])
def test_the_share_is_the_size_of_the_difference_to_the_input(depth, residual):
    f = [keras.layers.Dense(1, use_bias=False)]
    ends = keras.layers.Identity(), keras.layers.Identity()
    block = Residual(f) if residual else keras.Sequential(f)
    first = keras.layers.Dense(1, kernel_initializer="ones")
    model = keras.Sequential([keras.Input((1,)), first, block, block, *ends])
    f[0].set_weights([np.array([[-0.5]])])
    x = np.array([[2.0], [4.0]], "float32")
    assert float(depth["share"](model, x, None)) == pytest.approx(0.5)


def test_a_share_that_halves_changes_by_a_doubling_less(depth):
    found = depth["Change"]().read(history([0.5, 0.5], [0.25, 1.0]))
    assert found.tolist() == [-1, 1]


def test_a_network_that_broke_down_has_changed_nothing(depth):
    found = depth["Change"]().read(history([0.5, 0.0], [np.nan, 1.0]))
    assert found.tolist() == [0, 0]
