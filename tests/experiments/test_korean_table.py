"""The project's translations: each erratum is in Korean, or is counted as hidden."""

import re
from pathlib import Path

import pytest

from study.lab.declare import korean, registry
from study.lab.show.book import Book
from study.lab.show.korean import render_korean
from study.lab.show.lectures import by_lecture

FOLDER = Path(__file__).parents[2] / "experiments"


@pytest.fixture(scope="module")
def book():
    ledger = registry.ledger(FOLDER)
    return Book(ledger, korean=korean.read(FOLDER, ledger))


@pytest.mark.parametrize("key", ["d0", "d1", "d2", "d3", "d4"])
def test_every_erratum_of_a_lecture_is_in_korean_or_counted_as_hidden(key, book):
    rows = by_lecture(book)[key]
    there = {each.id for row in rows for each in row.errata}
    sheet = render_korean(book)[f"lectures/{key}-errata.ko.md"].decode()
    shown = re.findall(r"^(?:\||-) \*\*(E\d+)\*\*", sheet, re.MULTILINE)
    hidden = re.search(r"^(\d+)개 항목은", sheet, re.MULTILINE)
    assert {*shown} <= there
    assert len({*shown}) == len(shown)
    assert len(shown) + int(hidden[1] if hidden else 0) == len(there) > 0
