"""The figure of errors while training: every run, both splits, both splits named."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from study.lab.errors import StudyError
from study.lab.figures import Learning

STEPS = (10, 20, 30)


@pytest.fixture
def watched(two_swept):
    name, values = next(iter(two_swept.sweep.items()))
    rows = [
        {name: value, "start": "big", "replicate": replicate, "split": split}
        | {step: 0.5 / step + 0.1 * i + replicate / 100 for step in STEPS}
        for value in values
        for replicate in range(4)
        for i, split in enumerate(("train", "validation"))
    ]
    return name, replace(two_swept, errors=pd.DataFrame(rows))


def test_every_run_and_both_means_are_drawn_in_every_panel(watched):
    name, shown = watched
    canvas = Learning(panels=name).draw(shown)
    seen = [axes for axes in canvas.axes if axes.get_visible()]
    assert len(seen) == len(shown.sweep[name])
    for axes in seen:
        assert len(axes.lines) == 2 * (4 + 1)
        thick = [each for each in axes.lines if each.get_lw() > 2]
        np.testing.assert_allclose(thick[0].get_ydata(), [6.5, 4, 1.5 + 5 / 3])


def test_runs_of_fewer_steps_are_drawn_to_their_own_end(watched):
    name, shown = watched
    errors, shortest = shown.errors, shown.errors[name].iloc[0]
    short = errors[name] == shortest
    errors[15] = errors[10].where(short)
    errors[5] = errors[20].where(short)  # behind later steps in the table
    errors.loc[short, [*STEPS]] = np.nan
    figure = Learning(panels=name)
    first, second, *_ = figure.draw(shown).axes
    for axes, steps in ((first, [5, 15]), (second, [10, 20, 30])):
        for line in axes.lines:
            np.testing.assert_array_equal(line.get_xdata(), steps)
            assert np.isfinite(line.get_ydata()).all()
    assert "nan" not in figure.alt(shown)


def test_the_same_bytes_come_twice_and_words_tell_the_ends(watched):
    name, shown = watched
    figure = Learning(panels=name)
    assert figure.svg(shown) == figure.svg(shown)
    assert "training 3.2 %" in figure.alt(shown)
    assert "validation 13.2 %" in figure.alt(shown)


def test_a_missing_file_is_named(two_swept):
    with pytest.raises(StudyError, match=r"Learning.*errors\.csv"):
        Learning().draw(replace(two_swept, errors=None))
