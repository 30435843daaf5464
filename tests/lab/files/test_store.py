"""The store: whole or not at all, found by what each run is, and damage is noticed."""

import os
import stat

import pytest

from study.lab.execute.checkpoints import Checkpoints, Underway
from study.lab.files.store import Index, Store, write

CONTENT = b"line\nno text: \x00\xff\n"
OLD = b"study 1 " + b"0" * 64 + b"\ncontent"
INDEX = Index(("a", "b"), "here", {"end test": "end test", "probe x": "123"})


@pytest.fixture
def told():
    return []


@pytest.fixture
def store(tmp_path, told):
    return Store(tmp_path / "results", told.append)


def saved(store, index=INDEX, content=CONTENT):
    store.save(index, content)
    path, row, found = store.find(index.runs[0], index.where)
    assert (row, found) == (0, index)
    return path


def test_what_is_saved_is_found_by_each_run_and_loaded_to_the_byte(store, told):
    path = saved(store)
    assert store.find("b", "here") == (path, 1, INDEX)
    assert store.load(path) == CONTENT
    empty = saved(store, Index(("c",), "here"), b"")
    assert store.load(empty) == b""
    assert told == []


@pytest.mark.parametrize(
    "asked",
    [("z", "here"), ("a", "elsewhere"), ("a", "here", ["another"])],
    ids=["another run", "another place", "another reading"],
)
def test_what_is_another_thing_is_not_handed_out(store, told, asked):
    saved(store)
    assert store.find(*asked) is None
    assert store.find("a", "here", ["123", "end test"])
    assert told == []


def test_what_is_overlooked_is_not_found_until_it_is_saved_again(store, told):
    path = saved(store)
    store.overlook()
    assert store.find("a", "here") is None
    assert saved(store) == path
    assert Store(store.directory).find("a", "here")
    assert told == []


def test_runs_written_together_are_one_file(store):
    saved(store)
    assert len([*store.directory.iterdir()]) == 1


def test_what_another_process_writes_is_seen(store, told):
    other = Store(store.directory, told.append)
    path = saved(other)
    assert store.find("a", "here")[0] == path


def test_a_run_read_for_more_stands_beside_what_it_was_and_both_are_found(store):
    first = saved(store)
    more = Index(("a",), "here", {**INDEX.reads, "probe y": "456"})
    store.save(more, b"more")
    assert store.load(store.find("a", "here", ["456"])[0]) == b"more"
    assert store.find("b", "here", ["123"])[0] == first


def test_saving_the_same_again_replaces(store):
    path = saved(store)
    assert saved(store, content=b"new") == path
    assert store.load(path) == b"new"


def flipped(whole, at):
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


@pytest.mark.parametrize("fresh", [False, True], ids=["known", "found at start"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-1],
        lambda whole: whole[:40],
        lambda whole: whole[:8],
        lambda whole: b"",
        lambda whole: whole + b"x",
        lambda whole: flipped(whole, len(whole) - 2),
        lambda whole: flipped(whole, 12),
        lambda whole: flipped(whole, whole.index(b"\n") + 5),
        lambda whole: flipped(whole, 0),
    ],
    ids=["cut", "head", "word", "empty", "longer", "one bit", "hash", "index", "first"],
)
def test_a_damaged_file_is_told_set_aside_and_counts_as_missing(
    store, told, damage, fresh
):
    path = saved(store)
    broken = damage(path.read_bytes())
    path.write_bytes(broken)
    if fresh:
        store = Store(store.directory, told.append)
    place = store.find("a", "here")
    assert place is None or store.load(place[0]) is None
    assert store.find("a", "here") is None
    (line,) = told
    assert str(path) in line
    assert f"{path.stem}.damaged" in line
    assert path.with_suffix(".damaged").read_bytes() == broken
    assert store.load(saved(store)) == CONTENT


def test_a_store_of_another_version_is_empty_says_so_once_and_keeps_its_files(
    store, told
):
    store.directory.mkdir()
    for name in ("one", "two"):
        (store.directory / f"{name}.result").write_bytes(OLD)
    assert store.find("a", "here") is None
    assert store.find("b", "here") is None
    (line,) = told
    assert "2 results are of another version" in line
    assert "make prune" in line
    assert len([*store.directory.glob("*.result")]) == 2


def test_pruning_drops_what_is_not_reached_what_is_damaged_and_other_versions(store):
    kept = saved(store)
    saved(store, Index(("c", "d"), "here"))
    (store.directory / "old.result").write_bytes(OLD)
    (store.directory / "bad.damaged").write_bytes(b"x")
    size = store.size()
    count, freed = store.prune(frozenset({"b", "unknown"}))
    assert count == 3
    assert [*store.directory.iterdir()] == [kept]
    assert store.size() == size - freed == kept.stat().st_size
    assert store.find("c", "here") is None
    assert store.load(store.find("a", "here")[0]) == CONTENT


def test_pruning_keeps_checkpoints_of_runs_that_are_reached(store):
    checkpoints = Checkpoints(store.directory, print)
    for runs in ("ab", "cd"):
        index = Index((*runs,), "here")
        checkpoints.save(Underway(index, "engine", "page", "smoke", "{}"), b"content")
    (kept,) = (
        path for path, each in checkpoints.known().items() if "a" in each.index.runs
    )
    (store.directory / "bad.checkpoint").write_bytes(b"x")
    count, _ = store.prune(frozenset({"b"}))
    assert count == 2
    assert [*store.directory.iterdir()] == [kept]


def test_the_size_of_a_store_is_that_of_its_files(store):
    assert store.size() == 0
    assert store.size() == 0
    path = saved(store)
    assert store.size() == path.stat().st_size > len(CONTENT)


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
