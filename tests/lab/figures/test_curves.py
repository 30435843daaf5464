"""Curves: every seed, their mean, and where they diverged."""

from dataclasses import replace

import numpy as np

from study.lab.figures import Curves

DEPTH = Curves(hue="depth")


def lines(figure, width):
    return [each for each in figure.axes[0].lines if each.get_linewidth() == width]


def test_every_seed_is_a_thin_line_and_their_mean_a_thick_one(one_swept):
    figure = DEPTH.draw(one_swept)
    assert len(lines(figure, 0.6)) == 3 * 10
    assert len(lines(figure, 2.2)) == 3


def lost(shown, curves, rows):
    """Return what is shown with other curves and the runs of some rows diverged."""
    table = shown.table.copy()
    table.loc[rows, "diverged"] = 300
    return replace(shown, curves=curves, table=table)


def test_the_mean_is_that_of_the_seeds(one_swept):
    figure = DEPTH.draw(one_swept)
    expected = one_swept.curves[one_swept.curves["depth"] == 3][400].mean()
    assert np.isclose(lines(figure, 2.2)[2].get_ydata()[-1], expected)


def test_a_diverged_seed_ends_in_a_cross_and_leaves_the_mean_to_the_others(one_swept):
    curves = one_swept.curves.copy()
    last = curves.index[-1]
    curves.loc[last, [100, 200, 300, 400]] = [0.7, 1e9, np.inf, np.nan]
    broken = lost(one_swept, curves, one_swept.table.index[-1:])
    figure = DEPTH.draw(broken)
    crosses = [each for each in figure.axes[0].lines if each.get_marker() == "x"]
    assert len(crosses) == 1
    assert max(lines(figure, 2.2)[2].get_ydata()) < 1
    assert figure.axes[0].get_ylim()[1] < 1
    assert "1 diverged" in DEPTH.alt(broken)
    assert "cross" in DEPTH.caption(broken)
    assert "cross" not in DEPTH.caption(one_swept)


def test_a_cell_that_diverged_at_once_is_drawn_all_the_same(one_swept):
    curves = one_swept.curves.copy()
    curves.loc[curves["depth"] == 3, [100, 200, 300, 400]] = np.nan
    broken = lost(one_swept, curves, one_swept.table["depth"] == 3)
    assert "10 diverged" in DEPTH.alt(broken)
    assert DEPTH.svg(broken)


def test_a_seed_that_ended_is_no_diverged_one_and_counts_while_it_trained(one_swept):
    curves = one_swept.curves.copy()
    deepest = curves["depth"] == 3
    curves.loc[deepest, [300, 400]] = np.nan
    curves.loc[deepest[deepest].index[0], 300] = 0.25
    ended = replace(one_swept, curves=curves)
    figure = DEPTH.draw(ended)
    assert not [each for each in figure.axes[0].lines if each.get_marker() == "x"]
    assert np.isclose(lines(figure, 2.2)[2].get_ydata()[-1], 0.25)
    assert "depth 3 10 runs from" in DEPTH.alt(ended)
    assert "to 0.25" in DEPTH.alt(ended)
    assert "diverged" not in DEPTH.alt(ended)


def test_runs_split_by_a_measure_are_counted_over_their_panel(two_swept):
    figure = Curves(panels="depth", split="solved", where={"start": "big"})
    drawn = figure.draw(two_swept)
    texts = [[text.get_text() for text in axes.texts] for axes in drawn.axes]
    assert texts == [["10 not solved"], ["5 solved", "5 not solved"], ["10 solved"]]


def test_lines_of_few_panels_are_named_where_they_end(two_swept):
    figure = Curves(panels="depth", hue="start").draw(two_swept)
    assert not figure.legends
    names = [[each.get_text() for each in axes.texts] for axes in figure.axes]
    assert names == [["a|b", "big"]] * 3


def test_losses_of_many_sizes_have_a_logarithmic_axis_that_says_so(one_swept):
    curves = one_swept.curves.copy()
    curves[400] /= 1_000
    figure = DEPTH.draw(replace(one_swept, curves=curves))
    assert figure.axes[0].get_yscale() == "log"
    assert "logarithmic" in figure.get_supylabel()
