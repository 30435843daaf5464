"""Animation: ways that grow, names that go with them, the same bytes every time."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from bowl import PATHS
from PIL import Image

from experiments.figures.animation import DELAY, HOLD, PICTURES, Animation
from study.lab.declare.closure import closure
from study.lab.errors import StudyError
from study.lab.figures import style
from study.lab.figures.shown import Shown

FIGURE = Animation(
    replace(PATHS, frames=(1, 2), where={"part": "way"}), "Two ways in motion"
)


@pytest.fixture
def walked():
    ways = {"slow": [0.8, 0.4, 0.2], "far": [0.8, 9.0, 99.0]}
    rows = [
        {"part": "way", "method": method, "step": 10 * i, "x": x, "y": 0.5}
        for method, way in ways.items()
        for i, x in enumerate(way)
    ]
    return Shown(pd.DataFrame(rows))


@pytest.fixture
def pictures(walked):
    """Each picture as an array of bytes, and how long it is shown."""
    with Image.open(io.BytesIO(FIGURE.render(walked))) as gif:
        assert gif.info["loop"] == 0  # for ever
        found = []
        for number in range(gif.n_frames):
            gif.seek(number)
            found.append((np.asarray(gif.convert("RGB")), gif.info["duration"]))
    return found


def count(picture, color):
    """Count the pixels of about a color."""
    wanted = np.array(Image.new("RGB", (1, 1), color))
    return int((abs(picture.astype(int) - wanted).max(axis=2) < 12).sum())


def test_the_last_picture_is_held_and_the_others_go_by(pictures):
    durations = [duration for _, duration in pictures]
    # Pictures that look alike are one, shown longer.
    assert HOLD == 2_000 <= durations[-1] < HOLD + 5 * DELAY
    assert sum(durations) == (PICTURES - 1) * DELAY + HOLD
    assert len(pictures) > 20  # as many as the steps


def test_ways_grow_and_what_leaves_the_picture_is_still_named(pictures):
    slow, _ = style.colors(["slow", "far"]).values()
    first, last = pictures[0][0], pictures[-1][0]
    assert count(first, slow) < count(last, slow)
    # Its name has gone to the corner, as dark as names are.
    corner = last[: len(last) // 6, -100:]
    assert (corner.max(axis=2) < 120).any()
    assert not (first[: len(last) // 6, -100:].max(axis=2) < 120).any()


@pytest.mark.slow
def test_the_same_table_gives_the_same_bytes_and_another_one_others(walked):
    other = replace(walked, table=walked.table.assign(y=0.1))
    assert FIGURE.render(walked) == FIGURE.render(walked) != FIGURE.render(other)


def test_its_file_is_a_gif_and_it_draws_its_last_picture_too(walked):
    assert FIGURE.file == "animation-x-y-way.gif"
    assert FIGURE.render(walked).startswith(b"GIF89a")
    (axes,) = FIGURE.draw(walked).axes
    assert axes.get_title() == "step 20"


def test_it_is_told_in_words(walked):
    assert FIGURE.alt(walked).startswith("Animation")
    assert "lowest with slow" in FIGURE.alt(walked)
    assert FIGURE.caption(walked).startswith("Two ways in motion; ")
    assert "the star is the goal" in FIGURE.caption(walked)


def test_a_missing_column_is_named(walked):
    broken = replace(walked, table=walked.table.drop(columns="step"))
    with pytest.raises(StudyError, match=r"Animation.*no 'step'"):
        FIGURE.render(broken)


def test_all_code_that_draws_it_can_be_followed():
    parts = {*closure(Animation, inert=()).parts}
    assert {"Animation", "Paths", "apart", "encode", "paste", "sprite"} <= parts
