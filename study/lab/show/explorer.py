"""The index as one file for a browser: every claim to search, sort and filter."""

import base64
import hashlib
import os
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from study.lab.declare.parity import Row
from study.lab.rules.words import Word, counts, levels, meanings
from study.lab.show import drawing, sliders, tables
from study.lab.show.book import Book
from study.lab.show.claims import JudgedClaim
from study.lab.show.lean import lean
from study.lab.show.markdown import template
from study.lab.show.page import Page, here
from study.lab.show.protocol import components
from study.lab.show.sliders import Slider

SIZE = re.compile(rb'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"')
PIXELS = 4 / 3  # of a point
BUILT = 12  # claims that a browser builds before its filters answer: a screen of them


@dataclass(frozen=True)
class Technique:
    """A technique, its component, the file in which it stands and the findings."""

    name: str
    component: str
    file: str
    pages: tuple[Page, ...]


@dataclass(frozen=True)
class Drawing:
    """A figure's size in pixels and its words."""

    width: int
    height: int
    alt: str
    caption: str


@dataclass(frozen=True)
class Section:
    """A page with its claims, techniques, drawings, sliders and tables.

    Drawings are packed together, for much in them is alike. What moves is not packed
    but a link with a caption: it is large, and a reader starts it by following that.
    Drawings and tables are those of the runs that judge.
    """

    page: Page
    opening: str
    claims: list[JudgedClaim]
    techniques: list[Technique]
    drawings: list[Drawing]
    packed: str
    moving: list[tuple[str, str]]
    grids: list[tables.Grid]
    sliders: list[Slider]

    @property
    def counts(self) -> list[tuple[Word, int]]:
        """Each verdict that occurs, with how often."""
        return counts(each.word for each in self.claims)


def render_explorer(
    book: Book,
    rows: Sequence[Row],
    figures: Mapping[str, Mapping[str, bytes]],
    folder: Path,
) -> dict[str, bytes]:
    """Render index.html, the same bytes for the same data.

    Args:
        book: The pages and their judged claims.
        rows: The components, from `study.lab.declare.parity`.
        figures: A page's name to its figures, its files' names to their bytes.
        folder: Where the file will stand, beside the pages' folders.
    """
    ledger = book.ledger.values()
    techniques = _techniques(book.pages, rows)
    folders = {each.path.parent for each in book.pages}
    moved = [each for some in folders for each in sliders.load(some)]
    sections = [
        _section(page, book, techniques, figures[page.name], moved)
        for page in book.pages
    ]
    found = {each.id: (part, each) for part in sections for each in part.claims}
    claims = [(row, *found.get(row.id, (None, None))) for row in ledger]
    kinds = (kind for row in ledger for kind in row.kind.split("/"))
    words = [each.word if each else Word.NOT_JUDGED for *_, each in claims]
    style = _source("explorer.css", "slider.css")
    script = _source("folded.js", "slider.js", "rows.js", "explorer.js")
    text = template("explorer.html.j2").render(
        claims=claims,
        built=BUILT,
        fields=[_fields(*each) for each in claims],
        sections=sections,
        techniques=techniques,
        counts=counts(words),
        levels=levels(words),
        lectures=_distinct(row.lecture for row in ledger),
        kinds=_distinct(kinds),
        here=here(folder),
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        meanings=meanings(),
        NOT_JUDGED=Word.NOT_JUDGED,
        words=[*Word],
    )
    return {"index.html": text.encode()}


def _fields(row, section, judged):
    """Return what filters ask of a claim."""
    word = judged.word if judged else Word.NOT_JUDGED
    components = (each.component for each in section.techniques) if section else ()
    return {
        "lecture": row.lecture,
        "kind": row.kind,
        "level": word.stance.level,
        "verdict": word,
        "errata": "yes" if row.errata else "",
        "technique": " ".join(components),
        "finding": f"finding-{section.page.name}" if section else "",
    }


def _section(page, book, techniques, figures, moved):
    about = [each for each in techniques if page in each.pages]
    judging = page.larger or page
    if page.larger:
        figures = drawing.drawings(page.larger)
    drawings, svgs, moving = [], [], []
    for each, caption, alt in judging.figures:
        if each.suffix != ".svg":
            moving.append((_link(judging, page, each.file), caption))
            continue
        svg = figures[each.file]
        width, height = (
            round(float(size) * PIXELS) for size in SIZE.search(svg).groups()
        )
        svgs.append(lean(svg))
        drawings.append(Drawing(width, height, alt, caption))
    grids = [judging.overview, judging.cells, *judging.declared]
    shown = [each for each in grids if each]
    opening, claims = book.opening(page), book.claims(page)
    slid = [each for each in moved if each.page == page.name]
    for each in slid:
        sliders.check(each, shown)
    packed = _pack(svgs) if svgs else ""
    return Section(page, opening, claims, about, drawings, packed, moving, shown, slid)


def _pack(texts):
    """Return texts packed into one word, between which stands a NUL."""
    # zlib's format has no header with a time or a system in it, as gzip's has.
    return base64.b64encode(zlib.compress(b"\0".join(texts), 9)).decode()


def _link(judging, page, file):
    """Return the way to a file of a page from where all pages stand."""
    return Path(os.path.relpath(judging.folder / file, page.folder.parent)).as_posix()


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


def _distinct(values):
    return [*dict.fromkeys(filter(None, values))]


def _source(*names):
    """Return style sheets or scripts of ours, which are not escaped."""
    return Markup("".join(template(each).render() for each in names))


def _hash(source):
    """Return the word by which a page's policy lets a source pass."""
    digest = hashlib.sha256(source.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
