"""Lines: every seed, their mean, names, and nothing that has no logarithm."""

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from study.lab.errors import DefinitionError, StudyError
from study.lab.figures import Lines, style
from study.lab.figures.shown import Shown

ERROR = Lines("test_error", x="depth", hue="start")
POWERS = Lines(
    "gap",
    x="k",
    hue="method",
    dashed=("bound",),
    panels="problem",
    log="xy",
    title="Gaps",
)


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
    figure = replace(ERROR, log="x").draw(two_swept)
    assert figure.axes[0].get_xscale() == "log"
    assert "logarithmic" in figure.get_supxlabel()


def test_more_than_one_run_of_a_seed_is_refused(two_swept):
    with pytest.raises(StudyError, match=r"Lines.*`where`"):
        Lines("test_error", x="depth", hue="solved").draw(two_swept)


def test_the_words_tell_the_means_at_both_ends(two_swept):
    assert "depth 1 and 3: a|b 8.0" in ERROR.alt(two_swept)


def test_the_words_tell_the_only_mean_that_a_draft_has(two_swept):
    table = two_swept.table[two_swept.table["depth"] == 1]
    alt = ERROR.alt(replace(two_swept, table=table))
    assert "depth 1: a|b 8.0" in alt


SPREAD = np.linspace(-1, 1, 10)  # of the seeds about their mean


@pytest.mark.parametrize(
    ("apart", "place"),
    [
        ({1: 0.5, 2: 9.0, 3: 4.0}, "depth 3: lowest with a|b"),
        ({1: 4.0, 2: 9.0, 3: 0.5}, "depth 2: lowest with a|b"),
        ({1: 0.5, 2: 1.5, 3: 1.0}, "depth 3: lowest with a|b"),
    ],
    ids=["apart at the end", "among each other there", "among each other everywhere"],
)
def test_the_headline_is_of_the_end_unless_seeds_lie_apart_elsewhere_alone(
    two_swept, apart, place
):
    table = two_swept.table
    above = table["depth"].map(apart).where(table["start"] == "big", 0.0)
    errors = 20 + above + SPREAD[table["replicate"]]
    shown = replace(two_swept, table=table.assign(test_error=errors))
    assert place in ERROR.headline(shown)


def test_drawing_twice_gives_the_same_well_formed_bytes(two_swept):
    content = ERROR.svg(two_swept)
    assert content == ERROR.svg(two_swept)
    assert ElementTree.fromstring(content).tag.endswith("svg")


def test_a_single_run_is_its_mean_and_no_seeds_are_told_of(two_swept):
    table = two_swept.table
    alone = replace(two_swept, table=table[table["replicate"] == 0])
    (axes,) = ERROR.draw(alone).axes
    assert len(lines(axes, 2.2)) == 2
    assert not lines(axes, 0.6)
    assert "a thin line a seed" in ERROR.caption(two_swept)
    assert "seed" not in ERROR.caption(alone)


@pytest.mark.parametrize("log", [True, "y", "yx"])
def test_other_axes_than_there_are_cannot_be_logarithmic(log):
    with pytest.raises(DefinitionError, match=rf"'x', 'xy'\. .*log='?{log}"):
        replace(ERROR, log=log)


@pytest.fixture
def gaps():
    rows = [
        {"problem": "f", "method": "GD", "replicate": seed, "k": k, "gap": seed / k}
        for seed in (1, 4)
        for k in (1, 10)
    ]
    rows += [{"problem": "f", "method": "bound", "k": k, "gap": 8 / k} for k in (1, 10)]
    rows += [{"problem": "f", "method": "GD", "replicate": 1, "k": 100, "gap": 0.0}]
    return Shown(pd.DataFrame(rows))


def powers(gaps, width):
    return lines(POWERS.draw(gaps).axes[0], width)


def test_every_seed_is_a_thin_line_and_the_geometric_mean_a_thick_one(gaps):
    assert len(powers(gaps, 0.6)) == 2
    (mean,) = powers(gaps, 2.2)
    assert mean.get_ydata() == pytest.approx([2.0, 0.2])


def test_what_is_not_above_0_is_left_out(gaps):
    (mean,) = powers(gaps, 2.2)
    assert mean.get_xdata().tolist() == [1, 10]


def test_what_theory_says_is_dashed_in_ink(gaps):
    (line,) = powers(gaps, 1.4)
    assert (line.get_linestyle(), line.get_color()) == ("--", style.INK)
    assert "dashed" in POWERS.caption(gaps)


def test_each_line_is_named_beside_its_end(gaps):
    texts = [each.get_text() for each in POWERS.draw(gaps).axes[0].texts]
    assert texts == ["GD", "bound"]


def test_words_tell_both_ends_of_each_mean(gaps):
    assert "GD, f: 2 at 1, 0.2 at 10" in POWERS.alt(gaps)


def test_the_svg_is_well_formed_and_the_same_twice(gaps):
    content = POWERS.svg(gaps)
    assert content == POWERS.svg(gaps)
    assert ElementTree.fromstring(content).tag.endswith("svg")
