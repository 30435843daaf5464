"""One look for all figures.

Colors are seaborn's color-blind-safe ones, dark enough to be seen on paper, always
with a second cue beside them. Figures are narrow and their text is large for it, so
that a phone, which shows them smaller, leaves all of it 9 pixels high or more.
"""

import math

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from study.lab.figures import contrast
from study.lab.rules.summaries import brief

WIDTH = 5.0  # inches: 480 pixels, of which a phone's page has some 330
TEXT = 10  # points, of all that is not a title: 9.2 pixels there
INK, MUTED, GRID, PAPER = "#1f2328", "#59636e", "#d8dee4", "#ffffff"
BLUE, ORANGE, GREEN, VERMILLION, *_ = SAFE = [
    contrast.seen(each, PAPER, contrast.MARK)
    for each in sns.color_palette("colorblind").as_hex()
]
RAMP, LIGHTEST = "plasma", 0.62  # of numbers, and from where on it is seen on paper
MARKERS = "os^DvP*X<>"
MOST = 5  # marks along a logarithmic axis
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

BACKED = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 1}  # over lines
MEASURED = "DejaVu Sans"


def look():
    """Return the context in which figures are made and saved, whatever a user's own."""
    default = {x: each for x, each in mpl.rcParamsDefault.items() if x != "backend"}
    return mpl.rc_context(
        {
            **default,
            **sns.axes_style("whitegrid"),
            **sns.plotting_context("notebook", font_scale=0.85),
            "font.family": MEASURED,
            "font.size": TEXT,
            "axes.labelsize": TEXT,
            "axes.titlesize": TEXT,
            "axes.titleweight": "bold",
            "axes.edgecolor": MUTED,
            "axes.labelcolor": INK,
            "axes.linewidth": 0.8,
            "axes.spines.right": False,
            "axes.spines.top": False,
            "grid.color": GRID,
            "grid.linewidth": 0.7,
            "lines.solid_capstyle": "butt",
            "legend.fontsize": TEXT,
            "legend.title_fontsize": TEXT,
            "legend.frameon": False,
            "legend.handlelength": 1.4,
            "legend.columnspacing": 1.2,
            "text.color": INK,
            "xtick.color": MUTED,
            "xtick.labelcolor": INK,
            "xtick.labelsize": TEXT,
            "ytick.color": MUTED,
            "ytick.labelcolor": INK,
            "ytick.labelsize": TEXT,
            "axes.unicode_minus": True,
            "axes.formatter.use_mathtext": False,
            "path.simplify": True,
            "path.simplify_threshold": 0.3,
            "svg.fonttype": "none",
            "svg.hashsalt": "study",
        }
    )


def canvas(height: float) -> Figure:
    """Return an empty figure of the page's width, `height` inches high."""
    return Figure(figsize=(WIDTH, height), layout="constrained")


def colors(levels) -> dict:
    """Give each value a color: a ramp for numbers, distinct ones for names."""
    if len(levels) > 2 and all(isinstance(each, int | float) for each in levels):
        ramp = mpl.colormaps[RAMP](np.linspace(LIGHTEST, 0, len(levels)))
        return dict(zip(levels, map(mpl.colors.to_hex, ramp), strict=True))
    return {each: SAFE[i % len(SAFE)] for i, each in enumerate(levels)}


def dark(color) -> str:
    """Return a color dark enough to write with on paper."""
    return contrast.seen(mpl.colors.to_hex(color), PAPER, contrast.TEXT)


def markers(levels) -> dict:
    """Give each value a marker, the second cue beside its color."""
    return {each: MARKERS[i % len(MARKERS)] for i, each in enumerate(levels)}


def crosses(axes, x, color) -> None:
    """Mark at the top of the axes that runs at `x` have no number to be shown."""
    if len(x):
        top = axes.get_xaxis_transform()
        heights = [0.97] * len(x)
        axes.plot(x, heights, "X", transform=top, color=color, markersize=5, ls="none")


def crosses_beside(axes, heights, color) -> None:
    """Mark at the left of the axes that runs at `heights` have no number."""
    if len(heights):
        left, edge = axes.get_yaxis_transform(), [0.02] * len(heights)
        axes.plot(edge, heights, "X", transform=left, color=color, ms=5, ls="none")


def simplified(axes, x, y):
    """Drop the points of a line that nobody would see missing.

    The limits of the axes must stand, since what is seen depends on them.
    """
    path = Path(np.column_stack([x, y]))
    path.should_simplify = True
    seen = axes.transData.transform_path(path).cleaned(simplify=True)
    kept = np.isin(seen.codes, (Path.MOVETO, Path.LINETO))
    kept[1:] &= (np.diff(seen.vertices, axis=0) != 0).any(axis=1)
    return axes.transData.inverted().transform(seen.vertices[kept])


def spread(heights, gap: float) -> list[float]:
    """Move heights apart, upwards from 0, until `gap` lies between each two."""
    order = np.argsort(heights, kind="stable")
    placed = np.asarray(heights, float)[order]
    for _ in range(len(placed)):
        for i in range(1, len(placed)):
            lack = gap - (placed[i] - placed[i - 1])
            if lack > 1e-9:
                placed[i - 1] -= lack / 2
                placed[i] += lack / 2
    result = np.empty_like(placed)
    result[order] = np.maximum(placed, gap * np.arange(len(placed)))
    return list(result)


def ticks(axis, last: float | None = None) -> None:
    """Put few marks at an axis, in plain numbers.

    Args:
        axis: The axis, whose limits stand.
        last: Beyond which there are none; None for the end of the axis.
    """
    log = axis.get_scale() == "log"
    lower, upper = axis.get_view_interval()
    upper = upper if last is None else last
    places = _decades(lower, upper) if log else MaxNLocator(5).tick_values(lower, upper)
    places = [each for each in places if lower <= each <= upper]
    axis.set_ticks(places, _apart(places))
    axis.set_ticks([], minor=True)


def _apart(places):
    """Print numbers with as few digits as tell each from the others."""
    labels, digits = [plain(each) for each in places], 4
    while len({*labels}) < len(labels):
        labels, digits = [f"{each:,.{digits}g}" for each in places], digits + 1
    return labels


def _decades(lower, upper):
    """List round numbers at about the same distance on a logarithmic axis."""
    first, last = math.floor(math.log10(lower)), math.ceil(math.log10(upper))
    for steps in ((1, 2, 5), (1, 3), (1,)):
        found = [x * 10.0**n for n in range(first, last + 1) for x in steps]
        found = [each for each in found if lower <= each <= upper]
        if len(found) <= MOST:
            return found
    return found[:: -(-len(found) // MOST)]


def plain(value: float) -> str:
    """Print the number at a mark, without small digits that no phone shows.

    Example:

    >>> plain(0.05), plain(20_000.0), plain(1e-7)
    ('0.05', '20,000', '10⁻⁷')
    """
    if value and not 1e-3 <= abs(value) < 1e6:
        power = math.floor(math.log10(abs(value)) + 1e-9)
        lead = brief(value / 10.0**power)
        raised = f"10{str(power).translate(RAISED)}"
        return raised if lead == "1" else f"{lead}·{raised}"
    return brief(value)
