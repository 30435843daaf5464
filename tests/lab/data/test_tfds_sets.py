"""Data sets of TFDS: fetched while data come, told in a line where none do."""

import time

import numpy as np
import other_sets
import pytest

from study.lab.data import tfds_sets, watchdog
from study.lab.errors import StudyError

SCRIPT = """
import sys, time
from pathlib import Path
"""


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """Return a data folder of its own."""
    monkeypatch.setenv("STUDY_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def tfds(tmp_path, monkeypatch):
    """Return what puts a script in place of TFDS's program."""

    def script(text):
        (tmp_path / "tfds_arrays.py").write_text(SCRIPT + text)
        monkeypatch.setattr(tfds_sets, "SCRIPT", tmp_path / "tfds_arrays.py")

    return script


def refused(name="some"):
    with pytest.raises(StudyError) as error:
        tfds_sets.find(name, lambda _: None)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_what_tfds_wrote_is_kept_and_not_asked_for_again(tfds, tmp_path, data):
    for name, each in other_sets.arrays().items():
        np.save(tmp_path / f"{name}.npy", each)
    tfds(f"import shutil\nfor each in Path({str(tmp_path)!r}).glob('*.npy'):"
         " shutil.copy(each, '.')")  # fmt: skip
    said = []
    found = tfds_sets.find("some", said.append)
    assert (found.label, found.available, found.shape) == ("some", 90, (36,))
    assert len(said) == 1
    tfds("sys.exit(1)")
    assert tfds_sets.find("some", said.append) == found
    assert len(said) == 1
    assert not [*(data / "sets").glob("partial.*")]


def test_a_download_that_brings_nothing_is_ended_within_seconds(
    tfds, data, monkeypatch
):
    shorter = watchdog.SILENCE_S - 0.5
    monkeypatch.setattr(watchdog, "SILENCE_S", 0.5)
    (data / "some" / "incomplete.1").mkdir(parents=True)
    tfds("Path('downloading').touch()\ntime.sleep(60)")
    start = time.monotonic()
    message = refused()
    assert time.monotonic() - start < 15 - shorter
    assert "Received: no data for" in message
    assert "a folder of IDX files, a .npz file or digits" in message
    assert not [*(data / "some").iterdir()]


def test_what_is_no_download_may_take_its_time(tfds, monkeypatch):
    monkeypatch.setattr("study.lab.data.watchdog.SILENCE_S", 0.05)
    tfds("time.sleep(0.5)\nPath('mistake').write_text('slow, but no download')\n"
         "sys.exit(1)")  # fmt: skip
    assert refused() == "some: slow, but no download"


def test_an_error_of_tfds_s_is_told_in_a_line(tfds):
    tfds("Path('error').write_text('ConnectionError: no\\nroute')\nsys.exit(1)")
    assert "Received: ConnectionError: no route; without one" in refused()


def test_the_data_set_of_the_definitions_is_refused():
    assert "Received: 'mnist'; leave it out" in refused("mnist")


@pytest.mark.slow
def test_a_name_that_tfds_does_not_know_is_told_with_the_nearest():
    message = refused("fashion_mnits")
    assert "Received: 'fashion_mnits'; did you mean fashion_mnist" in message


@pytest.mark.slow
def test_examples_that_are_no_images_are_refused():
    assert "expected images, each of one class" in refused("imdb_reviews")
