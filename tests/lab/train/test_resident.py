"""Examples are in memory once a machine, and are those that were read."""

import errno
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from study.lab import data
from study.lab.train import resident
from study.lab.train import tensorflow as engine

READ = data.digits().read
NAMES = ("x", "y", "x_test", "y_test")


def large():
    """Return the digits eight times, more bytes than are copied."""
    arrays = READ()
    return data.Arrays(*(np.concatenate([getattr(arrays, n)] * 8) for n in NAMES))


def gone():
    raise AssertionError("read again")


@dataclass(frozen=True, kw_only=True)
class Filed(data.Data):
    """Data that come from files whose checksums are known."""

    def checksums(self):
        return {"digits": "0123"}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDY_DATA", str(tmp_path))
    return tmp_path / resident.FOLDER


def filed(read=large):
    return Filed(name="digits", read=read, available=len(read().x), train=7)


def assert_same(examples, arrays):
    for name in NAMES:
        found, expected = getattr(examples.arrays, name), getattr(arrays, name)
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)


def test_examples_of_files_are_mapped_and_those_that_were_read(monkeypatch):
    for _ in range(2):
        examples = resident.load(filed())
        assert_same(examples, large())
        assert isinstance(examples.x, np.memmap)
        monkeypatch.setattr(data.Data, "load", gone)  # the second time it is not read


def test_what_one_process_writes_into_them_no_other_sees():
    resident.load(filed()).x[:] = 9
    assert_same(resident.load(filed()), large())


def test_damage_is_found_and_the_examples_are_written_again(folder):
    resident.load(filed())
    (path,) = folder.glob("*/x.npy")
    with path.open("r+b") as file:
        file.seek(5_000)
        file.write(b"damage")
    assert_same(resident.load(filed()), large())
    assert path.read_bytes()[5_000:5_006] != b"damage"


def test_examples_of_other_code_take_their_place(folder):
    resident.load(filed())
    (before,) = folder.iterdir()
    assert_same(resident.load(filed(READ)), READ())
    (after,) = folder.iterdir()
    assert after != before


def test_without_a_place_to_write_everyone_has_a_copy(folder, monkeypatch):
    def full(**_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    examples = resident.load(filed())
    assert_same(examples, large())
    assert not isinstance(examples.x, np.memmap)


def test_what_another_process_writes_just_now_stays(folder):
    partial = folder / f"{resident.PARTIAL}another"
    partial.mkdir(parents=True)
    resident.load(filed())
    assert partial.exists()


def test_data_without_known_files_are_read_each_time(folder):
    assert_same(resident.load(data.digits()), READ())
    assert not Path(folder).exists()


def tensor(array):
    return engine.Stack.__new__(engine.Stack).place(array)


def test_mapped_examples_become_tensors_without_a_copy():
    examples = resident.load(filed())
    every, train = tensor((examples.x, examples.arrays.x))
    examples.x[3] = 7.5
    assert (every[3].numpy() == 7.5).all()
    assert (train[3].numpy() == 7.5).all()
    np.testing.assert_array_equal(tf.gather(train, [3, 5]), examples.x[[3, 5]])


@pytest.mark.parametrize(
    "array",
    [
        lambda mapped: mapped.reshape(-1)[1:],
        lambda mapped: mapped.T,
        lambda mapped: np.load(mapped.filename, mmap_mode="r"),
    ],
    ids=["begins between", "not in order", "read-only"],
)
def test_what_a_compiled_program_could_not_take_is_copied(array):
    array = array(resident.load(filed()).x)
    before = array.copy()
    placed = tensor(array)
    if array.flags.writeable:
        array[:] = 7.5
    np.testing.assert_array_equal(placed, before)
    total = tf.function(tf.reduce_sum, jit_compile=True)(placed)
    assert total.numpy() == pytest.approx(before.sum(), rel=1e-3)


def test_examples_of_files_share_what_is_mapped_whatever_their_labels(folder):
    plain = resident.load(filed())
    noisy = resident.load(data.with_random_labels(filed(), 0.5))
    assert len(list(folder.iterdir())) == 1
    np.testing.assert_array_equal(noisy.x, plain.x)
    count = plain.count
    np.testing.assert_array_equal(noisy.y[count:], plain.y[count:])
    assert 0.4 < np.mean(noisy.y[:count] != plain.y[:count]) < 0.5
