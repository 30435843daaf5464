"""A damaged result is found, set aside by name, told and computed again."""

import io
import random
import re
from pathlib import Path

import pytest
from project import make, share
from rich.console import Console

from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.execute import runner
from study.lab.execute.executors import InProcess
from study.lab.execute.progress import Progress
from study.lab.files.store import Store


@pytest.fixture
def project(tmp_path):
    folder = make(tmp_path)
    finding = registry.load(folder / "experiments" / "squares_are_exact.py")
    silent = Progress(Console(file=io.StringIO()))

    def run():
        """Run the finding as a command does, and return what the store says."""
        said = []
        store = Store(folder / "results", said.append)
        work = runner.Runner(store, InProcess(), silent)
        work.run([finding], PROFILES["standard"], folder / "pages")
        return said

    assert run() == []
    (path,) = (folder / "results").glob("*.result")
    return run, folder / "pages" / finding.name, path


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
        pytest.param("flip", share(1_000), marks=pytest.mark.faults),
        pytest.param("truncation", share(200), marks=pytest.mark.faults),
    ],
)
def test_every_damage_is_found_and_the_result_is_computed_again(project, kind, count):
    run, page, path = project
    whole, table = path.read_bytes(), (page / "results.csv").read_bytes()
    for damaged in damages(count, whole, kind):
        path.write_bytes(damaged)
        (page / "results.csv").unlink()
        (said,) = run()
        if re.match(rb"study [0-24-9] ", damaged):
            assert "another version" in said
        else:
            assert path.name in said
            assert path.with_suffix(".damaged").read_bytes() == damaged
        # After the head, the index and the seconds.
        assert path.read_bytes().split(b"\n", 3)[3] == table
        assert (page / "results.csv").read_bytes() == table


def test_leftovers_of_a_killed_writer_are_swept_and_a_living_ones_are_not(tmp_path):
    gone = tmp_path / ".incomplete-999999999-x"
    alive = tmp_path / ".incomplete-1-x"
    for each in (gone, alive):
        each.write_bytes(b"part")
    Store(Path(tmp_path), print)
    assert not gone.exists()
    assert alive.exists()
