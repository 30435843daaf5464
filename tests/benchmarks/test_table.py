"""The page: numbers come from the tables, floors are judged, bytes are the same."""

import json
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import table
from benchmarks.table import Floor, Timings, _figures
from benchmarks.works import GROUPS, WORKS

COMMITTED = Path(__file__).parents[2] / "benchmarks"


def timings(**ms):
    """Make up times by round of work A: `ours_8=[1, 2]`."""
    results = [
        {
            "round": number,
            "work": "A",
            "contestant": name.rpartition("_")[0],
            "runs": int(name.rpartition("_")[2]),
            "ms": each,
            "start": 1.0,
            "memory": 100,
        }
        for name, values in ms.items()
        for number, each in enumerate(values)
    ]
    peak = [
        {"round": 0, "threads": 1, "gflops": 100.0},
        {"round": 0, "threads": 2, "gflops": 200.0},
    ]
    return Timings(pd.DataFrame(results), pd.DataFrame(peak))


def test_a_floor_is_judged_by_the_median_of_ratios_within_rounds():
    # Ratios 4, 5 and 2: the rounds differ threefold, the median round meets 4.
    timed = timings(ours_8=[1.0, 2.0, 3.0], fit_1=[4.0, 10.0, 6.0])
    row = timed.floor(Floor("A", "fit", 4))
    assert row["found"] == "4.00 (2.00 to 5.00)"
    assert row["met"] == "yes"


def test_a_missed_floor_says_so_how_close_to_the_peak_it_lies_and_why():
    flops = WORKS["A"].flops
    half = flops / 100e9 * 1_000  # 100 GFLOP/s of 200
    timed = timings(ours_8=[half], fit_1=[3 * half])
    row = timed.floor(Floor("A", "fit", 4, why="too few cores"))
    assert row["met"] == (
        "**no**: it takes 67% of the sgemm peak, ours is at 50%; too few cores"
    )


def test_a_floor_against_a_stack_takes_the_fastest_of_its_sizes():
    timed = timings(ours_8=[1.0], torch_vmap_8=[9.0], torch_vmap_32=[3.0])
    row = timed.floor(Floor("A", "torch_vmap", 2))
    assert row["found"] == "3.00"
    assert row["peer"].endswith("32 runs")


def test_the_faster_mode_of_fit_is_its_fastest_round():
    timed = timings(ours_8=[1.0, 1.0], fit_1=[9.0, 2.0], fit_jit_1=[8.0, 8.0])
    row = timed.floor(Floor("A", "fastest fit", 1))
    assert row["found"] == "2.00 (2.00 to 2.00)"


def test_the_share_of_peak_counts_products_against_all_threads():
    flops = WORKS["A"].flops
    timed = timings(ours_8=[flops / 100e9 * 1_000])  # 100 GFLOP/s of 200
    assert timed.floor(Floor("A", "peak", 0.4))["found"] == "50%"


def test_what_was_not_measured_is_said():
    row = timings(ours_8=[1.0]).floor(Floor("A", "torch_vmap", 1))
    assert (row["found"], row["met"]) == ("not measured", "not measured")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234.5, "1,230"),
        (56.74, "56.7"),
        (0.0008912, "0.000891"),
        (9.999, "10.0"),
        (0, "0"),
    ],
)
def test_numbers_have_three_figures(value, text):
    assert _figures(value) == text


def made_up(folder):
    """Write tables in which every contestant was timed twice."""
    rows = [
        {
            "round": number,
            "work": work.name,
            "contestant": name,
            "runs": runs,
            "ms": 1.0 + number,
            "start": 0.5,
            "memory": 1_000,
        }
        for number in range(2)
        for group in GROUPS.values()
        for work in group
        for name, steps in work.steps.items()
        for runs in steps
    ]
    peaks = [{"round": 0, "threads": each, "gflops": 90.0} for each in (1, 2)]
    machine = {
        "cores": 2,
        "processor": "a processor",
        "python": "3.11",
        "keras": "3.15",
        "tensorflow": "2.21",
        "numpy": "2.4",
    }
    (folder / "results.csv").write_bytes(table.to_csv(rows))
    (folder / "peak.csv").write_bytes(table.to_csv(peaks))
    (folder / "machine.json").write_text(json.dumps(machine))


def test_the_page_has_every_work_floor_and_axis(tmp_path):
    made_up(tmp_path)
    page = table.render(tmp_path)
    for work in WORKS.values():
        assert f"## {work.name}: {work.title}" in page
        assert table.BOUNDS[work.name] in page
    for title in table.TITLES.values():
        assert page.count(f"| {title} | 1 |") + page.count(f"| {title} | 8 |") >= 4
    for axis, least, greatest in (("width", 25, 400), ("depth", 1, 16)):
        assert f"| {axis} |" in page
        assert f"\n| {least} | 1.50 (1.00 to 2.00) |" in page
        assert f"\n| {greatest} | 1.50 (1.00 to 2.00) |" in page
    assert "PyTorch was not at hand" in page
    assert "2 alternated rounds" in page
    assert page == table.render(tmp_path)


@pytest.mark.skipif(
    not (COMMITTED / "results.csv").exists(), reason="no benchmark is committed yet"
)
def test_the_committed_page_is_what_its_tables_say():
    page = (COMMITTED / "README.md").read_text(encoding="utf-8")
    assert page == table.render(COMMITTED)
