"""Escape from wells: update rules like the components', and wells known by hand."""

from pathlib import Path

import keras
import numpy as np
import pytest

from study.lab import registry
from study.optimizers import SGD, Adam, Momentum

FILE = Path(__file__).parents[2] / "experiments" / "sgd_escape_from_local_minima.py"
STARTS = np.array([[-1.7, -0.3, 0.2, 1.9]])


@pytest.fixture
def names(monkeypatch):
    """Return the module's names, with fewer steps."""
    names = registry.load(FILE).definition.run.__globals__
    monkeypatch.setitem(names, "STEPS", 40)
    return names


def walk(optimizer, slope, starts, steps):
    """Return where a Keras optimizer ends."""
    variable = keras.Variable(starts, dtype="float32")
    for _ in range(steps):
        slopes = slope(keras.ops.convert_to_numpy(variable))
        optimizer.apply([keras.ops.convert_to_tensor(slopes)], [variable])
    return keras.ops.convert_to_numpy(variable)


@pytest.mark.parametrize(
    ("update", "setting", "components"),
    [
        ("sgd", (0.02,), (SGD(0.02), keras.optimizers.SGD(0.02))),
        (
            "momentum",
            (0.02, 0.9),
            (Momentum(0.02, momentum=0.9), keras.optimizers.SGD(0.02, momentum=0.9)),
        ),
        ("adam", (0.1,), (Adam(0.1), keras.optimizers.Adam(0.1))),
    ],
)
def test_each_update_is_that_of_the_component_and_of_keras(
    names, update, setting, components
):
    slope = names["LANDSCAPES"]["double well"][1]
    ours = names[update](STARTS, slope, *setting)
    for each in components:
        # 40 steps of float32 on a smooth slope
        np.testing.assert_allclose(walk(each, slope, STARTS, 40), ours, atol=2e-4)


def test_slopes_and_curvatures_are_the_derivatives_of_the_heights(names):
    x, h = np.linspace(-1.9, 1.9, 39), 1e-4
    for height, slope, curvature, _ in names["LANDSCAPES"].values():
        central = (height(x + h) - height(x - h)) / (2 * h)
        np.testing.assert_allclose(slope(x), central, atol=1e-4)
        central = (slope(x + h) - slope(x - h)) / (2 * h)
        np.testing.assert_allclose(curvature(x), central, atol=1e-3)


def test_the_double_well_has_two_bottoms_and_a_top(names):
    bottoms, tops = names["wells"]("double well")
    # the roots of 4x³ - 4x + 0.3
    roots = np.sort(np.roots([4, 0, -4, 0.3]).real)
    np.testing.assert_allclose(bottoms, roots[[0, 2]], atol=1e-8)
    np.testing.assert_allclose(tops, roots[[1]], atol=1e-8)


def test_rastrigin_has_eleven_wells_with_the_deepest_in_the_middle(names):
    bottoms, tops = names["wells"]("Rastrigin")
    assert len(bottoms) == 11
    assert abs(bottoms[5]) < 1e-8
    inner = tops[np.abs(tops) < 5]
    assert len(inner) == 10
    assert (np.diff(bottoms) > 0.9).all()


def test_a_run_counts_for_the_well_in_which_it_ends(names):
    shares, depths = names["ends"]("double well", np.array([[-3.0, -0.1, 0.5, 0.9]]))
    assert shares.tolist() == [50]
    height = names["LANDSCAPES"]["double well"][0]
    assert depths[0] == pytest.approx(height(names["wells"]("double well")[0]).mean())


def test_a_step_of_one_over_the_largest_curvature_never_climbs(names):
    for landscape, (height, slope, _, _) in names["LANDSCAPES"].items():
        x = names["interval"](landscape)
        lower = x - names["step_size"](landscape) * slope(x)
        assert (height(lower) <= height(x) + 1e-12).all()


def test_without_noise_nothing_leaves_its_well(names, monkeypatch):
    monkeypatch.setitem(names, "STEPS", 500)
    for landscape, (_, slope, _, (low, high)) in names["LANDSCAPES"].items():
        starts = np.linspace(low, high, 997)[None]
        _, tops = names["wells"](landscape)
        end = names["sgd"](starts, slope, names["step_size"](landscape))
        before, after = np.searchsorted(tops, starts), np.searchsorted(tops, end)
        assert (before == after).all()


def test_the_setting_that_leads_deepest_on_draft_seeds_is_judged(names, monkeypatch):
    low, deep = np.array([[0.9, 0.9]]), np.array([[-1.0, 0.9]])
    found = [("SGD", 1.0, low), ("SGD", 2.0, deep), ("Adam", 0.1, low)]
    monkeypatch.setitem(names, "runs", lambda landscape, **drafts: found)
    assert names["chosen"]("double well") == {"SGD": 2.0, "Adam": 0.1}
