"""A damaged result is found, set aside by name, told and computed again."""

import io
import random
from pathlib import Path

import pytest
from project import make
from rich.console import Console

from study.lab import registry, runner
from study.lab.progress import Progress
from study.lab.store import Store
from study.lab.supervisor import Supervisor


@pytest.fixture
def project(tmp_path):
    folder = make(tmp_path)
    entry = registry.load(folder / "experiments" / "squares_are_exact.py")
    said = []
    store = Store(folder / "results", said.append)
    silent = Progress(Console(file=io.StringIO()))
    with Supervisor(1) as supervisor:
        work = runner.Runner(store, supervisor, silent)
        work.run([entry], "standard", folder / "pages")
        (path,) = store.directory.glob("*.result")
        yield work, entry, folder / "pages" / entry.name, path, said


def damages(count: int, whole: bytes, kind: str):
    """Give damaged versions of a file: one byte flipped somewhere, or its end cut."""
    places = random.Random(count)
    for _ in range(count):
        at = places.randrange(len(whole))
        if kind == "truncation":
            yield whole[:at]
        else:
            flipped = whole[at] ^ places.randrange(1, 256)
            yield whole[:at] + bytes([flipped]) + whole[at + 1 :]


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("flip", 30),
        ("truncation", 10),
        pytest.param("flip", 1_000, marks=pytest.mark.faults),
        pytest.param("truncation", 200, marks=pytest.mark.faults),
    ],
)
def test_every_damage_is_found_and_the_result_is_computed_again(project, kind, count):
    work, entry, page, path, said = project
    whole, table = path.read_bytes(), (page / "results.csv").read_bytes()
    for damaged in damages(count, whole, kind):
        path.write_bytes(damaged)
        (page / "results.csv").unlink()
        said.clear()
        work.run([entry], "standard", page.parent)
        assert len(said) == 1
        assert path.name in said[0]
        aside = path.with_suffix(".damaged")
        assert aside.read_bytes() == damaged
        assert path.read_bytes().partition(b"\n")[2].partition(b"\n")[2] == table
        assert (page / "results.csv").read_bytes() == table


def test_leftovers_of_a_killed_writer_are_swept_and_a_living_ones_are_not(tmp_path):
    gone = tmp_path / ".incomplete-999999999-x"
    alive = tmp_path / ".incomplete-1-x"
    for each in (gone, alive):
        each.write_bytes(b"part")
    Store(Path(tmp_path), print)
    assert not gone.exists()
    assert alive.exists()
