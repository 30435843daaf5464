"""GIFs: the project's own colors, exactly, and the time each picture is shown."""

import io

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from experiments.figures import gif
from study.lab.figures import style


def test_colors_of_the_palette_are_kept_and_paper_stays_white():
    names = [style.PAPER, style.INK, style.BLUE, style.ORANGE]
    colors = (255 * np.array([mpl.colors.to_rgb(each) for each in names])).round()
    picture = colors.astype("uint8")[None].repeat(3, axis=0)
    content = gif.encode(
        [picture, picture[:, ::-1]], [70, 2000], [style.BLUE, style.ORANGE]
    )
    with Image.open(io.BytesIO(content)) as found:
        assert (found.size, found.n_frames) == ((4, 3), 2)
        np.testing.assert_array_equal(np.asarray(found.convert("RGB")), picture)
        found.seek(1)
        np.testing.assert_array_equal(
            np.asarray(found.convert("RGB")), picture[:, ::-1]
        )
        assert found.info["duration"] == 2000


def test_every_color_gets_the_nearest_of_the_palette():
    palette = np.array([[255, 255, 255], [0, 0, 0], [255, 0, 0]], "uint8")
    table = gif.nearest(palette.tobytes())
    assert table.shape == (2**15,)
    red, dark, light = (
        31 << 10 | 3 << 5 | 3,
        7 << 10 | 7 << 5 | 7,
        28 << 10 | 31 << 5 | 30,
    )
    assert table[[red, dark, light]].tolist() == [2, 1, 0]


def test_more_colors_than_a_gif_has_are_refused():
    with pytest.raises(ValueError, match=r"a GIF has 255 colors.*Received: 29"):
        gif.shades(["#000000"] * 29)
