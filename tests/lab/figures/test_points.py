"""Points: every seed one of its own, in the row and panel of its arm."""

from dataclasses import replace

import pandas as pd
import pytest

from study.lab.errors import StudyError
from study.lab.figures import Points
from study.lab.figures.shown import Shown

ERROR = Points("test_error", rows="depth")
PANELS = Points(
    "deviation", rows="method", panels="place", title="Shares", where={"on": 1}
)


def points(figure, marker):
    lines = figure.axes[0].lines
    return [
        each for each in lines if each.get_marker() == marker and len(each.get_xdata())
    ]


def test_no_seed_hides_another(one_swept):
    first, *others = points(ERROR.draw(one_swept), "o")
    assert len(set(first.get_ydata())) == 10
    assert len(others) == 2


def test_a_diverged_run_is_a_cross_at_its_chance_level(one_swept):
    table = one_swept.table.copy()
    table.loc[table.index[0], ["diverged", "test_error"]] = (7, 8.4)
    broken = replace(one_swept, table=table)
    (cross,) = points(ERROR.draw(broken), "X")
    assert list(cross.get_xdata()) == [8.4]
    assert "1 diverged" in ERROR.alt(broken)
    assert "cross" in ERROR.caption(broken)


def test_more_than_one_run_of_a_seed_is_refused(two_swept):
    with pytest.raises(StudyError, match=r"Points.*more is swept"):
        ERROR.draw(two_swept)


def test_values_far_apart_get_a_logarithmic_axis_that_says_so(one_swept):
    table = one_swept.table.copy()
    table["test_error"] *= 10 ** table["depth"]
    axes = ERROR.draw(replace(one_swept, table=table)).axes[0]
    assert axes.get_xscale() == "log"
    assert "logarithmic" in axes.get_xlabel()
    assert ERROR.draw(one_swept).axes[0].get_xscale() == "linear"


@pytest.fixture
def dotted():
    rows = [
        {"method": method, "place": place, "deviation": value + seed, "on": 1}
        for method, value in (("plain", 0.0), ("noisy", 10.0))
        for place in ("valley", "hill")
        for seed in (0.0, 1.0, 2.0)
    ]
    left_out = {"method": "plain", "place": "valley", "deviation": 99.0, "on": 0}
    return Shown(pd.DataFrame([*rows, left_out]), units={"deviation": "units"})


def test_every_seed_is_a_dot_in_its_row_and_panel(dotted):
    panels = PANELS.draw(dotted).axes
    assert [each.get_title() for each in panels] == ["valley", "hill"]
    for axes in panels:
        dots = [each for each in axes.lines if each.get_marker() == "o"]
        assert [list(each.get_xdata()) for each in dots] == [[0, 1, 2], [10, 11, 12]]
        assert [round(each.get_ydata().mean()) for each in dots] == [0, 1]
        assert len({*dots[0].get_ydata()}) == 3  # no seed hides another


def test_the_means_are_told_in_words(dotted):
    assert PANELS.alt(dotted) == (
        "Deviation: lowest with plain, valley (1 units), highest with noisy, valley "
        "(11 units): valley: plain 1, valley: noisy 11, hill: plain 1, hill: noisy 11."
    )


def test_the_same_table_gives_the_same_bytes_and_another_one_others(dotted):
    other = replace(dotted, table=dotted.table.assign(deviation=3.0))
    assert PANELS.svg(dotted) == PANELS.svg(dotted) != PANELS.svg(other)
