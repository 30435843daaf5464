"""Save a figure as an SVG that reads on light and dark pages, the same bytes anywhere.

Its headline stands over it. Every style is a class, and a reader who prefers the dark
gets other colors of these classes; what is behind the figure shows through it.
"""

import io
import re
import textwrap
from xml.sax.saxutils import escape

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from study.lab.figures import contrast, style

COLOR = re.compile(r"#[0-9a-f]{6}\b")
NUMBER = re.compile(r"-?\d+\.\d{2,}")
# Text is measured in the font that Matplotlib brings, the same on every machine, and
# shown in the reader's own, which is narrower.
SHOWN = "-apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif"
NIGHT = {
    style.INK: "#f0f6fc",
    style.MUTED: "#a3abb5",
    style.GRID: "#3d444d",
    style.PAPER: "#0d1117",
    "#000000": "#000000",
}
DUSK = "#22272e"  # the lightest of the grounds that dark pages have
HEADLINE, LINE, LETTERS = 12, 15, 50  # its size and lines in points, and how long
LEFT = 4


def save(figure: Figure, title: str, headline: str, description: str) -> bytes:
    """Save a figure with a headline, and tell in words what it shows.

    Args:
        figure: What is drawn, without a headline.
        title: The name of the picture.
        headline: What is written over it.
        description: What it shows, for those who do not see it.
    """
    buffer = io.BytesIO()
    with style.look():
        FigureCanvasSVG(figure)
        figure.get_layout_engine().execute(figure)
        figure.set_layout_engine(None)  # else saving draws once more, for the layout
        figure.savefig(
            buffer,
            format="svg",
            transparent=True,
            metadata={"Date": None, "Creator": None},
        )
    text = buffer.getvalue().decode()
    text = re.sub(r"<!DOCTYPE.*?>\n", "", text, flags=re.S)
    words = f"<title>{escape(title)}</title>\n <desc>{escape(description)}</desc>"
    text = re.sub(
        r"<metadata>.*?</metadata>", lambda _: words, text, count=1, flags=re.S
    )
    text = text.replace("<svg ", '<svg role="img" ', 1)
    text = re.sub(r"font-family: [^;\"]*(; )?", "", text)
    text = re.sub(r' transform="rotate\(-0 [^"]*"', "", text)
    return _numbered(_themed(_headed(_rounded(text), headline))).encode()


def night(color: str) -> str:
    """Return the color that stands for one in the dark."""
    return NIGHT.get(color) or contrast.seen(color, DUSK, contrast.TEXT)


def _headed(text, headline):
    """Write the headline over the figure, which becomes as much higher."""
    lines = textwrap.wrap(headline, LETTERS)
    more = LINE * len(lines) + 4
    written = "".join(
        f'  <text x="{LEFT}" y="{LINE * i - more + HEADLINE}" style="font-weight: 700; '
        f'font-size: {HEADLINE}px; fill: {style.INK}">{escape(line)}</text>\n'
        for i, line in enumerate(lines)
    )
    size = re.search(r'height="([\d.]+)pt" viewBox="0 0 ([\d.]+) ([\d.]+)"', text)
    height = f"{float(size[1]) + more:g}"
    text = text.replace(
        size[0], f'height="{height}pt" viewBox="0 -{more} {size[2]} {height}"', 1
    )
    return text.replace("</svg>", f' <g id="headline">\n{written} </g>\n</svg>')


def _themed(text):
    """Turn every style into a class, with other colors in the dark."""
    names: dict[str, str] = {}
    text = re.sub(
        r'style="([^"]*)"',
        lambda found: f'class="{names.setdefault(found[1], f"s{len(names) + 1}")}"',
        text,
    )
    light = [f".{name}{{{each}}}" for each, name in names.items()]
    dark = [
        f".{name}{{{'; '.join(_dark(each))}}}"
        for each, name in names.items()
        if _dark(each)
    ]
    rules = [
        ":root{color-scheme: light dark}",
        f"text{{font-family: {SHOWN}}}",
        "*{stroke-linejoin: round; stroke-linecap: butt}",
        *light,
        "@media (prefers-color-scheme: dark){",
        *dark,
        "}",
    ]
    return re.sub(
        r"<style[^>]*>.*?</style>",
        lambda _: "<style>\n" + "\n".join(rules) + "\n</style>",
        text,
        count=1,
        flags=re.S,
    )


def _dark(declared):
    """List the declarations of a style that are others in the dark."""
    found = []
    for each in declared.split("; "):
        other = COLOR.sub(lambda color: night(color[0]), each)
        if other != each:
            found.append(other)
    return found


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
