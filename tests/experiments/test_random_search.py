"""The random search: pairs in their ranges, decay of every kernel, even decades."""

from pathlib import Path

import keras
import numpy as np
import pytest

from study.lab.declare import registry

FOLDER = Path(__file__).parents[2] / "experiments"


def names(finding):
    definition = registry.load(FOLDER / f"{finding}.py").definition
    return getattr(definition, "run", getattr(definition, "model", None)).__globals__


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
    model = names("random_search")["model"]((0.01, 0.5))
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


def test_the_distance_from_even_is_kolmogorovs():
    distance = names("random_search_draws")["distance"]
    # one value in the middle: its step goes from 0 to 1 where the even one has half
    assert distance(np.array([10.0**-6]), -8, -4) == pytest.approx(0.5)
    even = 10.0 ** (-8 + 4 * (np.arange(100) + 0.5) / 100)
    assert distance(even, -8, -4) == pytest.approx(0.005)


def test_values_drawn_evenly_instead_would_be_refuted():
    draws = names("random_search_draws")
    values = np.random.default_rng(0).uniform(1e-8, 1e-4, 10_000)
    assert draws["distance"](values, -8, -4) > draws["CHANCE"] / 100


def test_an_exact_share_of_a_decade_is_by_its_width():
    expected = names("random_search_draws")["expected"]
    for way in ("10^uniform", "uniform"):
        shares = [expected(way, power, -6, -2) for power in range(-6, -2)]
        assert sum(shares) == pytest.approx(1)
    assert expected("10^uniform", -6, -6, -2) == 0.25
    assert expected("uniform", -6, -6, -2) == pytest.approx(0.0009, rel=1e-3)


def test_decades_drawn_otherwise_than_by_their_exact_shares_would_be_refuted():
    draws = names("random_search_draws")
    assert draws["excess"](0.25, 0.25, 10_000) == 0
    assert draws["excess"](0.26, 0.25, 10_000) == 0  # some two standard errors
    assert draws["excess"](0.28, 0.25, 10_000) > draws["TOLERANCE"]
    assert draws["excess"](0.009, 0.0009, 10_000) > draws["TOLERANCE"]


def test_draws_of_another_range_would_be_refuted(monkeypatch):
    draws = names("random_search_draws")
    even, drawn = np.random.default_rng, draws["drawn"]
    monkeypatch.setitem(draws, "drawn", lambda *how: drawn(*how) ** 0.9)
    found = dict(
        draws["statements"](lambda *_: even(0), "learning rate", 0, draws["DRAWS"])
    )
    assert found["the exact shares of decades, 10^uniform"] > draws["TOLERANCE"]
    assert found["the exact shares of decades, uniform"] == 0


def test_how_far_a_value_lies_outside_is_counted_in_decades():
    outside = names("random_search_draws")["outside"]
    assert outside(np.array([1e-7, 1e-5]), -8, -4) == 0
    assert outside(np.array([1e-7, 1e-2]), -8, -4) == pytest.approx(2)
    assert outside(np.array([1e-9]), -8, -4) == pytest.approx(1)
