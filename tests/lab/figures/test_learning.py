"""The figure of errors while training: every run, both splits, both splits named."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from study.lab.errors import StudyError
from study.lab.figures import Learning

STEPS = (10, 20, 30)


@pytest.fixture
def watched(page):
    name, values = next(iter(page.definition.vary.items()))
    rows = [
        {name: value, "start": "big", "replicate": replicate, "split": split}
        | {step: 0.5 / step + 0.1 * i + replicate / 100 for step in STEPS}
        for value in values
        for replicate in range(4)
        for i, split in enumerate(("train", "validation"))
    ]
    return name, replace(page, errors=pd.DataFrame(rows))


def test_every_run_and_both_means_are_drawn_in_every_panel(watched):
    name, page = watched
    canvas = Learning(panels=name).draw(page)
    seen = [axes for axes in canvas.axes if axes.get_visible()]
    assert len(seen) == len(page.definition.vary[name])
    for axes in seen:
        assert len(axes.lines) == 2 * (4 + 1)
        thick = [each for each in axes.lines if each.get_lw() > 2]
        np.testing.assert_allclose(thick[0].get_ydata(), [6.5, 4, 1.5 + 5 / 3])


def test_runs_of_fewer_steps_are_drawn_to_their_own_end(watched):
    name, page = watched
    errors, shortest = page.errors, page.errors[name].iloc[0]
    short = errors[name] == shortest
    errors[15] = errors[10].where(short)
    errors[5] = errors[20].where(short)  # behind later steps in the table
    errors.loc[short, [*STEPS]] = np.nan
    figure = Learning(panels=name)
    first, second, *_ = figure.draw(page).axes
    for axes, steps in ((first, [5, 15]), (second, [10, 20, 30])):
        for line in axes.lines:
            np.testing.assert_array_equal(line.get_xdata(), steps)
            assert np.isfinite(line.get_ydata()).all()
    assert "nan" not in figure.alt(page)


def test_the_same_bytes_come_twice_and_words_tell_the_ends(watched):
    name, page = watched
    figure = Learning(panels=name)
    assert figure.svg(page) == figure.svg(page)
    assert "train error 3.2 %" in figure.alt(page)
    assert "validation error 13.2 %" in figure.alt(page)


def test_a_missing_file_is_named(page):
    with pytest.raises(StudyError, match=r"Learning.*errors\.csv"):
        Learning().draw(replace(page, errors=None))
