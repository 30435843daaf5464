"""A page with larger runs: their words count, and each table says whose it is."""

from dataclasses import replace
from pathlib import Path

import pytest

from study.lab.declare.profiles import PROFILES
from study.lab.show.book import Book
from study.lab.show.explorer import render_explorer
from study.lab.show.index import readme_block, render_index
from study.lab.show.page import render_page
from study.lab.show.protocol import origin

LINE = "Larger runs (`PROFILE=paper`) judge {} of the 3 claims whose"


@pytest.fixture
def both(page, declare):
    """A page and one of larger runs, in which depth is of no use any more."""
    smaller = declare.experiment(paper={"steps": 900, "replicates": 12}, figures=())
    definition = smaller.at("paper")
    table = declare.results(definition)
    table["test_error"] = table["replicate"] + table["start"].eq("big")
    larger = replace(
        page,
        definition=definition,
        profile=PROFILES["paper"],
        table=table,
        folder=Path("reports", "paper", "depth"),
    )
    return replace(page, definition=smaller, larger=larger)


def test_claims_are_judged_by_the_larger_runs_and_keep_the_word_of_the_smaller(
    both, ledger
):
    claims = {each.id: each for each in Book(ledger).claims(both)}
    words = {each.id: each.word for each in Book(ledger).claims(both.larger)}
    assert {id: each.word for id, each in claims.items()} == words
    assert claims["t-02"].word != "reproduced"
    assert claims["t-02"].smaller.word == "reproduced"
    assert claims["t-02"].page is both.larger
    assert claims["t-02"].smaller.page is both


def test_a_claim_that_the_larger_size_does_not_judge_keeps_its_word(both, ledger):
    fewer = replace(both.larger.definition, claims=both.definition.claims[2:])
    larger = replace(both.larger, definition=replace(fewer))
    page = replace(both, larger=larger)
    claims = {each.id: each for each in Book(ledger).claims(page)}
    assert claims["t-02"].word == "reproduced"
    assert claims["t-02"].smaller is None
    assert claims["t-03"].smaller


def test_the_page_says_what_differs_in_words_and_in_how_they_were_run(both, ledger):
    text = render_page(both, Book(ledger))["README.md"].decode()
    section = text.partition("## In larger runs")[2].partition("\n## ")[0]
    lines = section.splitlines()
    (differ,) = (each for each in lines if each.startswith("They differ"))
    assert "t-02 is *reproduced* in smaller runs and " in differ
    assert "t-01" not in differ
    assert "| seeds a cell | 10 | 12 |" in section
    assert "| steps | 400 | 900 |" in section
    assert "`start`" not in section


def test_claims_of_larger_runs_are_counted_citations_left_out(both, ledger):
    for larger, count in ((None, 0), (both.larger, 3)):
        book = Book(ledger, [replace(both, larger=larger)])
        index = render_index(book)["README.md"].decode()
        for text in (index, readme_block(book)):
            (told,) = (
                x for x in text.split("\n\n") if x.startswith(LINE.format(count))
            )
            assert "\n" not in told  # a paragraph of its own


def test_nothing_is_counted_where_no_finding_declares_a_larger_size(page, ledger):
    book = Book(ledger, [page])
    assert "arger runs" not in render_index(book)["README.md"].decode()
    assert "arger runs" not in readme_block(book)


def test_the_origin_tells_which_machine_made_how_many_runs(page):
    machines = [
        {
            "versions": {"keras": "3.15", "numpy": "2.4"},
            "device": device,
            "processor": processor,
            "threads": threads,
            "runs": runs,
        }
        for device, processor, threads, runs in (
            ("GPU, x86_64", "H200", 16, 1_200),
            ("CPU, arm64", "", 1, 1),
        )
    ]
    assert origin({**page.provenance, "machines": machines}) == (
        "It took 12.3 s of computing: 1,200 runs on GPU, x86_64 (H200, 16 threads) "
        "with keras 3.15 and numpy 2.4; 1 run on CPU, arm64 (1 thread) with keras 3.15 "
        "and numpy 2.4."
    )


def test_the_file_for_a_browser_shows_the_tables_of_the_runs_that_judge(both, ledger):
    book, folder = Book(ledger, [both]), Path("reports")
    (content,) = render_explorer(book, (), {both.name: {}}, folder).values()
    text = content.decode()
    assert "figures are those of the larger runs" in text
    smaller, larger = (
        {cell for row in page.cells.rows for cell in row}
        for page in (both, both.larger)
    )
    assert larger - smaller
    assert all(f">{each}<" in text for each in larger - smaller)
    assert not any(f">{each}<" in text for each in smaller - larger)
