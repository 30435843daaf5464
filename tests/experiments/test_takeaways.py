"""Every finding says first what it found, whatever came out, from its own tables."""

from pathlib import Path

import pytest

from study.lab.declare import registry
from study.lab.show.book import Book
from study.lab.show.takeaway import filled

ROOT = Path(__file__).parents[2]
EXPERIMENTS = ROOT / "experiments"
NAMES = sorted(path.stem for path in EXPERIMENTS.glob("*.py"))


def test_every_finding_has_a_takeaway(findings):
    silent = {name for name, each in findings.items() if not each.definition.takeaway}
    assert not silent


@pytest.mark.parametrize("name", NAMES)
def test_every_text_can_be_filled_from_the_tables_there_are(
    findings, committed_page, name
):
    folder, takeaway = ROOT / "reports" / name, findings[name].definition.takeaway
    if not (folder / "provenance.json").is_file():
        pytest.skip(f"{name} has no committed tables yet")
    page = committed_page("standard", name)
    more = {"held": "1 of 2", "where": "with one, not with two"}
    for each in takeaway.texts:
        assert "{" not in filled(page, each, more)
    assert Book(registry.ledger(EXPERIMENTS), [page]).takeaway(page)
