"""The index as one file for a browser: every claim to search, sort and filter."""

import base64
import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from study.lab.parity import Row
from study.lab.report import tables
from study.lab.report.conduct import components
from study.lab.report.findings import NOT_JUDGED, Finding, findings
from study.lab.report.index import MEANINGS, WORDS
from study.lab.report.markdown import template
from study.lab.report.page import Page, here

# Verdict to what it says of the lecture, which is its colour, and to its sign.
LOOKS = {
    "reproduced": ("for", "✓"),
    "reproduced at this scale": ("for", "≈"),
    "contradicted": ("against", "✗"),
    "unresolved": ("open", "?"),
    "unresolved (scaled)": ("open", "≟"),
    "exact": ("for", "="),
    "refuted": ("against", "≠"),
    "cited": ("for", "§"),
    "miscited": ("against", "!"),
    NOT_JUDGED: ("none", "–"),
}
SIZE = re.compile(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"')
PIXELS = 4 / 3  # of a point


@dataclass(frozen=True)
class Technique:
    """A technique, its component, the file in which it stands and the findings."""

    name: str
    component: str
    file: str
    pages: tuple[Page, ...]


@dataclass(frozen=True)
class Drawing:
    """A figure, packed, with its size in pixels and its words."""

    packed: str
    width: int
    height: int
    alt: str
    caption: str


@dataclass(frozen=True)
class Section:
    """A page with its findings, techniques, drawings and tables.

    What moves is not packed but a file with a caption: it is large, and a reader
    starts it by following a link.
    """

    page: Page
    findings: list[Finding]
    techniques: list[Technique]
    drawings: list[Drawing]
    moving: list[tuple[str, str]]
    grids: list[tables.Grid]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Each verdict that occurs, with how often."""
        return _counts(each.word for each in self.findings)


def render_explorer(
    pages: Sequence[Page],
    ledger: Mapping,
    rows: Sequence[Row],
    figures: Mapping[str, Mapping[str, bytes]],
    folder: Path,
) -> dict[str, bytes]:
    """Render index.html, the same bytes for the same data.

    Args:
        pages: The pages there are.
        ledger: Claim's id to its row, in the ledger's order.
        rows: The components, from `study.lab.parity`.
        figures: A page's name to its figures, its files' names to their bytes.
        folder: Where the file will stand, beside the pages' folders.
    """
    techniques = _techniques(pages, rows)
    sections = [
        _section(page, ledger, techniques, figures[page.name]) for page in pages
    ]
    found = {each.id: (part, each) for part in sections for each in part.findings}
    claims = [(row, *found.get(row.id, (None, None))) for row in ledger.values()]
    kinds = (kind for row in ledger.values() for kind in row.kind.split("/"))
    style, script = _source("explorer.css"), _source("explorer.js")
    text = template("explorer.html.j2").render(
        claims=claims,
        sections=sections,
        techniques=techniques,
        counts=_counts(each.word if each else NOT_JUDGED for *_, each in claims),
        lectures=_distinct(row.lecture for row in ledger.values()),
        kinds=_distinct(kinds),
        here=here(folder),
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        LOOKS=LOOKS,
        MEANINGS=MEANINGS,
        NOT_JUDGED=NOT_JUDGED,
        WORDS=WORDS,
    )
    return {"index.html": text.encode()}


def _section(page, ledger, techniques, figures):
    about = [each for each in techniques if page in each.pages]
    drawings, moving = [], []
    for each, caption, alt in page.shown:
        if each.suffix != ".svg":
            moving.append((each.file, caption))
            continue
        svg = figures[each.file]
        width, height = (
            round(float(size) * PIXELS) for size in SIZE.search(svg).groups()
        )
        # zlib's format has no header with a time or a system in it, as gzip's has.
        packed = base64.b64encode(zlib.compress(svg, 9)).decode()
        drawings.append(Drawing(packed, width, height, alt, caption))
    grids = [page.overview, page.cells, *page.declared]
    shown = [each for each in grids if each]
    return Section(page, findings(page, ledger), about, drawings, moving, shown)


def _techniques(pages, rows):
    """List the components of the rows, then those that pages alone name."""
    about = {}
    for page in pages:
        for key in components(page.definition):
            about.setdefault(key, []).append(page)
    found = []
    for row in rows:
        key = row.component.rpartition(".")[2], row.file
        if row.component:
            named = tuple(about.pop(key, ()))
            found.append(Technique(row.technique, row.component, row.file, named))
    for (name, file), named in about.items():
        found.append(Technique(name, name, file, tuple(named)))
    return found


def _counts(words):
    counts = Counter(words)
    return [(word, counts[word]) for word in WORDS if counts[word]]


def _distinct(values):
    return [*dict.fromkeys(filter(None, values))]


def _source(name):
    """Return a style sheet or a script of ours, which is not escaped."""
    return Markup(template(name).render())


def _hash(source):
    """Return the word by which a page's policy lets a source pass."""
    digest = hashlib.sha256(source.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
