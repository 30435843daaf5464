"""Deviations: what is beyond the limit stands out."""

import itertools

import pandas as pd

from study.lab.figures import Deviations, style
from study.lab.figures.shown import Shown

FIGURE = Deviations("deviation", by="quantity", where={}, limit=0.5, title="Errors")


def shown(*deviations):
    return Shown(pd.DataFrame({"quantity": ["sum", "half"], "deviation": deviations}))


def dots(axes):
    return [each for each in axes.lines if each.get_marker() in ("o", "D")]


def test_what_is_beyond_the_limit_has_the_warning_color():
    (axes,) = FIGURE.draw(shown(1.0, 0.1)).axes
    colors = [each.get_color() for each in dots(axes)]
    assert colors == [style.VERMILLION, style.BLUE]


def test_the_deviations_of_statements_need_no_names():
    figure = Deviations(limit=0.5, title="Errors")
    assert figure.measures() == {"deviation"}
    assert figure.needs() == (("table", "deviation"), ("table", "statement"))


def test_what_is_at_the_limit_is_right():
    assert "All 2 deviations are at most 0.5" in FIGURE.alt(shown(0.5, 0.1))


def test_a_deviation_that_is_no_number_is_wrong():
    assert "1 of 2" in FIGURE.alt(shown(float("nan"), 0.1))


def test_no_deviation_is_a_hollow_dot_at_the_edge():
    (axes,) = FIGURE.draw(shown(0.0, 0.1)).axes
    first, _ = dots(axes)
    assert first.get_markerfacecolor() == style.PAPER
    assert first.get_xdata()[0] == axes.get_xlim()[0]


def test_names_of_several_lines_do_not_overlap():
    folded = "the deviation that is the largest of all that were ever seen here"
    names = [*["short"] * 8, folded, folded]
    table = pd.DataFrame({"quantity": names, "deviation": 0.1})
    figure = FIGURE.draw(Shown(table))
    figure.draw_without_rendering()
    labels = figure.axes[0].get_yticklabels()
    assert max(each.get_text().count("\n") for each in labels) > 0
    boxes = [each.get_window_extent() for each in labels]
    for above, below in itertools.pairwise(boxes):
        assert above.y0 >= below.y1
