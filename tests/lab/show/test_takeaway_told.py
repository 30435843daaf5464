"""A page says first what it found, in the words of what came out."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from study.lab.declare.definition import Claim
from study.lab.declare.lectures import Lectures, Slide
from study.lab.declare.profiles import PROFILES
from study.lab.declare.takeaway import Difference, Least, Number, Ratio, Takeaway
from study.lab.errors import StudyError
from study.lab.rules.verdicts import Cited, Exact, Readings
from study.lab.show.book import Book
from study.lab.show.explorer import render_explorer
from study.lab.show.index import fill_readme, render_index
from study.lab.show.lectures import render_lectures
from study.lab.show.page import render_page
from study.lab.show.takeaway import filled

DEEP, SHALLOW = ({"depth": each, "start": "a|b"} for each in (3, 1))
ERROR = Number("test_error", DEEP)
JOINED = "\N{NO-BREAK SPACE}"  # a number and its unit stay on one line
NUMBERS = {"deep": ERROR, "shallow": Number("test_error", SHALLOW)}
TEXTS = dict.fromkeys(
    ("holds", "fails", "open"), "From {shallow} to {deep}: {level} for {held} claims."
)
TAKEAWAY = Takeaway(
    of="t-02",
    numbers=NUMBERS,
    **{name: text.replace("{level}", name) for name, text in TEXTS.items()},
)


def saying(page, takeaway=TAKEAWAY, **more):
    changed = replace(page.definition, takeaway=takeaway, figures=(), **more)
    return replace(page, definition=changed)


def says(page, ledger, takeaway=TAKEAWAY, **more):
    page = saying(page, takeaway, **more)
    return Book(ledger, [page]).takeaway(page).replace(JOINED, " ")


def alone(page, ledger, number, level="holds"):
    takeaway = Takeaway(of="t-02", numbers={"n": number}, **{level: "{n}."})
    return says(page, ledger, takeaway).removesuffix(".")


def test_the_word_of_the_leading_claim_chooses_the_text(page, ledger):
    assert says(page, ledger) == "From 8.01 % to 4.09 %: holds for 3 of 4 claims."
    table = page.table.assign(test_error=14 - page.table["test_error"])
    worse = replace(page, table=table)
    assert says(worse, ledger).startswith("From 5.99 % to 9.91 %: fails")
    swings = 40 * (-1) ** page.table["replicate"] * (page.table["depth"] == 3)
    table = page.table.assign(test_error=50 + swings)
    assert "open" in says(replace(page, table=table), ledger)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (ERROR, "4.09 %"),
        (Number("solved", DEEP), "10 of 10"),
        (Number("solved", {"depth": 2, "start": "big"}), "5 of 10"),
        (Number("first_step_solved", DEEP), "104 steps"),
        (Number("first_step_solved", SHALLOW), "more than 400 steps"),
        (Ratio(NUMBERS["shallow"], ERROR), "2"),
        (Least("test_error"), "3.98 %"),
        (Least("test_error", {"depth": 2}), "6.00 %"),
        (Difference(ERROR, NUMBERS["shallow"]), "−3.9 points"),
    ],
)
def test_a_number_is_told_with_its_unit(page, ledger, number, told):
    assert alone(page, ledger, number) == told


def test_a_measure_without_a_unit_says_what_it_is(page, ledger):
    page = replace(page, table=page.table.assign(solved=page.table["depth"] + 0.5))

    def told(**unit):
        number = Number("solved", DEEP, **unit)
        takeaway = Takeaway(open="{n}.", numbers={"n": number})
        return filled(saying(page, takeaway), "open").replace(JOINED, " ")

    assert told(unit="") == "3.5."
    assert told(unit="digits") == "3.5 digits."
    with pytest.raises(StudyError, match=r"depth: takeaway.*a unit after `solved`"):
        told()


def test_a_number_has_three_digits_at_most_and_no_more_than_are_sure(page, ledger):
    table = page.table.copy()
    table["test_error"] += 1_230 * (table["depth"] == 3)
    assert alone(replace(page, table=table), ledger, ERROR, "fails") == "1,234 %"


def test_what_never_came_is_compared_with_nothing(page, ledger):
    never = Ratio(
        Number("first_step_solved", SHALLOW), Number("first_step_solved", DEEP)
    )
    with pytest.raises(StudyError, match="more than 400 of depth=1, start=a"):
        alone(page, ledger, never)


def numbers(page, **more):
    fields = {"holds": "It is {n}.", "fails": "It is {n} off.", **more}
    return Takeaway(numbers={"n": Number("deviation", **page)}, **fields)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"arm": {"quantity": "product"}}, "rows of quantity=product in results.csv"),
        ({"arm": {"quantities": "sum"}}, "no such column.*did you mean 'quantity'"),
        ({"arm": {}}, "one row a seed.*2, which differ in quantity"),
        ({"table": "other"}, "a table `other`"),
    ],
)
def test_a_number_that_is_not_there_or_is_several_is_told(
    simulated, ledger, where, message
):
    with pytest.raises(StudyError, match=f"sums: .*{message}"):
        says(simulated, ledger, numbers(where))


def test_a_simulation_tells_a_number_of_its_table(simulated, ledger):
    takeaway = numbers({"arm": {"quantity": "half"}})
    assert says(simulated, ledger, takeaway) == "It is 0.1 units off."


def test_a_text_that_grows_too_long_by_its_numbers_is_refused(page, ledger):
    long = replace(TAKEAWAY, holds=f"{'word ' * 58}{{deep}} {{shallow}}.")
    with pytest.raises(StudyError, match=r"holds: expected at most 60 words, not 62"):
        says(page, ledger, long)


def test_what_depends_says_where_it_holds(depending, ledger):
    text = "It errs less {where}: {deep} against {shallow}."
    found = says(depending, ledger, replace(TAKEAWAY, depends=text))
    assert found == "It errs less at depth 3, not at 1: 4.09 % against 8.01 %."


def test_of_two_readings_it_says_which_holds(simulated, ledger):
    readings = Readings(
        {
            f"as a {each}": Exact(
                measure="deviation", where={"quantity": each}, tolerance=0.5
            )
            for each in ("sum", "half")
        }
    )
    takeaway = Takeaway(holds="It is.", fails="It is not.", depends="So {where}.")
    found = says(simulated, ledger, takeaway, claims=(Claim("t-05", readings),))
    assert found == "So as a half, not as a sum."


def test_a_page_that_judges_nothing_has_one_text(page, ledger):
    takeaway = Takeaway(shows="Deep nets err in {deep}.", numbers={"deep": ERROR})
    found = says(page, ledger, takeaway, claims=(), anchors=())
    assert found == "Deep nets err in 4.09 %."


def test_what_is_not_judged_says_nothing_in_numbers(page, ledger):
    draft = saying(replace(page, profile=PROFILES["smoke"]))
    failed = saying(replace(page, provenance={**page.provenance, "failed": ["3"]}))
    for each in (draft, failed, page):
        assert Book(ledger, [each]).takeaway(each) == ""
        assert Book(ledger, [each]).opening(each) == page.docstring


def test_a_word_without_a_text_is_told_by_its_page(page, ledger):
    claims = (Claim("t-04", verdict=Cited(source="Somebody", correct=False)),)
    with pytest.raises(StudyError, match=r"depth: takeaway: .*write takeaway\.fails"):
        says(
            page, ledger, replace(TAKEAWAY, of="", fails=""), claims=claims, anchors=()
        )


def test_it_stands_first_wherever_a_page_is_told(page, ledger):
    slides = Lectures(
        [Slide("t", "Prof.", 1, "", "Nets"), Slide("t", "", 5, "", "XOR")]
    )
    rows = {id: replace(row, lectures=slides) for id, row in ledger.items()}
    book = Book(rows, [saying(page)])
    (shown,) = book.pages
    told = "From 8.01 % to 4.09 %: holds for 3 of 4 claims.".replace(" %", JOINED + "%")
    text = render_page(shown, book)["README.md"].decode()
    assert text.startswith(f"# Depth \\| width\n\n**{told}**\n")
    index = render_index(book)
    assert f"| {told} |" in index["README.md"].decode()
    lines = csv.DictReader(io.StringIO(index["claims.csv"].decode()))
    said = {row["id"]: row["takeaway"] for row in lines}
    assert {id: text for id, text in said.items() if text} == {"t-02": told}
    explorer = render_explorer(book, (), {"depth": {}}, Path("reports"))
    assert f'"sentence">{told}<' in explorer["index.html"].decode()
    surprise = Book(rows, [saying(page, replace(TAKEAWAY, of="t-03"))])
    told_there = told.replace("holds", "fails")
    readme = fill_readme("<!-- verdicts: depth -->\n<!-- /verdicts -->", surprise)
    link = "[Depth \\| width](reports/depth/README.md)"
    assert f"- {told_there} {link}\n" in readme
    assert f"| {told_there}<br>−296" in render_index(surprise)["README.md"].decode()
    lecture = render_lectures(book)["lectures/t.md"].decode()
    slide = lecture.partition("### Nets")[2].partition("| claim")[0]
    link = "[Depth \\| width](../depth/README.md)"
    assert slide.strip() == f'<a id="depth"></a>{told} {link}'
    assert lecture.count(told) == 1


def test_the_runs_at_the_sources_own_size_fill_it_where_they_judge(page, ledger):
    table = page.table.assign(test_error=page.table["test_error"] / 2)
    larger = saying(replace(page, profile=PROFILES["paper"], table=table))
    assert says(replace(page, larger=larger), ledger).startswith(
        "From 4.00 % to 2.04 %"
    )
