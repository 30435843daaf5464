"""The committed index tells what the definitions and their pages do."""

from pathlib import Path

import pytest

from study.lab.declare import registry
from study.lab.show import catalog
from study.lab.show.book import Book
from study.lab.show.page import load_page

ROOT = Path(__file__).parents[2]
EXPERIMENTS, REPORTS = ROOT / "experiments", ROOT / "reports"

pytestmark = pytest.mark.skipif(
    not (REPORTS / catalog.FILE).exists(), reason="no page is committed yet"
)


def test_the_committed_index_is_what_definitions_and_pages_give():
    findings = registry.load_all(EXPERIMENTS).values()
    pages = [
        load_page(each, REPORTS / each.name, "standard")
        for each in findings
        if (REPORTS / each.name / "provenance.json").exists()
    ]
    book = Book(registry.ledger(EXPERIMENTS), pages)
    told = catalog.render(findings, book, REPORTS)
    assert (REPORTS / catalog.FILE).read_bytes() == told
