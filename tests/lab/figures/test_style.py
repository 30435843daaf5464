"""The one look: thinning that nobody sees, labels that keep apart, safe colors."""

import numpy as np
import pytest

from study.lab.figures import style


def test_a_straight_line_needs_two_points_and_a_corner_a_third():
    figure = style.canvas(3)
    axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1))
    x = np.linspace(0, 1, 50)
    assert len(style.simplified(axes, x, x)) == 2
    corner = style.simplified(axes, x, np.maximum(x, 0.5))
    assert len(corner) <= 4
    assert np.allclose(corner[:, 1], np.maximum(corner[:, 0], 0.5), atol=0.01)


def test_labels_move_apart_and_stay_in_order():
    placed = style.spread([0.5, 0.5, 0.1], 0.1)
    assert placed[2] < placed[0] < placed[1] or placed[2] < placed[1] < placed[0]
    assert abs(placed[0] - placed[1]) >= 0.099
    assert placed[2] == pytest.approx(0.1)


def test_labels_stay_above_the_axis():
    assert style.spread([0.0, 0.0, 0.0], 0.1) == pytest.approx([0.0, 0.1, 0.2])


def test_numbers_get_a_ramp_and_names_distinct_colors():
    assert len(set(style.colors([0.1, 0.2, 0.3]).values())) == 3
    assert list(style.colors(["a", "b"]).values()) == [style.BLUE, style.ORANGE]


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_marks_are_few_inside_the_axis_and_without_small_digits(scale):
    with style.look():
        axes = style.canvas(3).add_subplot()
        axes.set_xscale(scale)
        axes.set_xlim(2e-8, 0.4)
        style.ticks(axes.xaxis)
    told = [each.get_text() for each in axes.get_xticklabels()]
    assert 2 <= len(told) <= 7
    assert not [each for each in told if "$" in each]
    assert all(2e-8 <= each <= 0.4 for each in axes.get_xticks())


def test_marks_end_where_they_are_told_to():
    with style.look():
        axes = style.canvas(3).add_subplot(xlim=(0, 100))
        style.ticks(axes.xaxis, 60)
    assert max(axes.get_xticks()) <= 60


@pytest.mark.parametrize(
    "limits", [(13.18, 13.32), (0.99991, 1.00009), (999_994, 999_999)]
)
def test_marks_that_lie_close_are_told_apart(limits):
    with style.look():
        axes = style.canvas(3).add_subplot(xlim=limits)
        style.ticks(axes.xaxis)
    told = [each.get_text() for each in axes.get_xticklabels()]
    assert len(told) == len({*told}) > 2
    read = [float(each.replace(",", "")) for each in told]
    np.testing.assert_allclose(read, axes.get_xticks(), rtol=1e-6)
