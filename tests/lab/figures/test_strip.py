"""Strip: every seed a point of its own, diverged ones crossed."""

from dataclasses import replace

import pytest

from study.lab.errors import StudyError
from study.lab.figures import Strip

ERROR = Strip("test_error", by="depth")


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
    with pytest.raises(StudyError, match=r"Strip.*more is swept"):
        ERROR.draw(two_swept)


def test_values_far_apart_get_a_logarithmic_axis_that_says_so(one_swept):
    table = one_swept.table.copy()
    table["test_error"] *= 10 ** table["depth"]
    axes = ERROR.draw(replace(one_swept, table=table)).axes[0]
    assert axes.get_xscale() == "log"
    assert "logarithmic" in axes.get_xlabel()
    assert ERROR.draw(one_swept).axes[0].get_xscale() == "linear"
