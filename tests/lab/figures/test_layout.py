"""Panels of lines: names beside ends, and an axis that none flattens for the others."""

import numpy as np

from study.lab.figures import layout, style


def test_one_panel_of_another_size_has_an_axis_of_its_own():
    assert layout.alike([[1, 2], [1.5, 2.5], [1, 3]])
    assert not layout.alike([[1, 2], [1.5, 2.5], [0, 90]])
    assert layout.alike([[1, 2]])


def test_no_panel_is_left_empty_by_the_axis_of_the_others():
    near, far = [np.linspace(6, 7, 50)] * 4, np.linspace(25, 30, 50)
    shared, focuses = layout.focuses([*near, far], log=False)
    assert not shared
    assert not focuses[-1].outside(far).any()
    assert layout.focuses(near)[0]


def test_panels_stand_in_at_most_two_columns():
    with style.look():
        for count in range(1, 9):
            _, grid = layout.grid(count)
            assert len(grid) == count
            assert grid[0].get_gridspec().ncols <= 2


def test_names_keep_apart_and_a_line_leads_from_each_to_its_end():
    with style.look():
        _, (axes,) = layout.grid(1)
        axes.set(xlim=(0, 1), ylim=(0, 1))
        layout.beside(axes, [(x, (1.0, 0.5), style.BLUE) for x in ("a", "b", "c")])
    heights = sorted(each.xyann[1] for each in axes.texts)
    assert np.diff(heights).min() > 0.04
    assert {each.xy[1] for each in axes.texts} == {0.5}
    assert all(each.arrow_patch for each in axes.texts)


def test_what_goes_beyond_is_an_arrow_with_its_number():
    with style.look():
        _, (axes,) = layout.grid(1)
        axes.set(xlim=(0, 3), ylim=(0, 1))
        layout.arrows(axes, [1, 2], [0.5, 7.0], style.BLUE)
    assert [each.get_text() for each in axes.texts] == ["7"]
    assert [each.get_marker() for each in axes.lines] == ["^"]
