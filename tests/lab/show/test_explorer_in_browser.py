"""The one file in a real browser: it filters, sorts, draws, and asks for nothing."""

import json
from dataclasses import replace
from pathlib import Path

import browsing
import pytest

from study.initializers import He
from study.lab.declare.parity import ROWS
from study.lab.show.book import Book
from study.lab.show.explorer import BUILT, render_explorer
from study.lab.show.page import render_page

ROOT = Path(__file__).parents[3]

HANDS, READER, FOLDED = (
    (Path(__file__).parent / f"{each}.js").read_text("utf-8")
    for each in ("hands", "reader", "folded_reader")
)
CHOICES = {
    "q": "DEEP err",
    "verdict": "contradicted",
    "lecture": "First lecture",
    "kind": "fact",
    "level": "does not hold",
    "errata": "yes",
    "technique": "initializers.He",
}


@pytest.fixture(scope="module")
def browser():
    return browsing.found()


def render(pages, ledger):
    book = Book(ledger, pages)
    drawn = {each.name: render_page(each, book) for each in pages}
    found = render_explorer(book, ROWS, drawn, ROOT / "reports")
    return found["index.html"].decode()


def visit(browser, html, folder):
    script = f"const CHOICES = {json.dumps(CHOICES)};{HANDS}{READER}"
    return browsing.visit(browser, html, script, folder)


def test_a_reader_searches_filters_sorts_and_opens(
    browser, page, simulated, ledger, tmp_path
):
    definition = replace(page.definition, about=(He,))
    pages = [replace(page, definition=definition), simulated]
    told, said = visit(browser, render(pages, ledger), tmp_path)
    every = [f"claim-t-0{i}" for i in range(1, 7)]
    assert said == []
    assert told["requests"] == []

    assert told["start"] == every
    shown = {name: ids for name, (ids, *_) in told["fields"].items()}
    assert shown == {
        "q": ["claim-t-02"],
        "verdict": ["claim-t-03"],
        "lecture": every[:2],
        "kind": every[4:],
        "level": [each for each in every if each in ("claim-t-03", "claim-t-05")],
        "errata": [f"claim-{id}" for id, row in ledger.items() if row.errata],
        "technique": every[:4],
    }
    assert told["fields"]["verdict"][1:] == [
        "1 of 6 claims, 1 of 2 findings",
        "#verdict=contradicted",
    ]
    assert told["cleared"] == [every, ""]

    assert told["one"] == 1
    for key, ((up, ids), (down, reverse), _) in told["sorted"].items():
        assert (up, down) == ("ascending", "descending") or key == "id"
        assert sorted(ids) == sorted(reverse) == every
    assert told["sorted"]["id"][0] == ["descending", every[::-1]]
    assert told["sorted"]["verdict"][0][1][-1] == "claim-t-06"
    assert told["sorted"]["verdict"][2] == "#sort=-verdict"
    assert told["sorted"]["effect"][0][1][-2:] == ["claim-t-04", "claim-t-06"]

    assert told["counted"] == "6 of 6 claims, 2 of 2 findings"
    assert told["followed"] == [["claim-t-05"], "refuted"]
    assert told["revealed"][:2] == [True, False]
    assert len(told["revealed"][2]) == len(every)

    assert len(told["images"]) == 3
    assert all(width > 0 and start == "blob:" for width, start in told["images"])
    assert told["packed"] == 1
    assert told["folded"] == 2  # at the start
    before, printed = told["techniques"]
    assert (before, printed > len(ROWS) / 2) == (0, True)
    assert told["focused"] == "q"
    assert told["addressed"] == [True, True]
    assert told["cited"].startswith("@misc{study-t-02,\n")
    assert "reports/depth/README.md\\#t-02" in told["cited"]
    assert "url" not in told["cited"]  # of a file on a disk
    assert told["closed"]


def test_claims_that_are_folded_are_filtered_sorted_and_printed(
    browser, page, ledger, tmp_path
):
    row = replace(ledger["t-01"], lecture="A & <b>", errata="")
    more = [replace(row, id=f"u-{i:02}", claim=f"No {i} < 9.") for i in range(60)]
    html = render([page], ledger | {each.id: each for each in more})
    told, said = browsing.visit(browser, html, HANDS + FOLDED, tmp_path)
    every = [f"claim-{id}" for id in (*ledger, *(each.id for each in more))]
    assert said == []
    assert told["start"] == every[:BUILT]
    assert told["searched"] == [["claim-u-41"], "1 of 66 claims"]
    assert told["chosen"] == "60 of 66 claims"
    assert told["cleared"] == every
    assert told["printed"] == every
    assert told["sorted"] == every[::-1]


@pytest.mark.slow
def test_a_request_would_have_been_seen(browser, page, ledger, tmp_path):
    bare = replace(page, definition=replace(page.definition, figures=()))
    asking = render([bare], ledger).replace("</main>", '<img src="missing.png"></main>')
    _, said = visit(browser, asking, tmp_path)
    assert "Content Security Policy" in "".join(said)
