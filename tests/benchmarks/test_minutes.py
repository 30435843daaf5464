"""What people wait for: ratios are those of each round, and memory is all workers'."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import minutes, workers_memory
from study.lab.errors import StudyError


def kept(tmp_path, monkeypatch, *rows):
    monkeypatch.setattr(minutes, "FILE", tmp_path / "minutes.csv")
    minutes._keep([*rows])
    return minutes.FILE


ROUNDS = [
    ["list", 0, "before", 10.0, 0.1],
    ["list", 0, "now", 1.0, 0.2],
    ["list", 1, "now", 8.0, 0.9],
    ["list", 1, "before", 20.0, 0.3],
    ["list", 2, "before", 10.0, 0.1],
    ["list", 2, "now", 2.0, 0.1],
]


def test_a_ratio_is_the_median_of_those_of_the_rounds(tmp_path, monkeypatch):
    (row,) = minutes.rows(kept(tmp_path, monkeypatch, *ROUNDS))
    assert row["ratio"] == "0.2 (0.1 to 0.4)"
    assert (row["before"], row["now"], row["rounds"]) == ("10", "2", 3)
    assert (row["met"], row["load"]) == ("yes", "0.9")


def test_what_is_above_its_target_is_told(tmp_path, monkeypatch):
    slow = [[*each[:3], 4 * each[3] ** (each[2] == "now"), 0] for each in ROUNDS]
    slow = [["help", *each[1:]] for each in slow]
    (row,) = minutes.rows(kept(tmp_path, monkeypatch, *slow))
    assert row["met"] == "**no**"


def test_a_measure_taken_again_takes_the_place_of_the_earlier_one(
    tmp_path, monkeypatch
):
    kept(tmp_path, monkeypatch, *ROUNDS, ["page", 0, "now", 5.0, 0])
    minutes._keep([["list", 0, "before", 3.0, 0], ["list", 0, "now", 3.0, 0]])
    lines = minutes.FILE.read_text().splitlines()
    assert [line for line in lines if line.startswith("list")] == [
        "list,0,before,3.0,0.0",
        "list,0,now,3.0,0.0",
    ]
    assert any(line.startswith("page") for line in lines)


def test_what_is_not_measured_is_refused_before_anything_starts():
    with pytest.raises(StudyError, match="Received: 'pages'; did you mean 'page'"):
        minutes.measure(["pages"], 1)


def test_nothing_measured_is_no_part_of_the_page(tmp_path):
    assert minutes.rows(tmp_path / "none.csv") == []


def test_workers_are_the_processes_that_a_command_started():
    code = "import sys; x = bytearray(30_000_000); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        child.stdout.readline()
        there = Path("/proc", str(child.pid))
        assert there in workers_memory.workers(os.getpid())
        assert workers_memory.proportional(there) > 30_000_000
        child.stdin.close()
    assert workers_memory.proportional(there) == 0
