"""Fill the boxes by which pages are taught, and leave out what would contradict one."""

from dataclasses import dataclass
from typing import Any

from study.lab.declare.takeaway import placeholders
from study.lab.declare.teach import FILLED, Box, numbers
from study.lab.errors import DefinitionError, StudyError
from study.lab.show.markdown import template
from study.lab.show.takeaway import tell

FILE = "teach.md"


@dataclass(frozen=True)
class Taught:
    """A page's box, with the numbers of its tables in the answers."""

    page: Any
    box: Box
    answer: str
    solution: str


def teach(page, claims) -> Taught | None:
    """Return a page's box, filled; None where it has none or it is for other verdicts.

    Args:
        page: The page.
        claims: Its judged claims, of which each has the page whose runs judge it.

    Raises:
        StudyError: A number is not there.
    """
    box, failed = page.box, page.provenance.get("failed")
    levels = {each.id: each.word.stance.level for each in claims}
    if box is None or failed or page.elsewhere or box.apart(levels):
        return None
    judging = next(each.page for each in claims if each.id in box.claims)
    told = numbers(box, judging.definition)
    try:
        return Taught(page, box, *(_filled(judging, box, told, x) for x in FILLED))
    except (DefinitionError, ValueError) as error:
        raise StudyError(f"{page.name}: {error}") from error


def _filled(page, box, told, name):
    text = getattr(box, name)
    named = placeholders(f"teach.{name}", text)
    return text.format_map({each: tell(page, told[each], "teach") for each in named})


def render_teach(book) -> dict[str, bytes]:
    """Render all boxes of a book's pages, in the order of the lectures."""
    left = [each for each in map(book.taught, book.pages) if each]
    total, lectures = len(left), {}
    for id, row in book.ledger.items():
        for each in [each for each in left if id in each.box.claims]:
            lectures.setdefault(row.lecture, []).append(each)
            left.remove(each)
    text = template("teaching.md.j2").render(lectures=lectures, total=total)
    return {FILE: text.encode()}
