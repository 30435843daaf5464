"""A page is taught by its box, in its own numbers, and never against its verdict."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from study.lab.declare.profiles import PROFILES
from study.lab.declare.teach import TEXTS, Box
from study.lab.errors import StudyError
from study.lab.show.book import Book
from study.lab.show.index import render_index
from study.lab.show.page import render_page
from study.lab.show.teach import render_teach

DEEP = {"measure": "test_error", "arm": {"depth": 3, "start": "a|b"}}
BOX = Box(
    **dict.fromkeys(TEXTS, "Why | <b>so</b>?")
    | {"answer": "It errs in {deep}.", "solution": "In {deep} of them."},
    claims={"t-02": "holds"},
    options={"a": "Less", "b": "More"},
    correct="a",
    numbers={"deep": DEEP},
)


def with_box(page, box=BOX):
    return replace(page, box=box, definition=replace(page.definition, figures=()))


def text(page, ledger):
    return render_page(page, Book(ledger))["README.md"].decode()


def test_a_page_has_its_box_before_how_it_was_decided(page, ledger):
    shown = text(with_box(page), ledger)
    box = shown.index("## Teach with this")
    assert shown.index("## Numbers") < box < shown.index("## How it was decided")
    assert "**a.** It errs in 4.09\N{NO-BREAK SPACE}%." in shown
    assert "`make report NAME=depth`" in shown
    html = MarkdownIt().render(shown[box:])
    assert html.count("<details>") == html.count("</details>") == 2
    assert html.index("<summary>Answer") < html.index("It errs in")
    assert "<b>" not in html


def test_a_box_leads_to_its_notebook_from_the_page_and_from_the_list(page, ledger):
    link = "[a notebook](%snotebooks/depth.ipynb)"
    for notebook, there in (({"figure": "rates-solved"}, True), ({}, False)):
        changed = with_box(page, replace(BOX, notebook=notebook))
        (listed,) = render_teach(Book(ledger, [changed])).values()
        assert ((link % "") in listed.decode()) is there
        assert ((link % "../") in text(changed, ledger)) is there


def test_a_page_without_a_box_has_no_such_section(page, ledger):
    assert "Teach with this" not in text(with_box(page, None), ledger)


def test_no_box_stands_against_its_page(page, ledger):
    worse = page.table.assign(test_error=14 - page.table["test_error"])
    assert "Teach with this" not in text(with_box(replace(page, table=worse)), ledger)
    fails = replace(BOX, claims={"t-02": "does not hold"})
    assert "Teach with this" in text(
        with_box(replace(page, table=worse), fails), ledger
    )


def test_a_draft_and_a_page_with_failed_programs_are_not_taught(page, ledger):
    page = with_box(page)
    for changed in (
        {"profile": PROFILES["smoke"]},
        {"provenance": {**page.provenance, "failed": ["depth 3: it ended"]}},
    ):
        assert "Teach with this" not in text(replace(page, **changed), ledger)


def test_a_number_that_is_not_there_is_told(page, ledger):
    with pytest.raises(StudyError, match=r"depth: teach\.numbers: .*rows of depth=4"):
        text(
            with_box(
                page,
                replace(BOX, numbers={"deep": {**DEEP, "arm": {"depth": 4}}}),
            ),
            ledger,
        )


def test_all_boxes_stand_in_one_file_in_the_order_of_the_lectures(
    page, simulated, ledger
):
    sums = replace(
        BOX,
        claims={"t-05": "does not hold"},
        numbers={"deep": {"measure": "deviation", "arm": {"quantity": "half"}}},
    )
    book = Book(ledger, [with_box(simulated, sums), with_box(page)])
    (shown,) = render_teach(book).values()
    found = shown.decode()
    order = "## First lecture", "(depth/README.md)", "## Second lecture", "(sums/"
    places = [found.index(each) for each in order]
    assert places == sorted(places)
    assert found.startswith("# Teach with this\n\n2 findings")


def test_the_index_names_that_file_where_there_is_a_box(page, ledger):
    for box, there in ((BOX, True), (None, False)):
        book = Book(ledger, [with_box(page, box)])
        assert (b"(teach.md)" in render_index(book)["README.md"]) is there
