"""The pages of a lecture: its slides in order, what came of them, and its errata."""

import re
from dataclasses import replace

import pytest

from experiments.figures.animation import Animation
from study.lab.declare.lectures import Lectures, Slide
from study.lab.declare.takeaway import Takeaway
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


SAYS = dict.fromkeys(("holds", "fails", "open"), "Deep | nets: {held} hold.")


@pytest.fixture
def rows(ledger):
    """The ledger of a lecture whose slides are known, as those are that errata name."""
    return {
        id: replace(
            row,
            lectures=KNOWN,
            errata=tuple(replace(x, where=f"t:{x.where}, u:3") for x in row.errata),
        )
        for id, row in ledger.items()
    }


@pytest.fixture
def told(page):
    """A page with claims on three slides, whose leading claim is on the second."""
    takeaway = Takeaway(of="t-03", **SAYS)
    return replace(page, definition=replace(page.definition, takeaway=takeaway))


@pytest.fixture
def pages(told, simulated, rows):
    return render_lectures(Book(rows, [told, simulated]))


@pytest.fixture
def text(pages):
    return pages["lectures/t.md"].decode()


@pytest.fixture
def sheet(pages):
    return pages["lectures/t-errata.md"].decode()


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
    ]


def test_who_gives_it_and_what_its_claims_came_to_stand_first(text):
    first = text.partition("## ")[0]
    assert "Prof. &lt;A&gt;" in first
    assert "6 claims" in first
    assert "2 reproduced, 1 contradicted" in first


def test_a_verdict_links_to_its_row_and_what_is_not_judged_says_so(text):
    assert "[contradicted](../depth/README.md#t-03)" in text
    assert "| **t-06** Nobody has looked at this. | not yet judged |  |" in text


def test_what_a_page_found_is_told_once_where_its_leading_claim_stands(text):
    found = "Deep \\| nets: 3 of 4 hold. [Depth \\| width](../depth/README.md)"
    assert text.count("nets: 3 of 4 hold") == 1
    before, after = text.split(found)
    assert before.endswith('### XOR\n\n<a id="depth"></a>')
    assert after.startswith('\n\n<img src="../depth/rates-solved.svg" width="300" alt=')
    assert after.index("rates-solved") < after.index("| **t-03**")


def test_a_claim_on_another_slide_links_to_what_its_page_found(text):
    rows = dict(re.findall(r"^\| \*\*(t-\d+)\*\*.*?\|(.*)\|$", text, re.MULTILINE))
    leads = [id for id, row in rows.items() if "[what was found](#depth)" in row]
    assert leads == ["t-01", "t-02", "t-04"]


def test_a_page_that_leads_with_another_lecture_s_claim_is_told_at_its_first(
    told, simulated, rows
):
    away = {id: row for id, row in rows.items() if id != "t-03"}
    away["s-03"] = replace(rows["t-03"], id="s-03")
    files = render_lectures(Book(away, [told, simulated]))
    text = files["lectures/t.md"].decode()
    assert text.index("nets: 3 of 4 hold") < text.index("| **t-01**")


def test_a_figure_that_moves_is_not_shown_in_small(told, simulated, rows):
    still = told.definition.figures[-1]
    moving = Animation(still, "Ways")
    definition = replace(told.definition, figures=(moving, still))
    book = Book(rows, [replace(told, definition=definition), simulated])
    text = render_lectures(book)["lectures/t.md"].decode()
    assert re.findall(r'<img src="(.*?)"', text) == [f"../depth/{still.file}"]


def test_the_lecture_and_its_sheet_of_errata_link_to_each_other(text, sheet):
    assert "(t-errata.md)" in text
    assert "(t.md)" in sheet


def test_a_sheet_tells_what_the_lecture_says_and_what_to_teach_instead(sheet):
    assert (
        "| **E1** error<br>XOR<br>[t-03](../depth/README.md#t-03) does not hold "
        "| deep nets are slower | they are faster |"
    ) in sheet


def test_what_turned_out_to_be_right_stands_apart_on_the_sheet(sheet):
    wrong, right = sheet.split("Examined, and right as it stands:")
    assert "E2" not in wrong
    assert "- **E2** it is three: it is two" in right


def test_a_lecture_without_errata_has_no_sheet(told, rows):
    bare = {id: replace(row, errata=()) for id, row in rows.items()}
    files = render_lectures(Book(bare, [told]))
    assert [*files] == ["lectures/t.md"]
    assert b"errata" not in files["lectures/t.md"]
