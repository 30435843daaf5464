"""Write pictures as a GIF, in a palette of the project's colors.

By hand: Matplotlib's PillowWriter shows all pictures equally long, and leaves it to
Pillow to choose colors for each.
"""

import functools
import io

import matplotlib as mpl
import numpy as np
from PIL import Image

from study.lab.figures import style

SHADES = 9  # from a color to paper, for the soft edges of what is drawn in it


def encode(pictures: list[np.ndarray], delays: list[int], colors: list) -> bytes:
    """Return an animation that repeats for ever.

    Args:
        pictures: Arrays of bytes (height, width, 3); more channels are left out.
        delays: Milliseconds for which each picture is shown, multiples of ten.
        colors: What is drawn with, up to 24 colors; text and paper are known.
    """
    palette = shades([*colors, style.INK, style.MUTED, style.GRID])
    table = nearest(palette.tobytes())
    images = []
    for picture in pictures:
        red, green, blue = (picture[..., i].astype("uint16") >> 3 for i in range(3))
        image = Image.fromarray(table[red << 10 | green << 5 | blue])
        image.putpalette(palette.tobytes())
        images.append(image)
    buffer = io.BytesIO()
    images[0].save(
        buffer,
        "gif",
        save_all=True,
        append_images=images[1:],
        duration=delays,
        loop=0,
        optimize=False,
    )
    return buffer.getvalue()


def shades(colors: list) -> np.ndarray:
    """Return colors blended with paper in steps, as bytes (colors, 3), paper first.

    Raises:
        ValueError: There are more than the 255 that a GIF has beside transparency.
    """
    paper = np.array(mpl.colors.to_rgb(style.PAPER))
    shares = np.linspace(1, 0, SHADES, endpoint=False)[:, None]
    ramps = [shares * mpl.colors.to_rgb(each) + (1 - shares) * paper for each in colors]
    found = np.round(255 * np.concatenate([[paper], *ramps])).astype("uint8")
    if len(found) > 255:
        raise ValueError(
            f"a GIF has 255 colors: expected up to {254 // SHADES} of them to draw "
            f"with. Received: {len(colors)}"
        )
    return found


@functools.cache
def nearest(palette: bytes) -> np.ndarray:
    """Return the place in the palette of every color of 5 bits a channel, (2**15,)."""
    bits = np.arange(2**15)
    channels = np.stack([bits >> 10, bits >> 5 & 31, bits & 31]) * 255 // 31
    found, least = np.zeros(2**15, "uint8"), np.full(2**15, 2**30)
    for place, color in enumerate(np.frombuffer(palette, "uint8").reshape(-1, 3, 1)):
        away = ((channels - color) ** 2).sum(axis=0)
        nearer = away < least
        found[nearer], least[nearer] = place, away[nearer]
    return found
