"""Data sets by what a user calls them: digits, a folder, a file or a name of TFDS."""

import gzip
import importlib.util

import numpy as np
import other_sets
import pytest
import tiny_mnist

from study.lab.data import named, tfds_sets
from study.lab.errors import StudyError


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """Return a data folder of its own."""
    monkeypatch.setenv("STUDY_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def refused(word):
    with pytest.raises(StudyError) as error:
        named.find(word)
    message = str(error.value)
    assert "\n" not in message
    assert "Received" in message or "no such file" in message
    return message


@pytest.mark.skipif(not importlib.util.find_spec("sklearn"), reason="no scikit-learn")
def test_digits_are_scikit_learn_s_of_which_the_last_fifth_tests():
    found = named.find("digits")
    assert (found.label, found.available, found.tests) == ("digits", 1_437, 360)
    assert found.form == ((64,), 10, 360)
    arrays = found()
    assert (arrays.x.min(), arrays.x.max()) == (0, 1)
    assert np.bincount(arrays.y).min() > 100


def test_without_scikit_learn_digits_say_how_to_have_them(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sklearn.datasets", None)
    assert "its extra digits" in refused("digits")


@pytest.mark.parametrize("compressed", [False, True], ids=["raw", "gz"])
def test_a_folder_of_idx_files_is_a_data_set(tmp_path, compressed):
    folder = tiny_mnist.folder(tmp_path / "mine", compressed=compressed)
    found = named.find(folder)
    assert found.label.startswith("mine-")
    assert (found.available, found.tests, found.shape) == (12, 6, (784,))
    x = tiny_mnist.contents()["x_train"].reshape(12, 784)
    np.testing.assert_array_equal(found().x, x.astype("float32") / 255)


def test_a_file_of_arrays_is_a_data_set_and_others_of_its_name_are_others(tmp_path):
    path = tmp_path / "mine.npz"
    np.savez(path, **other_sets.arrays())
    one = named.find(str(path))
    np.savez(path, **other_sets.arrays(count=80))
    other = named.find(path)
    assert (one.available, other.available) == (90, 80)
    assert one.label != other.label
    assert one.label.startswith("mine-")


def test_files_that_are_not_there_are_told_at_once(tmp_path):
    assert "no such file" in refused(tmp_path / "none.npz")
    assert "no such file" in refused(tmp_path / "none")
    (tmp_path / "text.txt").touch()
    assert "none of these" in refused(tmp_path / "text.txt")


def test_a_folder_that_lacks_a_file_names_it(tmp_path):
    folder = tiny_mnist.folder(tmp_path / "mine")
    (folder / "t10k-labels-idx1-ubyte").unlink()
    assert "Received: no t10k-labels-idx1-ubyte" in refused(folder)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "Received: nothing"),
        (b"PK\3\4", "Received: 80, 75, 3"),
        (bytes([0, 0, 8, 1, 0, 0, 0, 9]) + b"1234", "9 bytes after its head"),
        (bytes([0, 0, 8, 3, 0, 0]), "begins with 0, 0, 8"),
        (bytes([0, 0, 13, 1, 0, 0, 0, 1]), "Received: 0, 0, 13"),
    ],
    ids=range(5),
)
def test_a_file_that_is_no_idx_file_is_named(tmp_path, content, part):
    folder = tiny_mnist.folder(tmp_path / "mine")
    (folder / "t10k-labels-idx1-ubyte").write_bytes(content)
    message = refused(folder)
    assert part in message
    assert "t10k-labels-idx1-ubyte" in message


def test_a_cut_gz_file_is_named(tmp_path):
    folder = tiny_mnist.folder(tmp_path / "mine", compressed=True)
    path = folder / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(gzip.compress(bytes(500))[:-9])
    assert "t10k-labels-idx1-ubyte.gz: expected an IDX file" in refused(folder)


@pytest.mark.parametrize(
    "content", [b"", b"text", b"PK\3\4"], ids=["none", "text", "zip"]
)
def test_a_file_that_holds_no_arrays_is_told(tmp_path, content):
    path = tmp_path / "mine.npz"
    path.write_bytes(content)
    assert "as numpy.savez writes it" in refused(path)


def test_arrays_of_objects_are_never_loaded(tmp_path):
    path = tmp_path / "mine.npz"
    objects = np.array([{}, {}], object)
    np.savez(path, **other_sets.arrays() | {"x_train": objects})
    assert "as numpy.savez writes it" in refused(path)


def test_arrays_without_a_test_set_are_told(tmp_path):
    path = tmp_path / "mine.npz"
    some = other_sets.arrays()
    np.savez(path, x_train=some["x_train"], y_train=some["y_train"])
    assert "Received: no x_test; set some examples apart" in refused(path)


def test_any_other_word_is_a_name_of_tfds(monkeypatch):
    monkeypatch.setattr(tfds_sets, "find", lambda name, say: f"asked for {name}")
    assert named.find("fashion_mnist") == "asked for fashion_mnist"
