"""What a person sees of a training: names give way, times and counts do not."""

import io
import re

import pytest
from rich.console import Console

from study.lab.execute.progress import Progress

NAME = "2-[5]x9-1 ReLU, N(0, 1) and 3 more, replicates 50 to 99 (200 runs)"


@pytest.fixture
def screen(monkeypatch):
    """Return what shows a terminal of some columns, a line a bar, 30 s later."""

    def screen(progress, columns=80):
        now = progress._bars.get_time() + 30
        monkeypatch.setattr(progress._bars, "get_time", lambda: now)
        for task in progress._bars.tasks:
            monkeypatch.setattr(task, "_get_time", lambda: now)
        shown = Console(file=io.StringIO(), width=columns, color_system=None)
        shown.print(progress._bars.get_renderable())
        return shown.file.getvalue().splitlines()

    return screen


@pytest.fixture
def progress():
    terminal = Console(
        file=io.StringIO(), force_terminal=True, width=80, color_system=None
    )
    with Progress(terminal) as progress:
        progress.begin("xor_depth_against_width", 2, 16)
        yield progress


def test_a_program_is_compiling_until_it_tells_of_its_steps(progress, screen):
    progress.started("task", "xor_depth_against_width", NAME, 10_001)
    assert "compiling" in screen(progress)[1]
    progress.progressed("task", 100, 0.6931)
    row = screen(progress)[1]
    assert "compiling" not in row
    assert "100/10001" in row
    assert "loss 0.6931" in row


def test_a_program_that_goes_on_counts_what_was_done_before(progress, screen):
    progress.started("task", "xor_depth_against_width", NAME, 10_001, 5_000.0)
    assert "5000/10001" in screen(progress)[1]
    progress.progressed("task", 5_100, 0.6931)
    progress.paused("task", 5_100.0)
    assert len(screen(progress)) == 1
    told = re.sub(r"\s+", " ", progress.console.file.getvalue())
    assert f"{NAME}: goes on after step 5,000 of 10,001" in told
    assert f"{NAME}: stopped after step 5,100, which is kept" in told


def test_a_simulation_is_not_compiled(progress, screen):
    progress.started("task", "xor_depth_against_width", "formulas", None)
    assert "running" in screen(progress)[1]


@pytest.mark.parametrize("columns", [80, 120])
def test_times_are_read_whole_and_every_bar_is_one_line(progress, screen, columns):
    progress.started("task", "xor_depth_against_width", NAME, 10_001)
    for step in (1_000, 2_000):
        progress.progressed("task", step, 0.6931)
    lines = screen(progress, columns)
    assert len(lines) == 2
    for line in lines:
        assert len(line) <= columns
        assert re.search(r" \d:\d\d:\d\d +(\d|-):(\d\d|--):(\d\d|--)$", line)
    assert re.search(r"2000/10001 +loss 0\.6931 ", lines[1])
    assert "14/16" in lines[0]


def test_what_is_finished_leaves_and_is_told_with_its_time(progress, screen):
    progress.started("task", "xor_depth_against_width", NAME, 10_001)
    progress.finished("task")
    (line,) = screen(progress)
    assert "15/16" in line
    told = progress.console.file.getvalue()
    assert f"{NAME}: done in " in re.sub(r"\s+", " ", told)
