"""The store: whole or not at all, and damage is noticed."""

import os
import stat

import pytest

from study.lab.store import Store, write

CONTENT = b"line\nno text: \x00\xff\n"


@pytest.fixture
def told():
    return []


@pytest.fixture
def store(tmp_path, told):
    return Store(tmp_path / "results", told.append)


def test_what_is_saved_is_loaded_to_the_byte(store, told):
    for key, content in {"a": CONTENT, "b": b""}.items():
        store.save(key, content)
        assert store.load(key) == content
    assert told == []


def test_what_was_never_saved_is_none(store, told):
    assert store.load("a") is None
    assert told == []


def test_saving_again_replaces(store):
    store.save("a", CONTENT)
    store.save("a", b"new")
    assert store.load("a") == b"new"


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-1],
        lambda whole: whole[:40],
        lambda whole: b"",
        lambda whole: whole + b"x",
        lambda whole: whole[:-2] + bytes([whole[-2] ^ 1]) + whole[-1:],
        lambda whole: b"study 2" + whole[7:],
    ],
    ids=["cut", "only a head", "empty", "longer", "one bit", "another version"],
)
def test_a_damaged_file_is_told_set_aside_and_counts_as_missing(store, told, damage):
    store.save("a", CONTENT)
    path = store.path("a")
    broken = damage(path.read_bytes())
    path.write_bytes(broken)
    assert store.load("a") is None
    (line,) = told
    assert str(path) in line
    assert "a.damaged" in line
    assert path.with_suffix(".damaged").read_bytes() == broken
    store.save("a", CONTENT)
    assert store.load("a") == CONTENT


def test_a_write_that_fails_leaves_the_old_content_and_nothing_beside(
    tmp_path, monkeypatch
):
    path = tmp_path / "page.csv"
    write(path, b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_written_file_can_be_read_by_others(tmp_path):
    path = tmp_path / "new folder" / "page.csv"
    write(path, CONTENT)
    assert path.read_bytes() == CONTENT
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
