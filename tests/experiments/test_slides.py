"""The table of slides covers every claim and erratum of the five lectures."""

import re
from pathlib import Path

import pytest

from study.lab.declare import registry
from study.lab.declare.lectures import Lectures

FOLDER = Path(__file__).parents[2] / "experiments"


@pytest.fixture(scope="module")
def ledger():
    return registry.ledger(FOLDER)


def test_every_claim_stands_on_a_slide_or_in_the_book(ledger):
    places = {id: row.place for id, row in ledger.items()}
    assert [id for id, each in places.items() if "slide" not in each] == ["d3-36"]
    assert places["d3-36"] == "the lecture's book"


def test_every_erratum_stands_on_a_slide(ledger):
    told = {
        each.id: row.lectures.told(each.where)
        for row in ledger.values()
        for each in row.errata
    }
    assert len(told) > 40
    assert [id for id, each in told.items() if re.search(r"d\d:\d|line", each)] == []


def test_slides_of_a_lecture_are_told_apart_within_their_section():
    known = Lectures.read(FOLDER)
    for key in ("d0", "d1", "d2", "d3", "d4"):
        names = [(each.section, each.slide) for each in known[key]]
        assert len(names) == len({*names}) > 5


def test_who_gives_a_lecture_is_said_once_at_most_on_its_first_slide():
    known = Lectures.read(FOLDER)
    for key in ("d0", "d1", "d2", "d3", "d4"):
        assert [each for each in known[key][1:] if each.by] == []
