"""A page for each lecture: its slides in order, with what each claim came to."""

from collections.abc import Iterable
from dataclasses import dataclass

from study.lab.declare.lectures import Slide
from study.lab.declare.registry import LedgerRow
from study.lab.rules.words import Word
from study.lab.show.book import Book, told
from study.lab.show.claims import JudgedClaim
from study.lab.show.markdown import template
from study.lab.show.page import Page

FOLDER = "lectures"


@dataclass(frozen=True)
class Stop:
    """A slide with the claims that begin on it; None for what stands on no slide.

    `takeaways` are those of the pages that one of these claims leads.
    """

    slide: Slide | None
    claims: list[tuple[LedgerRow, JudgedClaim | None]]
    takeaways: list[tuple[str, Page]]


def page_of(key: str) -> str:
    """Return the file of a lecture's page, beside the reports."""
    return f"{FOLDER}/{key}.md"


def render_lectures(book: Book) -> dict[str, bytes]:
    """Render a page for each lecture whose slides are known."""
    rows: dict[str, list[LedgerRow]] = {}
    for row in book.ledger.values():
        rows.setdefault(row.key, []).append(row)
    return {
        page_of(key): _page(claims, book)
        for key, claims in rows.items()
        if claims[0].lectures[key]
    }


def _page(rows, book):
    judged = book.judged
    first, *_ = rows[0].lectures[rows[0].key]
    found = [judged[row.id] for row in rows if row.id in judged]
    text = template("lecture.md.j2").render(
        title=rows[0].lecture,
        by=first.by,
        total=len(rows),
        counts=told(each.word for each in found),
        stops=[*_walk(rows, judged, book.found)],
        errata=book.errata((row.id for row in rows), judged),
        NOT_JUDGED=Word.NOT_JUDGED,
    )
    return text.encode()


def _walk(rows: list[LedgerRow], judged, takeaways) -> Iterable[Stop]:
    """Yield the slides that claims begin on, in the lecture's order."""
    stops: dict[Slide | None, list] = {}
    for row in rows:
        slide = next(iter(row.lectures.slides(row.key, row.lines)), None)
        stops.setdefault(slide, []).append((row, judged.get(row.id)))
    for slide in (*rows[0].lectures[rows[0].key], None):
        if slide in stops:
            ids = [row.id for row, _ in stops[slide]]
            found = [takeaways[id] for id in ids if id in takeaways]
            yield Stop(slide, stops[slide], found)
