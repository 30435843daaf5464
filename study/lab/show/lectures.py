"""The pages of each lecture: its slides with what came of them, and its errata.

A page walks the slides in their order; a sheet, to print, has what to teach instead.
"""

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
RIGHT = "no error"  # the status of what was examined and is right as it stands


@dataclass(frozen=True)
class Told:
    """What a page found, told once in a lecture, with its first figure in small.

    Args:
        page: The page.
        text: Its takeaway.
        picture: The figure's file and the words for those who do not see it; None
            where nothing is drawn that stands still.
    """

    page: Page
    text: str
    picture: tuple[str, str] | None


@dataclass(frozen=True)
class Stop:
    """A slide with the claims that begin on it; None for what stands on no slide.

    `told` are the pages that are told here: where their leading claim stands, else at
    the first of their claims.
    """

    slide: Slide | None
    claims: list[tuple[LedgerRow, JudgedClaim | None]]
    told: list[Told]

    def elsewhere(self, judged: JudgedClaim | None, there: Iterable[str]) -> bool:
        """Say whether the page of a claim is told, and at another stop."""
        name = judged.page.name if judged else ""
        return name in there and name not in {each.page.name for each in self.told}


@dataclass(frozen=True)
class Line:
    """An erratum as a lecture's sheet has it.

    Args:
        id: Its number.
        status: What came of it.
        slides: The headings of its slides, then those of other lectures, with their
            key.
        says: What the lecture says.
        right: What to teach instead.
        claims: Its claims in this lecture, each with the page that judges it, or "",
            and how it stands.
        fine: Whether the lecture is right as it stands.
    """

    id: str
    status: str
    slides: list[str]
    says: str
    right: str
    claims: list[tuple[str, str, str]]
    fine: bool


def page_of(key: str) -> str:
    """Return the file of a lecture's page, in the folder of lectures."""
    return f"{key}.md"


def sheet_of(key: str) -> str:
    """Return the file of a lecture's errata, in the folder of lectures."""
    return f"{key}-errata.md"


def in_korean(file: str) -> str:
    """Return the file of a page in Korean."""
    return file.removesuffix(".md") + ".ko.md"


def render_lectures(book: Book) -> dict[str, bytes]:
    """Render a page and a sheet for each lecture whose slides are known."""
    files = {}
    for key, rows in by_lecture(book).items():
        found = lines(key, rows, book)
        files[f"{FOLDER}/{page_of(key)}"] = _page(key, rows, book, found)
        if found:
            files[f"{FOLDER}/{sheet_of(key)}"] = _sheet(key, rows, book, found)
    return files


def by_lecture(book: Book) -> dict[str, list[LedgerRow]]:
    """Map the keys of the lectures whose slides are known to their claims."""
    rows: dict[str, list[LedgerRow]] = {}
    for row in book.ledger.values():
        rows.setdefault(row.key, []).append(row)
    return {key: mine for key, mine in rows.items() if mine[0].lectures[key]}


def lines(key: str, rows: list[LedgerRow], book: Book) -> list[Line]:
    """List the errata of a lecture as its sheet has them, by their numbers."""
    own, known = {row.id for row in rows}, rows[0].lectures
    return [
        Line(
            id=each.erratum.id,
            status=each.erratum.status,
            slides=_slides(key, known.headings(each.erratum.where)),
            says=each.erratum.says,
            right=each.erratum.right,
            claims=[_stands(id, each.claims[id]) for id in each.claims if id in own],
            fine=each.erratum.status == RIGHT,
        )
        for each in book.errata(own, book.judged)
    ]


def _stands(id, judged):
    word = judged.word if judged else Word.NOT_JUDGED
    return id, judged.page.name if judged else "", word.stance.level


def _slides(key, headings):
    """List the slides of a lecture, then those of others with their key."""
    others = {lecture: found for lecture, found in headings.items() if lecture != key}
    return [
        *headings.get(key, ()),
        *(f"{lecture}: {each}" for lecture in others for each in others[lecture]),
    ]


def walk(rows: list[LedgerRow], book: Book) -> list[Stop]:
    """List the slides that claims begin on, in the lecture's order."""
    judged = book.judged
    stops: dict[Slide | None, list] = {}
    for row in rows:
        slide = next(iter(row.lectures.slides(row.key, row.lines)), None)
        stops.setdefault(slide, []).append((row, judged.get(row.id)))
    order = [*rows[0].lectures[rows[0].key], None]
    there = [(each, stops[each]) for each in order if each in stops]
    where = _where_told(there, book)
    return [
        Stop(slide, claims, [_told(page, book) for page in where.get(slide, ())])
        for slide, claims in there
    ]


def _where_told(stops, book):
    """Map slides to the pages that are told there."""
    places = {}
    for slide, claims in stops:
        for row, judged in claims:
            if judged and book.takeaway(judged.page):
                page = judged.page
                leads = page.definition.takeaway.leading(page.definition).id == row.id
                if leads or page.name not in places:
                    places[page.name] = slide, page
    found = {}
    for slide, page in places.values():
        found.setdefault(slide, []).append(page)
    return found


def _told(page, book):
    return Told(page, book.takeaway(page), page.picture)


def _page(key, rows, book, found):
    judged = book.judged
    first, *_ = rows[0].lectures[key]
    stops = walk(rows, book)
    text = template("lecture.md.j2").render(
        title=rows[0].lecture,
        by=first.by,
        total=len(rows),
        counts=told(judged[row.id].word for row in rows if row.id in judged),
        stops=stops,
        there={each.page.name for stop in stops for each in stop.told},
        sheet=sheet_of(key) if found else "",
        korean=in_korean(page_of(key)) if book.korean else "",
        NOT_JUDGED=Word.NOT_JUDGED,
    )
    return text.encode()


def _sheet(key, rows, book, found):
    text = template("sheet.md.j2").render(
        title=rows[0].lecture,
        page=page_of(key),
        korean=in_korean(sheet_of(key)) if book.korean else "",
        wrong=[each for each in found if not each.fine],
        right=[each for each in found if each.fine],
    )
    return text.encode()
