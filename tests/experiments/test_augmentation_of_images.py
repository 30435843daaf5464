"""Augmentation: each function changes every image, as its seed says."""

from pathlib import Path

import numpy as np
import pytest

from study.lab.declare import registry

FILE = Path(__file__).parents[2] / "experiments" / "augmentation.py"


@pytest.fixture(scope="module")
def functions():
    vary = registry.load(FILE).definition.vary["augmentation"]
    return {name: each for name, each in vary.items() if each}


def disks(n):
    """Return flat images of a disk of radius 5 in the middle, slightly off it."""
    rows, columns = np.mgrid[:28, :28] - 13.5
    disk = ((rows - 2) ** 2 + columns**2 < 25).astype("float32")
    return np.tile(disk.ravel(), (n, 1))


@pytest.mark.parametrize("name", ["shift", "rotation", "elastic"])
def test_every_image_changes_in_a_way_of_its_own_and_keeps_its_ink(functions, name):
    x = disks(6)
    found = functions[name](x, 1)
    assert found.shape == x.shape
    assert (np.abs(found - x).max(axis=1) > 0.05).all()
    assert (np.abs(found[1:] - found[0]).max(axis=1) > 0.01).all()
    np.testing.assert_allclose(found.sum(axis=1), x.sum(axis=1), rtol=0.6)


@pytest.mark.parametrize("name", ["shift", "rotation", "elastic"])
def test_equal_seeds_change_alike_and_others_otherwise(functions, name):
    x = disks(3)
    first, again, other = (functions[name](x, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.01


def test_images_move_by_at_most_two_pixels(functions):
    x = disks(50)
    images = functions["shift"](x, 3).reshape(-1, 28, 28)
    rows = np.arange(28)
    ink = images.sum(axis=(1, 2))
    middle = (images.sum(axis=2) @ rows) / ink
    before = (x.reshape(-1, 28, 28).sum(axis=2) @ rows) / x.sum(axis=1)
    moved = np.abs(middle - before)
    assert moved.max() <= 2.01
    assert moved.max() > 1
