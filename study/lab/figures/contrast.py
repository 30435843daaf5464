"""Keep colors apart from their ground, by the ratio of contrast that WCAG defines."""

import colorsys
import functools

import matplotlib as mpl

MARK, TEXT = 3.0, 4.5  # the least ratios of what is drawn and of what is read
STEPS = 200  # of lightness


def luminance(color) -> float:
    """Return the relative luminance of a color, from 0 (black) to 1 (white)."""
    channels = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4
        for each in mpl.colors.to_rgb(color)
    )
    return sum(x * y for x, y in zip((0.2126, 0.7152, 0.0722), channels, strict=True))


def ratio(one, other) -> float:
    """Return the ratio of contrast of two colors, from 1 to 21.

    Example:

    >>> ratio("black", "white")
    21.0
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@functools.cache
def seen(color: str, ground: str, least: float) -> str:
    """Return a color of the same hue that is seen on its ground.

    Args:
        color: A color in hexadecimals, as it would be drawn.
        ground: What it is drawn on.
        least: The least ratio of contrast; what has it already stays as it is.

    Example:

    >>> seen("#0173b2", "#ffffff", TEXT), seen("#ece133", "#ffffff", TEXT)
    ('#0173b2', '#7f780c')
    """
    if ratio(color, ground) >= least:
        return color
    hue, light, saturation = colorsys.rgb_to_hls(*mpl.colors.to_rgb(color))
    goal = 0.0 if luminance(ground) > 0.5 else 1.0
    for step in range(1, STEPS + 1):
        nearer = light + (goal - light) * step / STEPS
        found = mpl.colors.to_hex(colorsys.hls_to_rgb(hue, nearer, saturation))
        if ratio(found, ground) >= least:
            return found
    return found
