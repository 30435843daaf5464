"""Landscapes: derivatives, wells known by hand, and descent that stays in them."""

import numpy as np
import pytest

from study.theory.descents import end
from study.theory.landscapes import DOUBLE_WELL, PLAIN, RASTRIGIN, descents

both = pytest.mark.parametrize(
    "landscape", [DOUBLE_WELL, RASTRIGIN], ids=["double well", "Rastrigin"]
)


@both
def test_slopes_and_curvatures_are_the_derivatives_of_the_heights(landscape):
    x, h = np.linspace(-1.9, 1.9, 39), 1e-4
    central = (landscape.height(x + h) - landscape.height(x - h)) / (2 * h)
    np.testing.assert_allclose(landscape.slope(x), central, atol=1e-4)
    central = (landscape.slope(x + h) - landscape.slope(x - h)) / (2 * h)
    np.testing.assert_allclose(landscape.curvature(x), central, atol=1e-3)


def test_the_double_well_has_two_bottoms_and_a_top():
    bottoms, tops = DOUBLE_WELL.wells
    # the roots of 4x³ - 4x + 0.3
    roots = np.sort(np.roots([4, 0, -4, 0.3]).real)
    np.testing.assert_allclose(bottoms, roots[[0, 2]], atol=1e-8)
    np.testing.assert_allclose(tops, roots[[1]], atol=1e-8)


def test_rastrigin_has_eleven_wells_with_the_deepest_in_the_middle():
    bottoms, tops = RASTRIGIN.wells
    assert len(bottoms) == 11
    assert abs(bottoms[5]) < 1e-8
    inner = tops[np.abs(tops) < 5]
    assert len(inner) == 10
    assert (np.diff(bottoms) > 0.9).all()


def test_a_run_counts_for_the_well_in_which_it_ends():
    shares, depths = DOUBLE_WELL.ends(np.array([[-3.0, -0.1, 0.5, 0.9]]))
    assert shares.tolist() == [50]
    bottoms, _ = DOUBLE_WELL.wells
    assert depths[0] == pytest.approx(DOUBLE_WELL.height(bottoms).mean())


@both
def test_a_step_of_one_over_the_largest_curvature_never_climbs(landscape):
    x = landscape.interval
    lower = x - landscape.step_size * landscape.slope(x)
    assert (landscape.height(lower) <= landscape.height(x) + 1e-12).all()


@both
def test_without_noise_nothing_leaves_its_well(landscape):
    starts = np.linspace(landscape.low, landscape.high, 997)[None]
    _, tops = landscape.wells
    ended = end(starts, landscape.slope, [landscape.step_size] * 500)
    before, after = np.searchsorted(tops, starts), np.searchsorted(tops, ended)
    assert (before == after).all()


def test_the_typical_slope_is_the_root_of_the_mean_square():
    # the mean of a polynomial over an interval, by its antiderivative
    polynomial = np.polynomial.Polynomial([0.3, -4, 0, 4]) ** 2
    area = polynomial.integ()
    mean = (area(2.0) - area(-2.0)) / 4
    assert DOUBLE_WELL.typical_slope == pytest.approx(np.sqrt(mean), rel=1e-3)


def test_each_method_runs_with_all_of_its_settings_from_the_same_starts():
    starts = np.array([[-1.5, 0.5], [1.5, 1.0]])
    settings = {PLAIN: (0.5, 1.0), "SGD": (0.0, 1.0), "momentum": (0.0, 0.9)}
    settings["Adam"] = (0.01, 0.1)
    randoms = [np.random.default_rng(i) for i in range(2)]
    found = {
        (method, setting): ends
        for method, setting, ends in descents(
            DOUBLE_WELL, starts, randoms, settings, 50
        )
    }
    assert [*found] == [(name, x) for name, each in settings.items() for x in each]
    assert all(each.shape == starts.shape for each in found.values())
    # without noise or inertia they are gradient descent at 1/L
    for method in ("SGD", "momentum"):
        np.testing.assert_allclose(found[method, 0.0], found[PLAIN, 1.0])
    assert np.abs(found["SGD", 1.0] - found[PLAIN, 1.0]).max() > 0.01
