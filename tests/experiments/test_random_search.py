"""The random search: pairs in their ranges, decay of every kernel, even decades."""

import keras
import numpy as np
import pytest
from modules import module


def names(finding):
    return vars(module(finding))


def test_a_hundred_pairs_are_drawn_in_the_ranges_and_the_same_each_time():
    drawn = names("random_search")["drawn"]
    pairs = list(drawn(100))
    assert pairs == list(drawn(100))
    rates, decays = np.log10(pairs).T
    assert ((rates >= -6) & (rates < -2)).all()
    assert ((decays >= -8) & (decays < -4)).all()
    assert rates.std() > 0.8  # evenly over four decades: 1.15
    assert decays.std() > 0.8


def test_trials_are_numbered_in_the_order_in_which_they_are_drawn():
    trials = names("random_search")["trials"](100)
    assert list(trials)[:2] == ["001", "002"]
    assert list(trials.values()) == list(names("random_search")["drawn"](100))


def test_pairs_that_the_lecture_prints_are_run_as_printed():
    trials = names("random_search_best_five")["TRIALS"]
    assert len(trials) == 11
    assert tuple(trials["printed 1"]) == (0.0092, 3.86e-7)
    assert trials["lr 0.01, wd 0.0001"] == (1e-2, 1e-4)


def test_every_kernel_decays_by_half_the_strength_times_its_squares():
    model = names("random_search")["model"]((0.01, 0.5), (784,), 10)
    assert len(model.layers) == 7
    expected = sum(
        0.25 * float(keras.ops.sum(layer.kernel**2)) for layer in model.layers
    )
    assert float(sum(model.losses)) == pytest.approx(expected, rel=1e-5)


def test_the_error_is_the_share_of_wrong_largest_outputs():
    error = names("random_search")["error"]
    x = np.eye(4, dtype="float32")
    model = keras.Sequential([keras.Input((4,)), keras.layers.Identity()])
    assert float(error(model, x, np.array([0, 1, 2, 2]))) == 25


def test_draws_of_another_range_would_be_refuted(monkeypatch):
    draws = names("random_search_draws")
    even, drawn = np.random.default_rng, draws["drawn"]
    monkeypatch.setitem(draws, "drawn", lambda *how: drawn(*how) ** 0.9)
    handed, count = (lambda *_: even(0), "learning rate", 0), draws["DRAWS"]
    shares = [*draws["decades"](*handed, count)]
    found = dict(draws["statements"](*handed, shares, count))
    assert found["the exact shares of decades, 10^uniform"] > draws["TOLERANCE"]
    assert found["the exact shares of decades, uniform"] == 0
