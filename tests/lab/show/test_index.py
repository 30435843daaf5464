"""The index: every claim of the ledger once, with the numbers that decide."""

import csv
import io
from dataclasses import replace

import pytest

from study.lab.declare.profiles import PROFILES
from study.lab.judge import judge_all
from study.lab.show.book import Book
from study.lab.show.index import fill_readme, readme_block, render_index

COLUMNS = (
    "id,lecture,kind,claim,experiment,level,verdict,reason,effect,lower,upper,delta,"
    "unit,replicates,diverged,profile,takeaway,command,device,hours"
)


@pytest.fixture
def rows(page, simulated, ledger):
    content = render_index(Book(ledger, [page, simulated]))["claims.csv"].decode()
    assert content.splitlines()[0] == COLUMNS
    return {row["id"]: row for row in csv.DictReader(io.StringIO(content))}


@pytest.fixture
def index(page, simulated, ledger):
    return render_index(Book(ledger, [page, simulated]))["README.md"].decode()


def test_claims_stand_in_the_order_of_the_ledger(rows, ledger):
    assert [*rows] == [*ledger]
    assert [each["claim"] for each in rows.values()] == [
        each.claim for each in ledger.values()
    ]


def test_the_numbers_are_those_that_decide_to_twelve_digits(rows, page, simulated):
    for each in (page, simulated):
        for claim, verdict in judge_all(each.definition, each.table):
            row = rows[claim.id]
            assert row["verdict"] == verdict.word
            assert row["reason"] == verdict.reason
            assert row["experiment"] == each.name
            for name in ("effect", "lower", "upper", "delta"):
                found, exact = row[name], getattr(verdict, name)
                assert found == ("" if exact is None else f"{exact:.12g}")
            assert int(row["replicates"]) == verdict.replicates


def test_a_claim_not_judged_says_so_and_nothing_else(rows, index):
    row = rows["t-06"]
    assert row["level"] == row["verdict"] == "not yet judged"
    assert {*[*row.values()][7:]} == {""}
    assert row["experiment"] == ""
    assert "| t-06 | fact | Nobody has looked at this. | not yet judged |" in index


def test_a_judged_claim_links_to_its_row_on_the_page(index):
    assert "[contradicted](depth/README.md#t-03)" in index
    assert "[refuted](sums/README.md#t-05)" in index


def test_each_claim_has_the_level_of_its_word(rows):
    levels = {row["verdict"]: row["level"] for row in rows.values()}
    assert (levels["reproduced"], levels["cited"]) == ("holds", "holds")
    assert levels["contradicted"] == levels["refuted"] == "does not hold"


def test_verdicts_are_counted_by_level_and_by_word(index):
    told = index.split("| so the claim | claims | of these |\n| --- | --- | --- |\n")[1]
    assert told.split("\n\n")[0].splitlines() == [
        "| holds | 3 | 2 reproduced, 1 cited |",
        "| does not hold | 2 | 1 contradicted, 1 refuted |",
        "| not yet judged | 1 | 1 not yet judged |",
    ]


def test_a_claim_that_depends_has_a_level_of_its_own(depending, simulated, ledger):
    book = Book(ledger, [depending, simulated])
    text = render_index(book)["README.md"].decode()
    told = text.split("| so the claim | claims | of these |\n| --- | --- | --- |\n")[1]
    assert told.split("\n\n")[0].splitlines() == [
        "| holds | 2 | 1 reproduced, 1 cited |",
        "| depends | 1 | 1 depends |",
        "| does not hold | 2 | 1 contradicted, 1 refuted |",
        "| not yet judged | 1 | 1 not yet judged |",
    ]
    assert "| depends | Parts of the claim are reproduced" in text
    assert "[depends](depth/README.md#t-02)" in text
    block = readme_block(book)
    assert "claims: holds 2, depends 1, does not hold 2, not yet judged 1" in block


def test_every_erratum_is_registered_once_with_its_status_and_its_claims(index):
    errata = index.split("## Errata")[1].split("## Claims")[0]
    assert (
        "| E1 | error | 9 | deep nets are slower | they are faster | "
        "[t-03](depth/README.md#t-03), contradicted |"
    ) in errata
    assert (
        "| E2 | no error | 11 | it is three | it is two | "
        "[t-01](depth/README.md#t-01), reproduced; [t-05](sums/README.md#t-05), refuted"
    ) in errata
    assert errata.count("| E2 |") == 1
    assert "| no error | examined, and right as it stands | 1 |" in errata


def test_the_claim_that_went_farthest_against_a_lecture_stands_first(
    index, page, ledger
):
    (worst,) = (
        (claim, verdict)
        for claim, verdict in judge_all(page.definition, page.table)
        if verdict.word == "contradicted"
    )
    assert worst[1].effect < 0
    surprising = index.split("## Most surprising")[1].split("## Findings")[0]
    assert f"**{worst[0].id}**" in surprising
    assert "reproduced" not in surprising


def test_the_index_tells_what_all_pages_cost(index, page, simulated):
    rows = len(page.table) + len(simulated.table)
    cost = index.split("## What it cost")[1]
    assert f"{rows:,} rows of 2 tables" in cost
    assert page.provenance["device"] in cost


def test_claims_with_pipes_and_tags_do_not_break_the_table(index):
    assert "Deep nets \\| learn &lt;b&gt;XOR&lt;/b&gt;." in index


def test_a_smoke_page_judges_nothing(page, ledger):
    files = render_index(Book(ledger, [replace(page, profile=PROFILES["smoke"])]))
    lines = files["claims.csv"].decode().splitlines()[1:]
    assert all("not yet judged" in each for each in lines)


def test_the_index_is_the_same_twice(page, simulated, ledger):
    pages = [page, simulated]
    assert render_index(Book(ledger, pages)) == render_index(Book(ledger, pages))


def test_the_readme_shows_the_counts_and_what_the_findings_say_that_it_names(
    page, simulated, ledger
):
    book = Book(ledger, [page, simulated])
    text = "a\n<!-- verdicts: sums, gone, depth -->\nstale\n<!-- /verdicts -->\nb\n"
    filled = fill_readme(text, book)
    counted, *lines = readme_block(book).splitlines()
    assert counted == (
        f"Of {len(ledger)} claims: holds 3, does not hold 2, not yet judged 1; [in "
        "words](reports/README.md)."
    )
    assert not [line for line in lines if line.startswith("- ")]
    shown = [line for line in filled.splitlines() if line.startswith("- ")]
    for line, each in zip(shown, (simulated, page), strict=True):
        assert book.opening(each) in line
        assert line.endswith(f"(reports/{each.name}/README.md)")
    assert filled.startswith("a\n<!-- verdicts: sums, gone, depth -->\nOf ")
    assert filled.endswith("<!-- /verdicts -->\nb\n")
    assert "stale" not in filled
    assert fill_readme(filled, book) == filled


def test_a_readme_without_markers_stays_as_it_is(page, ledger):
    assert fill_readme("no markers", Book(ledger, [page])) == "no markers"
