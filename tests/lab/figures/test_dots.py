"""Dots: every seed is seen, in the row and panel of its arm, beside the mean."""

from dataclasses import replace

import pandas as pd
import pytest

from study.lab.figures import Dots
from study.lab.figures.shown import Shown

FIGURE = Dots(
    "deviation", rows="method", panels="place", title="Shares", where={"on": 1}
)


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
    panels = FIGURE.draw(dotted).axes
    assert [each.get_title() for each in panels] == ["valley", "hill"]
    for axes in panels:
        dots = [each for each in axes.lines if each.get_marker() == "o"]
        assert [list(each.get_xdata()) for each in dots] == [[0, 1, 2], [10, 11, 12]]
        assert [round(each.get_ydata().mean()) for each in dots] == [0, 1]
        assert len({*dots[0].get_ydata()}) == 3  # no seed hides another


def test_the_means_are_told_in_words(dotted):
    assert FIGURE.alt(dotted) == (
        "Deviation: lowest with plain, valley (1 units), highest with noisy, valley "
        "(11 units): valley: plain 1, valley: noisy 11, hill: plain 1, hill: noisy 11."
    )


def test_the_same_table_gives_the_same_bytes_and_another_one_others(dotted):
    other = replace(dotted, table=dotted.table.assign(deviation=3.0))
    assert FIGURE.svg(dotted) == FIGURE.svg(dotted) != FIGURE.svg(other)
