"""Functions: a panel each, a gap at a jump, and the ranges in words."""

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from experiments.figures.functions import Functions, broken
from study.lab.figures import style
from study.lab.figures.shown import Shown

FIGURE = Functions(
    panels="name",
    x="x",
    lines={"value": "f", "slope": "f′"},
    where={"part": "drawn"},
    title="Two functions",
    bottom=-1,
    top=1,
    xlabel="x",
    ylabel="f(x)",
    jump=0.5,
)


@pytest.fixture
def functions():
    """Return a table with a square and a step, and a row that is not drawn."""
    x = [-1.0, 0.0, 1.0]
    square = {"name": "square", "x": x, "value": [1.0, 0.0, 1.0], "slope": [-2, 0, 2]}
    jump = {"name": "step", "x": x, "value": [0.0, 1.0, 1.0], "slope": [0, 0, 0]}
    table = pd.concat(map(pd.DataFrame, (square, jump))).assign(part="drawn")
    other = pd.DataFrame([{"name": "other", "part": "not drawn"}])
    return Shown(pd.concat([table, other], ignore_index=True))


def test_each_function_has_a_panel_with_its_lines(functions):
    panels = [each for each in FIGURE.draw(functions).axes if each.get_visible()]
    assert [each.get_title() for each in panels] == ["square", "step"]
    assert [len(each.lines) for each in panels] == [2, 2]
    assert panels[1].lines[1].get_ydata().tolist() == [0, 0, 0]


def test_the_two_lines_differ_in_more_than_color(functions):
    first, second = FIGURE.draw(functions).axes[0].lines
    assert (first.get_color(), second.get_color()) == (style.BLUE, style.VERMILLION)
    assert first.get_linestyle() != second.get_linestyle()


def test_a_jump_is_not_joined():
    np.testing.assert_array_equal(
        broken(np.array([0, 0, 1, 1, 1.5]), 0.5), [0, 0, np.nan, 1, 1.5]
    )


def test_a_jump_leaves_the_data_alone():
    values = np.array([0.0, 1.0])
    broken(values, 0.5)
    assert values.tolist() == [0, 1]


def test_the_words_tell_the_range_of_every_line(functions):
    assert FIGURE.alt(functions) == (
        "Two functions: square: f from 0.00 to 1.00, f′ from −2.00 to 2.00; "
        "step: f from 0.00 to 1.00, f′ from 0.00 to 0.00."
    )


def test_the_caption_says_where_panels_are_cut_off_only_if_they_are(functions):
    assert "cut off at -1 and 1" in FIGURE.caption(functions)
    assert replace(FIGURE, bottom=-2, top=2).caption(functions) == "Two functions."


def test_a_single_line_needs_no_legend(functions):
    assert len(FIGURE.draw(functions).legends) == 1
    assert not replace(FIGURE, lines={"value": "f"}).draw(functions).legends


def test_drawing_twice_gives_the_same_well_formed_bytes(functions):
    content = FIGURE.svg(functions)
    assert content == FIGURE.svg(functions)
    assert ElementTree.fromstring(content) is not None
    assert FIGURE.name == "functions-slope-value-drawn"
