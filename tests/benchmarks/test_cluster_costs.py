"""What the page says of a cluster is read off what was measured."""

import json
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import cluster
from study.lab.declare import registry
from study.lab.errors import StudyError


def test_the_efficiency_is_the_median_of_the_ratios_of_the_turns(tmp_path):
    path = tmp_path / "race.csv"
    path.write_text(
        "work,slots,turn,ray,runs,workers,load\n"
        "xor,2,0,10.0,4000,9.0,1\n"
        "xor,2,1,20.0,4000,20.0,1\n"
        "xor,2,2,10.0,4000,9.4,3\n"
    )
    (row,) = cluster.raced(path)
    assert row["ratio"] == "0.94 (0.90 to 1.00)"
    assert (row["ray"], row["workers"], row["turns"]) == ("40", "38", 3)
    assert (row["runs"], row["load"]) == ("12,000", "1.0")
    assert row["met"] == "**no**"
    path.write_text(path.read_text().replace("9.4", "9.5"))
    assert cluster.raced(path)[0]["met"] == "yes"


@pytest.mark.parametrize(("work", "runs"), [("xor", 20_000), ("mnist", 1_000)])
def test_a_draft_of_what_is_raced_is_as_long_as_it_says(work, runs, tmp_path):
    finding = registry.load(cluster.written(work, tmp_path))
    raced = finding.definition.at("smoke")
    turn = raced.replicates * len(raced.vary["units"])
    assert turn * cluster.TURNS[work] == runs
    assert raced.steps == finding.definition.steps
    few = cluster.fewer(finding, cluster.BLOCKS[work]).definition.at("smoke")
    assert few.replicates == cluster.BLOCKS[work] < raced.replicates
    assert few.steps == raced.steps


def test_nothing_measured_is_no_part_of_the_page(tmp_path):
    assert cluster.waited(tmp_path / "none.csv") == []
    assert cluster.raced(tmp_path / "none.csv") == []


def test_what_was_interrupted_goes_on_and_what_is_whole_is_measured_anew(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    asked, most = [], [3]

    def ran(words, **_):
        asked.append(json.loads(words[-1]))
        done = len(asked) <= most[0]
        row = json.dumps([{"slots": asked[-1][1], "tasks": asked[-1][2]}])
        return subprocess.CompletedProcess(words, 1 - done, row, "cut")

    monkeypatch.setattr(subprocess, "run", ran)
    with pytest.raises(StudyError, match="cut"):
        cluster.measure("waiting")
    every = [["wait", *each] for each in cluster.WAITING]
    assert asked == every[:4]
    asked.clear()
    most[0] = 99
    cluster.measure("waiting")
    assert asked == every[3:]
    assert [each["slots"] for each in cluster.waited(cluster.FILE)] == [
        each for each, _ in cluster.WAITING
    ]
    cluster.measure("waiting")
    assert asked == every[3:] + every


def test_the_guide_tells_of_the_driver_what_was_measured():
    guide = " ".join(Path("reports", "cluster.md").read_text().split())
    rows = pd.read_csv(cluster.FILE).set_index("slots")
    few, most = rows["cpu_ms_a_result"].drop(256), rows["cpu_ms_a_result"][256]
    told = f"{few.min():.1f} to {few.max():.1f} ms of its processor with up to 64 slots"
    assert told in guide
    assert f"and {most:.1f} ms with 256" in guide
    memory = rows.filter(like="driver_mb")
    assert f"{memory.to_numpy().max()} MB at most" in guide
    long = memory[rows["tasks"] == 100_000]
    assert (long["driver_mb"] <= 1.02 * long["driver_mb_half"]).all()
