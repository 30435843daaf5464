"""Log-log lines: every seed, what theory says, and nothing that has no logarithm."""

from xml.etree import ElementTree

import pandas as pd
import pytest

from study.lab.figures import LogLog, style
from study.lab.figures.shown import Shown

FIGURE = LogLog(
    x="k", y="gap", hue="method", title="Gaps", dashed=("bound",), panels="problem"
)


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


def lines(gaps, width):
    axes = FIGURE.draw(gaps).axes[0]
    return [each for each in axes.lines if each.get_linewidth() == width]


def test_every_seed_is_a_thin_line_and_the_geometric_mean_a_thick_one(gaps):
    assert len(lines(gaps, 0.6)) == 2
    (mean,) = lines(gaps, 2.2)
    assert mean.get_ydata() == pytest.approx([2.0, 0.2])


def test_what_is_not_above_0_is_left_out(gaps):
    (mean,) = lines(gaps, 2.2)
    assert mean.get_xdata().tolist() == [1, 10]


def test_what_theory_says_is_dashed_in_ink(gaps):
    (line,) = lines(gaps, 1.4)
    assert (line.get_linestyle(), line.get_color()) == ("--", style.INK)
    assert "dashed" in FIGURE.caption(gaps)


def test_each_line_is_named_beside_its_end(gaps):
    texts = [each.get_text() for each in FIGURE.draw(gaps).axes[0].texts]
    assert texts == ["GD", "bound"]


def test_words_tell_both_ends_of_each_mean(gaps):
    assert "GD, f: 2 at 1, 0.2 at 10" in FIGURE.alt(gaps)


def test_the_svg_is_well_formed_and_the_same_twice(gaps):
    content = FIGURE.svg(gaps)
    assert content == FIGURE.svg(gaps)
    assert ElementTree.fromstring(content).tag.endswith("svg")
