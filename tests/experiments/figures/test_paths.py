"""Paths: a panel a method, or a panel a moment, over the contours of the height."""

from dataclasses import replace

import pandas as pd
import pytest
from bowl import PATHS as FIGURE

from study.lab.figures.shown import Shown

FRAMES = replace(FIGURE, frames=(1, 2))


@pytest.fixture
def walked():
    rows = [
        {"method": method, "step": step, "x": x / (step + 1), "y": 0.5}
        for method, x in (("slow", 0.8), ("far", 80.0))
        for step in (0, 1, 2)
    ]
    return Shown(pd.DataFrame(rows))


def test_each_method_has_a_panel_with_a_dot_a_step(walked):
    panels = FIGURE.draw(walked).axes
    assert [each.get_title() for each in panels] == ["slow", "far"]
    way = max(panels[0].lines, key=lambda line: len(line.get_xdata()))
    assert list(way.get_xdata()) == [0.8, 0.4, pytest.approx(0.8 / 3)]


def test_what_runs_far_out_of_sight_is_held_just_outside_of_it(walked):
    _, far = FIGURE.draw(walked).axes
    assert max(max(line.get_xdata()) for line in far.lines) == 3


def test_a_frame_shows_all_methods_up_to_its_step(walked):
    panels = FRAMES.draw(walked).axes
    assert [each.get_title() for each in panels] == ["step 1", "step 2"]
    for axes, points in zip(panels, (2, 3), strict=True):
        longest = sorted(len(line.get_xdata()) for line in axes.lines)[-2:]
        assert longest == [points, points]


def test_the_ends_are_told_in_words(walked):
    assert "slow (0.267, 0.5)" in FIGURE.alt(walked)
    assert FIGURE.headline(walked) == (
        "Distance from the goal at the end: lowest with slow (0.567), highest with far "
        "(26.7)"
    )


def test_the_same_table_gives_the_same_bytes_and_another_one_others(walked):
    other = replace(walked, table=walked.table.assign(y=0.1))
    assert FIGURE.svg(walked) == FIGURE.svg(walked) != FIGURE.svg(other)
