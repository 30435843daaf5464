"""Citations: each claim has its source, and only what was read speaks against one."""

from pathlib import Path

import pytest

from study.lab.declare import registry
from study.lab.judge import judge_all
from study.lab.rules.verdicts import Cited, Readings

FILE = Path(__file__).parents[2] / "experiments" / "citations.py"


@pytest.fixture(scope="module")
def definition():
    return registry.load(FILE).definition


@pytest.fixture(scope="module")
def table(definition):
    return definition.run()


def test_two_of_nine_claims_are_miscited_and_one_depends(definition, table):
    words = {claim.id: verdict.word for claim, verdict in judge_all(definition, table)}
    assert len(words) == 9
    assert {id: word for id, word in words.items() if word != "cited"} == {
        "d2-24": "depends",
        "d4-36": "miscited",
        "d4-49": "miscited",
    }


def test_a_slip_of_notation_is_cited_and_the_page_says_what_is_meant(definition):
    (rule,) = (x.verdict for x in definition.claims if x.id == "d2-84")
    assert rule.correct
    assert "f* is the name of the other one" in rule.note


def test_what_was_not_read_again_speaks_against_nothing(table):
    assert (table[table["correct"] == 0]["read"] == "in a copy of the text").all()


def test_a_source_from_memory_says_so_beside_its_verdict(definition, table):
    unread = set(table[table["read"] == "reported (not re-read)"]["claim"])
    alone = [each for each in definition.claims if isinstance(each.verdict, Cited)]
    noted = {each.id for each in alone if "not re-read" in each.verdict.note}
    assert unread == noted == {"d4-18"}


def cited(rule):
    """List the citations that a rule is made of."""
    parts = (
        [each for _, each in rule.readings] if isinstance(rule, Readings) else [rule]
    )
    return [each for each in parts if isinstance(each, Cited)]


def test_whatever_was_not_read_again_is_told_to_have_been_reported(findings):
    found = [
        (claim.id, each)
        for finding in findings.values()
        for claim in finding.definition.claims
        for each in cited(claim.verdict)
    ]
    unread = {id for id, each in found if not each.read}
    assert unread == {id for id, each in found if "not re-read" in each.note}
    told = [each.sentence() for _, each in found if not each.read]
    assert told
    assert all("was not read for this page" in each for each in told)


def test_what_was_not_read_contradicts_nothing():
    with pytest.raises(ValueError, match=r"expected correct=True beside read=False"):
        Cited(source="Somebody", correct=False, read=False)
