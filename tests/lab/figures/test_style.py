"""The one look: thinning that nobody sees, labels that keep apart, safe colours."""

import re

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


def test_numbers_get_a_ramp_and_names_distinct_colours():
    assert len(set(style.colors([0.1, 0.2, 0.3]).values())) == 3
    assert list(style.colors(["a", "b"]).values()) == [style.BLUE, style.ORANGE]


@pytest.mark.parametrize("nudge", [0.0, 1e-12, -1e-12])
def test_a_drawing_is_the_same_where_coordinates_differ_in_digits_not_seen(nudge):
    def drawn(nudge):
        figure = style.canvas(3)
        axes = figure.add_subplot(xlim=(0, 1 + nudge), ylim=(0, 1))
        axes.plot([0.1, 0.9], [0.2 + nudge, 0.8], marker="o")
        axes.set_position([0.1 + nudge, 0.2, 0.7, 0.6 - nudge])
        return style.to_svg(figure, "A line", "It rises.").decode()

    text = drawn(nudge)
    assert text == drawn(0.0)
    used = set(re.findall(r'(?:url\(|href=")#(\w+)', text))
    assert used == {each for each in used if f'id="{each}"' in text}
    assert {each[0] for each in used} == {"m", "p"}
