"""Curves: every seed, their mean, and where they diverged."""

from dataclasses import replace

import numpy as np

from study.lab.figures import Curves

DEPTH = Curves(hue="depth")


def lines(figure, width):
    return [each for each in figure.axes[0].lines if each.get_linewidth() == width]


def test_every_seed_is_a_thin_line_and_their_mean_a_thick_one(strip):
    figure = DEPTH.draw(strip)
    assert len(lines(figure, 0.6)) == 3 * 10
    assert len(lines(figure, 2.2)) == 3


def lost(page, curves, rows):
    """Return the page with other curves, and with its runs of some rows diverged."""
    table = page.table.copy()
    table.loc[rows, "diverged"] = 300
    return replace(page, curves=curves, table=table)


def test_the_mean_is_that_of_the_seeds(strip):
    figure = DEPTH.draw(strip)
    expected = strip.curves[strip.curves["depth"] == 3][400].mean()
    assert np.isclose(lines(figure, 2.2)[2].get_ydata()[-1], expected)


def test_a_diverged_seed_ends_in_a_cross_and_leaves_the_mean_to_the_others(strip):
    curves = strip.curves.copy()
    last = curves.index[-1]
    curves.loc[last, [100, 200, 300, 400]] = [0.7, 1e9, np.inf, np.nan]
    broken = lost(strip, curves, strip.table.index[-1:])
    figure = DEPTH.draw(broken)
    crosses = [each for each in figure.axes[0].lines if each.get_marker() == "x"]
    assert len(crosses) == 1
    assert max(lines(figure, 2.2)[2].get_ydata()) < 1
    assert figure.axes[0].get_ylim()[1] < 1
    assert "1 diverged" in DEPTH.alt(broken)
    assert "cross" in DEPTH.caption(broken)
    assert "cross" not in DEPTH.caption(strip)


def test_a_cell_that_diverged_at_once_is_drawn_all_the_same(strip):
    curves = strip.curves.copy()
    curves.loc[curves["depth"] == 3, [100, 200, 300, 400]] = np.nan
    broken = lost(strip, curves, strip.table["depth"] == 3)
    assert "10 diverged" in DEPTH.alt(broken)
    assert DEPTH.svg(broken)


def test_a_seed_that_ended_is_no_diverged_one_and_counts_while_it_trained(strip):
    curves = strip.curves.copy()
    deepest = curves["depth"] == 3
    curves.loc[deepest, [300, 400]] = np.nan
    curves.loc[deepest[deepest].index[0], 300] = 0.25
    ended = replace(strip, curves=curves)
    figure = DEPTH.draw(ended)
    assert not [each for each in figure.axes[0].lines if each.get_marker() == "x"]
    assert lines(figure, 2.2)[2].get_ydata()[-1] == 0.25
    assert "depth 3: mean of 10 runs from" in DEPTH.alt(ended)
    assert "to 0.25" in DEPTH.alt(ended)
    assert "diverged" not in DEPTH.alt(ended)


def test_runs_split_by_a_measure_are_counted_over_their_panel(page):
    (figure,) = (each for each in page.definition.figures if isinstance(each, Curves))
    drawn = figure.draw(page)
    texts = [[text.get_text() for text in axes.texts] for axes in drawn.axes]
    assert texts == [["10 not solved"], ["5 solved", "5 not solved"], ["10 solved"]]


def test_panels_with_a_hue_have_one_legend(page):
    figure = Curves(panels="depth", hue="start").draw(page)
    (legend,) = figure.legends
    assert [each.get_text() for each in legend.get_texts()] == ["a|b", "big"]
