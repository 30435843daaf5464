"""A fact with several readings: its word is theirs, or depends where they part."""

import pandas as pd
import pytest

from study.lab.rules.verdicts import Cited, Exact, Less, Readings, judge, undecided
from study.lab.rules.words import Word

RIGHT, WRONG = Cited(source="Rosenblatt 1958"), Cited(source="Frank", correct=False)
TABLE = pd.DataFrame({"of": ["a", "b", "c"], "m": [0.1, 2.0, 5.0]})


def exact(of, **more):
    return Exact(measure="m", where={"of": of}, tolerance=1, **more)


def found(*rules):
    readings = Readings({f"as {i}": rule for i, rule in enumerate(rules)})
    return judge(readings, TABLE, claims=1)


with_condition = exact("a", condition="n is not 0", without={"of": "b"})


@pytest.mark.parametrize(
    ("rules", "word"),
    [
        ((exact("a"), exact("a")), Word.EXACT),
        ((exact("a"), RIGHT), Word.EXACT),
        ((exact("a"), with_condition), Word.EXACT_CONDITION),
        ((RIGHT, RIGHT), Word.CITED),
        ((exact("b"), exact("c")), Word.REFUTED),
        ((exact("b"), WRONG), Word.REFUTED),
        ((WRONG, WRONG), Word.MISCITED),
        ((exact("a"), exact("b")), Word.DEPENDS),
        ((exact("a"), WRONG), Word.DEPENDS),
        ((RIGHT, WRONG), Word.DEPENDS),
    ],
)
def test_the_word_is_that_of_all_readings_or_depends(rules, word):
    assert found(*rules).word is word
    assert found(*rules[::-1]).word is word


def test_the_reason_tells_what_came_of_each_reading():
    assert found(exact("a"), exact("b")).reason == "as 0: exact; as 1: refuted"
    assert found(with_condition, RIGHT).reason == (
        "as 0: exact (with a condition), provided that n is not 0; without it the "
        "deviation is 2; as 1: cited"
    )


def test_the_numbers_are_those_of_the_reading_farthest_from_true():
    verdict = found(exact("a"), exact("b"), exact("c"), WRONG)
    assert (verdict.effect, verdict.delta) == (5.0, 1.0)
    assert verdict.rule.where == {"of": "c"}
    assert [each.word for each in verdict.parts] == [
        Word.EXACT,
        Word.REFUTED,
        Word.REFUTED,
        Word.MISCITED,
    ]
    assert found(RIGHT, WRONG).effect is None


def test_it_reads_what_its_readings_do_and_calls_for_no_fresh_seeds():
    readings = Readings({"one": exact("a"), "other": RIGHT})
    assert readings.measures() == {"m"}
    assert readings.tables() == {"results"}
    assert readings.arms() == ({"of": "a"},)
    assert undecided(readings, TABLE, claims=1) == []
    assert Readings({"one": RIGHT, "other": WRONG}).tables() == set()


def test_each_reading_is_told_with_its_rule():
    first, one, other = Readings({"one": exact("a"), "other": RIGHT}).sentences()
    assert "each" in first.lower()
    assert one.startswith("one: Exact if `m` is at most 1")
    assert other.startswith("other: Rosenblatt 1958 bears this out")


@pytest.mark.parametrize("readings", [{}, {"one": RIGHT}, [RIGHT, WRONG]])
def test_fewer_than_two_readings_are_refused(readings):
    with pytest.raises(ValueError, match="two or more"):
        Readings(readings)


def test_a_comparison_is_no_reading():
    less = Less(measure="m", arm={"of": "a"}, than={"of": "b"}, delta=1)
    with pytest.raises(TypeError, match="Arms are compared by Each or Shape"):
        Readings({"one": RIGHT, "other": less})
