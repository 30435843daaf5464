"""Depth with and without residuals: as many weights, and what the probes read."""

from pathlib import Path

import keras
import numpy as np
import pytest

from study.lab.declare import registry
from study.lab.declare.measures import History
from study.layers import Residual

FILE = Path(__file__).parents[2] / "experiments" / "residual_depth.py"


@pytest.fixture(scope="module")
def depth():
    return registry.load(FILE).definition.model.__globals__


@pytest.mark.parametrize("kind", ["plain", "residual", "PolyNet"])
def test_all_kinds_have_as_many_weights(depth, kind):
    hidden = 4 * (64 * 64 + 64)
    weights = depth["model"](kind, 4).count_params()
    assert weights == 784 * 64 + 64 + hidden + 64 * 10 + 10


@pytest.mark.parametrize("kind", ["plain", "residual", "PolyNet"])
def test_signals_neither_vanish_nor_explode_at_the_start(depth, kind):
    x = np.random.default_rng(0).normal(size=(200, 64)).astype("float32")
    y = x
    for layer in depth["blocks"](kind, 16):
        y = layer(y)
    assert 0.2 < np.asarray(y).std() < 5


def halving(kernel):
    """Return a residual network whose difference is `kernel` times its input."""
    dense = keras.layers.Dense(1, use_bias=False)
    model = keras.Sequential([keras.Input((1,)), Residual([dense])])
    model.set_weights([np.array([[kernel]])])
    return model


def test_the_share_is_the_size_of_the_difference_to_the_input(depth):
    x = np.array([[2.0], [4.0]], "float32")
    model = halving(-0.5)
    assert float(depth["share"](model, x, None)) == pytest.approx(0.5)
    assert float(depth["sums"](model, x, None)) == 1


def test_differences_shrink_where_their_share_falls(depth):
    history = History(
        loss=np.ones((2, 1)),
        hits=np.ones((2, 1)),
        evaluations={},
        chance_loss=1,
        chance_error=1,
        probes={
            "share_at_start": np.array([0.5, 0.5]),
            "share_at_end": np.array([0.4, 0.6]),
        },
    )
    assert depth["Shrinks"]().read(history).tolist() == [1, 0]


def test_a_network_fits_if_less_than_a_tenth_is_wrong(depth):
    history = History(
        loss=np.ones((3, 1)),
        hits=np.ones((3, 1)),
        evaluations={"train": {"error": np.array([0.0, 0.099, 0.1])}},
        chance_loss=1,
        chance_error=0.9,
    )
    assert depth["Fits"]().read(history).tolist() == [1, 1, 0]


def test_without_residual_blocks_there_is_no_share(depth):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    x = np.ones((2, 1), "float32")
    assert float(depth["share"](model, x, None)) == 0
    assert float(depth["sums"](model, x, None)) == 1
