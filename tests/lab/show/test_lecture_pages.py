"""The page of a lecture: its slides in order, with what each claim came to."""

import re
from dataclasses import replace

import pytest

from study.lab.declare.lectures import Lectures, Slide
from study.lab.show.book import Book
from study.lab.show.lectures import render_lectures

KNOWN = Lectures(
    [
        Slide("t", "Prof. <A>", 1, "", "Nets | units"),
        Slide("t", "", 5, "Deep", "XOR"),
        Slide("t", "", 10, "Deep", "History"),
        Slide("t", "", 11, "Sums", "One and one"),
    ]
)


@pytest.fixture
def pages(page, simulated, ledger):
    rows = {id: replace(row, lectures=KNOWN) for id, row in ledger.items()}
    return render_lectures(Book(rows, [page, simulated]))


@pytest.fixture
def text(pages):
    return pages["lectures/t.md"].decode()


def test_a_lecture_whose_slides_are_not_known_has_no_page(page, simulated, ledger):
    assert render_lectures(Book(ledger, [page, simulated])) == {}


def test_claims_stand_under_their_section_and_slide_in_order(text):
    headings = re.findall(r"^##+ .*|^\| \*\*t-\d+", text, re.MULTILINE)
    assert headings == [
        "## The lecture",
        "### Nets \\| units",
        "| **t-01",
        "| **t-02",
        "## Deep",
        "### XOR",
        "| **t-03",
        "### History",
        "| **t-04",
        "## Sums",
        "### One and one",
        "| **t-05",
        "| **t-06",
        "## Errata",
    ]


def test_who_gives_it_and_what_its_claims_came_to_stand_first(text):
    first = text.partition("## ")[0]
    assert "Prof. &lt;A&gt;" in first
    assert "6 claims" in first
    assert "2 reproduced, 1 contradicted" in first


def test_a_verdict_links_to_its_row_and_what_is_not_judged_says_so(text):
    assert "[contradicted](../depth/README.md#t-03)" in text
    assert "| **t-06** Nobody has looked at this. | not yet judged |  |" in text


def test_errata_tell_what_the_lecture_says_and_what_is_right(text):
    errata = text.partition("## Errata")[2]
    assert "| deep nets are slower | they are faster | [t-03](../depth" in errata
    assert "| E2 | no error |" in errata
