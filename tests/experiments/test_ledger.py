"""The ledger lists every claim of the five lectures once."""

import csv
import re
from pathlib import Path

import pytest

COUNTS = {"d0": 45, "d1": 21, "d2": 88, "d3": 37, "d4": 61}
KINDS = {"fact", "simulation", "training", "definition", "historical"}


@pytest.fixture(scope="module")
def ledger():
    path = Path(__file__).parents[2] / "experiments" / "ledger.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_id_stands_once_and_in_order(ledger):
    expected = [
        f"{deck}-{n:02d}" for deck, count in COUNTS.items() for n in range(1, count + 1)
    ]
    assert [row["id"] for row in ledger] == expected


def test_columns_are_the_five_promised_and_none_is_empty(ledger):
    for row in ledger:
        assert list(row) == ["id", "lecture", "lines", "kind", "claim"]
        assert all(row.values()), row["id"]


def test_each_lecture_has_a_single_title_of_its_own(ledger):
    titles = {(row["id"][:2], row["lecture"]) for row in ledger}
    assert len(titles) == len({title for _, title in titles}) == len(COUNTS)


def test_lines_are_numbers_or_ranges_or_the_book(ledger):
    for row in ledger:
        assert re.fullmatch(r"book|\d+(-\d+)?(;\d+(-\d+)?)*", row["lines"]), row["id"]


def test_kinds_come_from_the_closed_set_without_repetition(ledger):
    for row in ledger:
        kinds = row["kind"].split("/")
        assert set(kinds) <= KINDS, row["id"]
        assert len(set(kinds)) == len(kinds), row["id"]


def test_claims_are_distinct_sentences_of_20_to_200_characters(ledger):
    claims = [row["claim"] for row in ledger]
    assert len({claim.casefold() for claim in claims}) == len(claims)
    assert [c for c in claims if not (20 <= len(c) <= 200 and c.endswith("."))] == []
