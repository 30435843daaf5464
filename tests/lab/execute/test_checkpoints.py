"""Checkpoints: whole or not at all, found by what they are of; damage is noticed."""

import dataclasses
import os

import pytest

from study.lab.execute import checkpoints
from study.lab.execute.checkpoints import Checkpoints, Underway
from study.lab.files.store import Index

INDEX = Index(("a", "b"), "here", {"end test": "end test"})
MINE = Underway(INDEX, "engine", "page", "smoke", '{"stage": "draft"}')
CONTENT = b'{"step": 3}\nno text: \x00\xff\n'


@pytest.fixture
def told():
    return []


@pytest.fixture
def kept(tmp_path, told):
    return Checkpoints(tmp_path / "results", told.append)


def path_of(kept):
    (path,) = kept.directory.iterdir()
    return path


def test_what_is_kept_is_loaded_to_the_byte_and_the_last_counts(kept, told):
    assert kept.load(MINE) == b""
    kept.save(MINE, b"first")
    kept.save(MINE, CONTENT)
    assert kept.load(MINE) == CONTENT
    assert kept.known() == {path_of(kept): MINE}
    kept.remove(MINE)
    assert kept.known() == {}
    assert (kept.load(MINE), told) == (b"", [])


@pytest.mark.parametrize(
    "change",
    [
        {"index": dataclasses.replace(INDEX, runs=("a", "c"))},
        {"index": dataclasses.replace(INDEX, where="elsewhere")},
        {"index": dataclasses.replace(INDEX, reads={"end test": "another"})},
        {"engine": "another"},
    ],
    ids=["run", "place", "reading", "engine"],
)
def test_one_of_something_else_is_not_handed_out(kept, told, change):
    kept.save(MINE, CONTENT)
    assert kept.load(dataclasses.replace(MINE, **change)) == b""
    assert kept.load(MINE) == CONTENT
    assert told == []


def test_by_which_name_it_is_known_changes_nothing(kept):
    kept.save(MINE, CONTENT)
    named = dataclasses.replace(MINE, finding="other", profile="paper", program="{}")
    assert kept.load(named) == CONTENT
    ((_, found),) = kept.known().items()
    assert (found.finding, found.profile) == (MINE.finding, MINE.profile)
    assert found.program == MINE.program


def flipped(whole, at):
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


@pytest.mark.parametrize("listed", [False, True], ids=["loaded", "listed first"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-1],
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:40],
        lambda whole: b"",
        lambda whole: whole + b"x",
        lambda whole: flipped(whole, len(whole) - 2),
        lambda whole: flipped(whole, whole.index(b"\n") + 5),
        lambda whole: flipped(whole, 0),
        lambda whole: flipped(whole, 25),
    ],
    ids=["cut", "half", "head", "empty", "longer", "one bit", "index", "first", "hash"],
)
def test_a_damaged_one_is_told_set_aside_by_name_and_counts_as_none(
    kept, told, damage, listed
):
    kept.save(MINE, CONTENT)
    path = path_of(kept)
    broken = damage(path.read_bytes())
    path.write_bytes(broken)
    if listed:
        kept.known()
    assert kept.load(MINE) == b""
    (line,) = told
    assert line.startswith(f"damaged: {path} is not what was written; it is now ")
    assert path.with_suffix(".damaged").read_bytes() == broken
    kept.save(MINE, CONTENT)
    assert kept.load(MINE) == CONTENT


def test_one_set_aside_is_told_once_and_found_where_its_run_comes_back(kept, told):
    kept.save(MINE, CONTENT)
    path = path_of(kept)
    kept.set_aside(path, "it is of another engine")
    (aside,) = kept.known()
    kept.set_aside(aside, "it is of another engine")
    (line,) = told
    assert line == (
        f"{path}: it is of another engine; it is now {path.stem}.aside, and its runs "
        "begin anew"
    )
    assert kept.load(MINE) == CONTENT
    kept.save(MINE, b"later")
    assert [*kept.known()] == [path]
    assert kept.load(MINE) == b"later"
    kept.set_aside(path, "again")
    kept.remove(MINE)
    assert kept.known() == {}


def test_one_that_cannot_be_written_is_told_and_the_one_before_stays(
    kept, told, monkeypatch
):
    kept.save(MINE, CONTENT)

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    kept.save(MINE, b"later")
    (line,) = told
    why = "this checkpoint is not kept: No space left on device"
    assert line == f"{path_of(kept)}: {why}"
    assert kept.load(MINE) == CONTENT


def test_the_engine_is_its_code_and_its_table_and_no_comment(tmp_path, monkeypatch):
    for name, text in (("version.py", "N = 1\n"), ("a.py", ""), ("t.csv", "x\n")):
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(checkpoints.train, "__file__", str(tmp_path / "__init__.py"))

    def digest():
        checkpoints.engine.cache_clear()
        return checkpoints.engine()

    try:
        before = digest()
        (tmp_path / "version.py").write_text('"""Say."""\n\nN = 1  # one\n')
        (tmp_path / "notes.txt").write_text("of no meaning")
        assert digest() == before
        (tmp_path / "t.csv").write_text("y\n")
        table = digest()
        (tmp_path / "a.py").write_text("N = 2\n")
        assert len({before, table, digest()}) == 3
    finally:
        checkpoints.engine.cache_clear()
