"""One look for all figures.

Colours are seaborn's colour-blind-safe ones, always with a second cue beside them.
The background is solid, so that a figure reads the same on a light and a dark page.
Figures are as wide as GitHub shows a page, so that text keeps its size.
"""

import io
import re
from xml.sax.saxutils import escape

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.path import Path

WIDTH = 8.6  # inches at 96 pixels: GitHub's column
INK, MUTED, GRID, PAPER = "#1f2328", "#59636e", "#d8dee4", "#ffffff"
BLUE, ORANGE, GREEN, VERMILLION, *_ = SAFE = sns.color_palette("colorblind").as_hex()
MARKERS = "os^DvP*X<>"

BACKED = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}  # for text over lines

NUMBER = re.compile(r"-?\d+\.\d{2,}")

# Text is measured in the font that Matplotlib brings, the same on every machine, and
# shown in the reader's own, which is narrower.
MEASURED = "DejaVu Sans"
SHOWN = "-apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif"


def look():
    """Return the context in which figures are made and saved, whatever a user's own."""
    default = {x: each for x, each in mpl.rcParamsDefault.items() if x != "backend"}
    return mpl.rc_context(
        {
            **default,
            **sns.axes_style("whitegrid"),
            **sns.plotting_context("notebook", font_scale=0.85),
            "font.family": MEASURED,
            "font.size": 10,
            "axes.labelsize": 10,
            "axes.titlesize": 10,
            "axes.titleweight": "bold",
            "axes.edgecolor": MUTED,
            "axes.labelcolor": INK,
            "axes.linewidth": 0.8,
            "axes.spines.right": False,
            "axes.spines.top": False,
            "grid.color": GRID,
            "grid.linewidth": 0.7,
            "lines.solid_capstyle": "butt",
            "legend.fontsize": 10,
            "legend.frameon": False,
            "text.color": INK,
            "xtick.color": MUTED,
            "xtick.labelcolor": INK,
            "xtick.labelsize": 9.5,
            "ytick.color": MUTED,
            "ytick.labelcolor": INK,
            "ytick.labelsize": 9.5,
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
    """Give each value a colour: a ramp for numbers, distinct ones for names."""
    if len(levels) > 2 and all(isinstance(each, int | float) for each in levels):
        ramp = sns.color_palette("viridis_r", len(levels) + 1).as_hex()[1:]
        return dict(zip(levels, ramp, strict=True))
    return {each: SAFE[i % len(SAFE)] for i, each in enumerate(levels)}


def dark(color) -> tuple:
    """Return a colour dark enough to write with on paper."""
    return tuple(0.7 * each for each in mpl.colors.to_rgb(color))


def markers(levels) -> dict:
    """Give each value a marker, the second cue beside its colour."""
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


def to_svg(figure: Figure, title: str, description: str) -> bytes:
    """Save a figure without a date, and tell in words what it shows."""
    buffer = io.BytesIO()
    with look():
        FigureCanvasSVG(figure)
        figure.get_layout_engine().execute(figure)
        figure.set_layout_engine(None)  # else saving draws once more, for the layout
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue().decode()
    text = re.sub(r"<!DOCTYPE.*?>\n", "", text, flags=re.S)
    words = f"<title>{escape(title)}</title>\n <desc>{escape(description)}</desc>"
    text = re.sub(
        r"<metadata>.*?</metadata>", lambda _: words, text, count=1, flags=re.S
    )
    text = text.replace("<svg ", '<svg role="img" ', 1)
    text = re.sub(r"font-family: [^;\"]*(; )?", "", text)
    text = re.sub(
        r"(<style[^>]*>)", lambda found: f"{found[0]}text{{font-family: {SHOWN}}}", text
    )
    return _numbered(_rounded(text)).encode()


def _numbered(text: str) -> str:
    """Number what Matplotlib names by a hash of coordinates.

    Their last digits, which are not seen, differ between processors.
    """
    names: dict[str, str] = {}
    return re.sub(
        r'(?<=["#])([mp])[0-9a-f]{10}(?=[")])',
        lambda found: names.setdefault(found[0], f"{found[1]}{len(names) + 1}"),
        text,
    )


def _rounded(text: str) -> str:
    """Round coordinates to what is seen: a fraction of the bytes, the same picture."""

    def shorten(decimals):
        return lambda found: NUMBER.sub(
            lambda each: f"{float(each[0]):.{decimals}f}", found[0]
        )

    text = re.sub(r'<path d="[^"]*"', shorten(1), text)
    text = re.sub(r' (?:d|x|y|transform|width|height)="[^"]*"', shorten(2), text)
    return re.sub(r" ?\n(?=[LQCz\"])", "", text)
