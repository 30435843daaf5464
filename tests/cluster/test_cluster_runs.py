"""Findings on a cluster of this machine: the same to the bit, and nothing left."""

import os
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec

import pytest
from project import finish, make, pages, results
from ray_nodes import ROOT, Told, left, processes

from study.lab.execute.supervisor import Workers
from study.lab.execute.tasks import Task
from study.lab.train.plan import Program
from study.lab.train.result import Result

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_spec("ray") is None,
        reason="the extra `cluster` is not installed: run `make test-cluster`",
    ),
]


def test_arrays_are_those_of_workers_to_the_bit(nodes, tmp_path):
    from study.lab.execute.cluster import Cluster

    path = make(tmp_path) / "experiments" / "width_on_digits.py"
    cells = [{"width": width, "learning_rate": 0.1} for width in (50, 60)]
    tasks = [
        Task(path, "standard", program.to_json(), threads, structure=str(cell))
        for cell in cells
        for first, threads in ((0, "one"), (2, "one"), (4, "all"))
        for program in [Program("judge", (cell,), (first, first + 1))]
    ]
    there = [nodes.add(), nodes.add()]
    made = []
    for executor in (Cluster(nodes.address, 1, print), Workers(2)):
        told = Told()
        with executor:
            executor.run([iter([(tasks, told)])])
        assert told.of("failed") == told.of("retried") == []
        made.append(dict(told.of("finished")))
    cluster, workers = made
    assert cluster.keys() == workers.keys() == {each.program for each in tasks}
    for name, content in cluster.items():
        here, far = Result.from_bytes(content), Result.from_bytes(workers[name])
        assert here.loss.tobytes() == far.loss.tobytes()
        assert here.reads.keys() == far.reads.keys()
        for read, values in here.reads.items():
            assert values.tobytes() == far.reads[read].tobytes()
    nodes.remove(there)


def start(folder, mark, *options):
    """Start `python -m study run` on a cluster of this machine, with a mark."""
    return subprocess.Popen(
        [sys.executable, "-m", "study", "run", *options],
        cwd=folder,
        env={name: v for name, v in os.environ.items() if not name.startswith("RAY_")}
        | {"PYTHONPATH": str(ROOT), "HOME": str(folder), mark.split("=")[0]: "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


LOCAL = ("--cluster", "local", "--workers", "2")


@pytest.fixture(scope="module")
def by_workers(tmp_path_factory):
    """Return the pages of a project that workers made."""
    folder = make(tmp_path_factory.mktemp("workers"))
    finish(start(folder, "STUDY_MARK_WORKERS=1"))
    return pages(folder)


def test_pages_are_those_of_workers_and_no_process_or_token_is_left(
    tmp_path, by_workers
):
    folder, mark = make(tmp_path), "STUDY_MARK_PAGES=1"
    said = finish(start(folder, mark, *LOCAL))
    assert "reports/README.md: done in" in said
    assert pages(folder) == by_workers
    assert not left(mark)
    assert not (folder / ".ray").exists(), "the token of this machine is kept nowhere"


def test_a_killed_driver_leaves_no_process_and_the_next_one_goes_on(
    tmp_path, by_workers
):
    folder, mark = make(tmp_path, steps=1_000), "STUDY_MARK_KILLED=1"
    process = start(folder, mark, *LOCAL)
    end = time.monotonic() + 120
    while not results(folder) and time.monotonic() < end:
        time.sleep(0.1)
    process.kill()
    process.communicate()
    kept = results(folder)
    assert kept
    assert not left(mark)
    finish(start(folder, mark, *LOCAL))
    assert kept.items() <= results(folder).items()
    assert pages(folder) == by_workers


@pytest.mark.skipif(shutil.which("ss") is None, reason="ss is not installed")
def test_on_one_machine_nothing_listens_beyond_the_loopback(tmp_path):
    folder, mark = make(tmp_path, steps=20_000), "STUDY_MARK_LISTENS=1"
    process = start(folder, mark, *LOCAL)
    seen = {}
    for _ in range(60):
        time.sleep(1)
        seen |= _listening({*processes(mark)})
        if any("study.lab.execute.worker" in line for line in processes(mark).values()):
            break
    process.terminate()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, "a word ends it as ever, though Ray has its own"
    assert err.splitlines() == ["study: interrupted; what is finished is kept"]
    assert len(seen) > 5, "Ray's processes were seen to listen"
    open_to = {name for name in seen if not name.startswith(("127.", "[::ffff:127."))}
    assert not open_to
    assert not [line for line in seen.values() if "dashboard" in line.split()[0]]
    assert not left(mark)


def _listening(pids):
    """Map local addresses to the lines of `ss` on processes that listen there."""
    told = subprocess.run(
        ["ss", "-H", "-l", "-n", "-p", "-t"], capture_output=True, text=True, check=True
    ).stdout
    return {
        line.split()[3]: line
        for line in told.splitlines()
        if any(f"pid={pid}," in line for pid in pids)
    }
