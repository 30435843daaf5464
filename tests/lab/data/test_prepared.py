"""Data sets that are kept: known by their arrays, whole or not there."""

import dataclasses

import numpy as np
import other_sets
import pytest

from study.lab.data import prepared
from study.lab.data.checked import checked
from study.lab.data.sets import Data
from study.lab.declare.closure import closure
from study.lab.errors import StudyError
from study.lab.files import manifest


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """Return a data folder of its own."""
    monkeypatch.setenv("STUDY_DATA", str(tmp_path))
    return tmp_path


def kept(label="other", **sizes):
    return prepared.keep(label, checked(label, other_sets.arrays(**sizes)))


def test_what_is_kept_comes_back_with_bytes_as_numbers_from_0_to_1():
    given = other_sets.arrays()
    arrays = kept()()
    np.testing.assert_array_equal(
        arrays.x, given["x_train"].reshape(90, 36).astype("float32") / 255
    )
    assert arrays.x_test.dtype == np.float32
    assert (arrays.y_test == given["y_test"]).all()


def test_it_says_of_itself_what_its_arrays_are():
    found = kept(shape=(4, 4, 3), classes=5)
    assert (found.available, found.tests) == (90, 30)
    assert found.form == ((4, 4, 3), 5, 30)
    declared = Data(name="other", read=found, available=90, train=10)
    assert declared.form == found.form


def test_it_is_known_by_its_arrays_and_not_by_what_it_is_called():
    one, renamed, other = kept(), kept("another"), kept(count=91)
    assert one.digest == renamed.digest != other.digest
    assert closure(one) == closure(renamed) != closure(other)


def test_it_comes_back_from_its_text():
    found = kept()
    assert prepared.from_json(prepared.to_json(found)) == found


def test_it_is_written_once_and_anew_where_it_is_damaged(data):
    found = kept()
    folder = data / prepared.FOLDER / found.digest[: prepared.SHORT]
    before = (folder / "x_train.npy").stat().st_mtime_ns
    assert kept() == found
    assert (folder / "x_train.npy").stat().st_mtime_ns == before
    (folder / "x_train.npy").write_bytes(b"")
    with pytest.raises(StudyError, match=r"^other: .*x_train\.npy: expected .* again$"):
        found()
    kept()
    assert manifest.faults(folder) == []
    assert found().x.shape == (90, 36)


def test_nothing_half_written_is_left(data):
    kept()
    kept(count=91)
    assert all(len(each.name) == prepared.SHORT for each in (data / "sets").iterdir())


def test_a_prepared_set_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        kept().label = "another"
