"""Twenty pages are taught by boxes that agree with what came out."""

from pathlib import Path

import pytest

from study.lab.declare import registry
from study.lab.show.book import Book
from study.lab.show.teach import render_teach

ROOT = Path(__file__).parents[2]
EXPERIMENTS = ROOT / "experiments"
PAGES, LECTURES = 20, 5


@pytest.fixture(scope="module")
def taught(findings, committed_page):
    """Return the pages that have a box, in a book."""
    book = Book(registry.ledger(EXPERIMENTS))
    for name, finding in findings.items():
        folder = ROOT / "reports" / name
        if finding.box and (folder / "provenance.json").is_file():
            book.add(committed_page("standard", name))
    return book


def test_twenty_pages_of_all_lectures_have_a_box(findings):
    boxes = [each.box for each in findings.values() if each.box]
    assert len(boxes) == PAGES
    assert len({id[:2] for box in boxes for id in box.claims}) == LECTURES


def test_every_box_agrees_with_its_page_and_is_filled_from_its_tables(taught):
    assert taught.pages, "expected pages that were run. Received: none"
    for page in taught.pages:
        levels = {each.id: each.word.stance.level for each in taught.claims(page)}
        assert page.box.apart(levels) == [], page.name
        found = taught.taught(page)
        assert "{" not in found.answer + found.solution, page.name


def test_the_committed_list_of_all_boxes_is_rendered_the_same_again(taught):
    for name, content in render_teach(taught).items():
        assert (ROOT / "reports" / name).read_bytes() == content, "run `make render`"
