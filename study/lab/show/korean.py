"""The pages of lectures in Korean: what pages found, and the errata.

What is not translated, or has changed in English since, is counted and not shown.
"""

from dataclasses import replace

from study.lab.declare.korean import RIGHT, SAYS
from study.lab.rules.words import Stance, Word
from study.lab.show.book import Book
from study.lab.show.lectures import (
    FOLDER,
    by_lecture,
    in_korean,
    lines,
    page_of,
    sheet_of,
    walk,
)
from study.lab.show.markdown import template

LEVELS = {
    Stance.FOR.level: "성립",
    Stance.DEPENDS.level: "조건에 따라 다름",
    Stance.AGAINST.level: "성립하지 않음",
    Stance.OPEN.level: "미결",
    Stance.NONE.level: "아직 판정하지 않음",
}
STATUSES = {
    "error": "오류",
    "omission": "누락",
    "notation": "표기",
    "disagreement": "불일치",
    "no error": "오류 아님",
}


def render_korean(book: Book) -> dict[str, bytes]:
    """Render the pages in Korean; none where nothing is translated."""
    files = {}
    for key, rows in by_lecture(book).items() if book.korean else ():
        found = lines(key, rows, book)
        files[f"{FOLDER}/{in_korean(page_of(key))}"] = _page(key, rows, book, found)
        if found:
            sheet = _sheet(key, rows, book, found)
            files[f"{FOLDER}/{in_korean(sheet_of(key))}"] = sheet
    return files


def _page(key, rows, book, found):
    english = walk(rows, book)
    stops = [replace(stop, told=_translated(stop.told, book)) for stop in english]
    text = template("lecture.ko.md.j2").render(
        title=rows[0].lecture,
        english=page_of(key),
        total=len(rows),
        sheet=in_korean(sheet_of(key)) if found else "",
        hidden=sum(len(stop.told) for stop in english)
        - sum(len(stop.told) for stop in stops),
        stops=stops,
        LEVELS=LEVELS,
        NOT_JUDGED=Word.NOT_JUDGED,
    )
    return text.encode()


def _translated(told, book):
    texts = ((each, book.takeaway_in_korean(each.page)) for each in told)
    return [replace(each, text=text) for each, text in texts if text]


def _sheet(key, rows, book, found):
    shown = [
        replace(
            each,
            status=STATUSES[each.status],
            says=says,
            right=right,
            claims=[(id, page, LEVELS[level]) for id, page, level in each.claims],
        )
        for each in found
        if (says := book.korean.text(each.id, SAYS, each.says))
        and (right := book.korean.text(each.id, RIGHT, each.right))
    ]
    text = template("sheet.ko.md.j2").render(
        title=rows[0].lecture,
        english=sheet_of(key),
        page=in_korean(page_of(key)),
        wrong=[each for each in shown if not each.fine],
        right=[each for each in shown if each.fine],
        hidden=len(found) - len(shown),
    )
    return text.encode()
