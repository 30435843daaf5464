"""Citations: each claim has its source, and only what was read speaks against one."""

from pathlib import Path

import pytest

from study.lab.declare import registry
from study.lab.judge import judge_all

FILE = Path(__file__).parents[2] / "experiments" / "citations.py"


@pytest.fixture(scope="module")
def definition():
    return registry.load(FILE).definition


@pytest.fixture(scope="module")
def table(definition):
    return definition.run()


def test_three_of_nine_claims_are_miscited(definition, table):
    words = {claim.id: verdict.word for claim, verdict in judge_all(definition, table)}
    assert len(words) == 9
    assert [id for id, word in words.items() if word == "miscited"] == [
        "d2-84",
        "d4-36",
        "d4-49",
    ]


def test_what_was_not_read_again_speaks_against_nothing(table):
    assert (table[table["correct"] == 0]["read"] == "in a copy of the text").all()


def test_a_source_from_memory_says_so_beside_its_verdict(definition, table):
    unread = set(table[table["read"] == "reported (not re-read)"]["claim"])
    noted = {
        each.id for each in definition.claims if "not re-read" in each.verdict.note
    }
    assert unread == noted == {"d4-18"}


def test_every_erratum_belongs_to_a_miscited_claim(definition):
    wrong = {each.id for each in definition.claims if not each.verdict.correct}
    assert {each.claim for each in definition.errata} == wrong
