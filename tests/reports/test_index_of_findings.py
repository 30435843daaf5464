"""The committed index tells what the definitions and their pages do."""

from pathlib import Path

import pytest

from study.lab.declare import registry
from study.lab.show import catalog
from study.lab.show.book import Book

ROOT = Path(__file__).parents[2]
EXPERIMENTS, REPORTS = ROOT / "experiments", ROOT / "reports"

pytestmark = pytest.mark.skipif(
    not (REPORTS / catalog.FILE).exists(), reason="no page is committed yet"
)


def test_the_committed_index_is_what_definitions_and_pages_give(
    findings, committed_page
):
    pages = [
        committed_page("standard", name)
        for name in findings
        if (REPORTS / name / "provenance.json").exists()
    ]
    book = Book(registry.ledger(EXPERIMENTS), pages)
    told = catalog.render(findings.values(), book, REPORTS)
    assert (REPORTS / catalog.FILE).read_bytes() == told
