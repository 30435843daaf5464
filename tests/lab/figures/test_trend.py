"""Trend: every seed, their mean, and a legend that tells them apart."""

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from study.lab.errors import StudyError
from study.lab.figures import Trend

ERROR = Trend("test_error", x="depth", hue="start")


def lines(axes, width):
    return [each for each in axes.lines if each.get_linewidth() == width]


def test_every_seed_is_a_thin_line_and_their_mean_a_thick_one(two_swept):
    (axes,) = ERROR.draw(two_swept).axes
    assert len(lines(axes, 0.6)) == 2 * 10
    assert len(lines(axes, 2.2)) == 2
    big = two_swept.table[two_swept.table["start"] == "big"]
    expected = big.groupby("depth")["test_error"].mean()
    np.testing.assert_allclose(lines(axes, 2.2)[1].get_ydata(), expected)


def test_each_panel_has_its_own_rows_and_is_named_by_its_title(two_swept):
    figure = replace(ERROR, panels="start").draw(two_swept)
    assert [axes.get_title() for axes in figure.axes] == ["a|b", "big"]
    assert [len(lines(axes, 2.2)) for axes in figure.axes] == [1, 1]
    assert not figure.legends
    assert not [each for axes in figure.axes for each in axes.texts]
    (axes,) = ERROR.draw(two_swept).axes
    assert [each.get_text() for each in axes.texts] == ["a|b", "big"]


def test_limits_cut_the_axis_and_the_caption_says_so(two_swept):
    cut = replace(ERROR, limits=(5, 7))
    assert cut.draw(two_swept).axes[0].get_ylim() == (5, 7)
    assert "beyond the axis" in cut.caption(two_swept)
    assert "beyond" not in ERROR.caption(two_swept)


def test_a_logarithmic_axis_says_so(two_swept):
    figure = replace(ERROR, log=True).draw(two_swept)
    assert figure.axes[0].get_xscale() == "log"
    assert "logarithmic" in figure.get_supxlabel()


def test_more_than_one_run_of_a_seed_is_refused(two_swept):
    with pytest.raises(StudyError, match=r"Trend.*`where`"):
        Trend("test_error", x="depth", hue="solved").draw(two_swept)


def test_the_words_tell_the_means_at_both_ends(two_swept):
    assert "depth 1 and 3: a|b 8.0" in ERROR.alt(two_swept)


def test_drawing_twice_gives_the_same_well_formed_bytes(two_swept):
    content = ERROR.svg(two_swept)
    assert content == ERROR.svg(two_swept)
    assert ElementTree.fromstring(content).tag.endswith("svg")
