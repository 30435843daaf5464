"""What dropout keeps, over how many units, and what its training costs."""

from pathlib import Path

import keras
import numpy as np
import pytest

from study.lab import registry
from study.layers import Dropout

FOLDER = Path(__file__).parents[2] / "experiments"


def names(finding):
    """Return the names of a finding's module."""
    definition = registry.load(FOLDER / f"{finding}.py").definition
    return getattr(definition, "run", getattr(definition, "model", None)).__globals__


@pytest.fixture(scope="module")
def keeping():
    return names("dropout_keep_probability")


@pytest.fixture(scope="module")
def cost():
    return names("dropout_cost")


def test_a_share_strays_by_its_distance_in_standard_errors(keeping):
    # the standard error of 100 draws with p = 0.5 is 0.05
    assert keeping["stray"]([0.5, 0.6], 0.5, 100) == pytest.approx(2)
    assert keeping["stray"]([1.0], 1.0, 100) == 0
    assert keeping["stray"]([0.99], 1.0, 100) == np.inf


@pytest.mark.parametrize("fault", ["a node never kept", "neighbours kept together"])
def test_masks_that_are_not_at_random_stray(keeping, fault):
    marks = np.random.default_rng(0).random((1_000, 20)) < 0.5
    found = max(each for _, each in keeping["picks"](marks, 0.5))
    assert found < keeping["TOLERANCE"]
    if fault == "a node never kept":
        marks[:, 3] = False
    else:
        marks[:, 1::2] = marks[:, ::2]
    found = max(each for _, each in keeping["picks"](marks, 0.5))
    assert found > keeping["TOLERANCE"]


@pytest.mark.parametrize(
    ("held", "keep", "units"),
    [
        ("n fixed", 0.1, (512, 512)),
        ("pn fixed", 0.1, (480, 480)),
        ("pn fixed", 0.5, (96, 96)),
        ("pn fixed", 1.0, (48, 48)),
    ],
)
def test_layers_are_as_wide_as_what_is_held_fixed_says(held, keep, units):
    finding = names("dropout_rate")
    layers = finding["model"](keep, finding["HELD"][held]).layers
    found = [each.units for each in layers if isinstance(each, keras.layers.Dense)]
    assert found == [*units, 10]
    rates = [each.rate for each in layers if isinstance(each, Dropout)]
    assert rates == pytest.approx([1 - keep] * 2)


def test_the_network_of_the_source_keeps_half_and_four_fifths_of_its_inputs():
    model = names("dropout_data_size")["paper_model"](0.5)
    rates = [each.rate for each in model.layers if isinstance(each, Dropout)]
    assert rates == pytest.approx([0.2, 0.5, 0.5, 0.5])
    units = [each.units for each in model.layers if hasattr(each, "units")]
    assert units == [1_024, 1_024, 2_048, 10]


def test_shares_switched_off_are_near_the_ratio_and_a_wrong_one_strays():
    finding = names("dropout_on_few_images")
    model, x = finding["model"](0.2), np.zeros((300, 784), "float32")
    assert float(finding["off"](model, x, None)) == pytest.approx(20, abs=1)
    assert float(finding["stray"](model, x, None)) < finding["STANDARD_ERRORS"]
    finding["dropouts"](model)[0].call = lambda inputs, training: inputs
    assert float(finding["stray"](model, x, None)) > finding["STANDARD_ERRORS"]


def test_the_best_is_near_when_the_error_comes_close_to_its_lowest(cost):
    assert cost["first_near_best"](np.array([30.0, 10.1, 10.0, 12.0])) == 2
    assert cost["first_near_best"](np.array([30.0, 11.0, 10.0, 12.0])) == 3


def test_time_to_the_best_is_steps_by_the_median_time_of_one(cost):
    rows = [
        {"part": "step", "network": "none", "replicate": i, "milliseconds": each}
        for i, each in enumerate((1.0, 2.0, 9.0))
    ]
    rows.append({"part": "best", "network": "none", "replicate": 0, "updates": 1_000})
    (found,) = cost["together"](rows)
    assert found["seconds"] == pytest.approx(2)
    assert found["seconds_log2"] == pytest.approx(1)


def test_every_epoch_visits_each_image_once(cost):
    found = cost["order"](200, 5, np.random.default_rng(0))
    assert found.shape == (5, 100)
    for epoch in (found[:2], found[2:4]):
        np.testing.assert_array_equal(np.sort(epoch.ravel()), np.arange(200))


def test_a_restart_with_equal_seeds_learns_the_same(cost):
    model = cost["network"](8, 0.5)
    random = np.random.default_rng(0)
    x, y = random.random((200, 784), "float32"), random.integers(10, size=200)
    found = []
    for _ in range(2):
        cost["restart"](model, np.random.default_rng(1))
        assert float(model.optimizer.learning_rate) == pytest.approx(0.05)
        dealt = cost["order"](200, 40, np.random.default_rng(2))
        assert len(cost["learn"](model, (x, y, x, y), dealt)) == 2
        found.append(model.get_weights()[0])
    np.testing.assert_allclose(*found, rtol=1e-5)
