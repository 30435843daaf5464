"""On what a claim depends is told in the labels of its arms."""

import pytest

from study.lab.rules.depends import depends
from study.lab.rules.verdicts import Lowers, Margin, Rate
from study.lab.rules.words import Word

ONE = Margin(1.0, because="a test")
HOLDS, FAILS, OPEN = Word.REPRODUCED, Word.CONTRADICTED, Word.UNRESOLVED


def lowers(arm, than, measure="m"):
    return Lowers(measure=measure, arm=arm, than=than, margin=ONE)


def swept(name, *labels, **others):
    than = {"norm": "none"}
    return [lowers({name: x, **others}, {name: x, **than}) for x in labels]


@pytest.mark.parametrize(
    ("labels", "words", "told"),
    [
        ((5, 10, 20), (HOLDS, HOLDS, FAILS), "up to depth 10, not at 20"),
        ((20, 5, 10), (FAILS, HOLDS, HOLDS), "up to depth 10, not at 20"),
        ((5, 10, 20), (FAILS, HOLDS, HOLDS), "from depth 10 on, not at 5"),
        ((5, 10, 20), (HOLDS, FAILS, FAILS), "at depth 5, not at 10 and 20"),
        ((5, 10, 20), (HOLDS, FAILS, HOLDS), "at depth 5 and 20, not at 10"),
        ((0.1, 0.5), (HOLDS, FAILS), "at depth 0.1, not at 0.5"),
        (("a", "b", "c"), (HOLDS, FAILS, HOLDS), "with depth a and c, not with b"),
        ((True, False), (HOLDS, FAILS), "with depth True, not with False"),
        ((5, 10, 20), (HOLDS, OPEN, FAILS), "at depth 5, not at 20; open at depth 10"),
        (
            range(1, 8),
            (HOLDS,) * 3 + (FAILS,) + (HOLDS,) * 3,
            "not at depth 4, but elsewhere",
        ),
    ],
)
def test_one_name_that_tells_is_told(labels, words, told):
    assert depends(swept("depth", *labels), words) == told


def test_the_first_name_that_tells_is_told_and_no_other():
    parts = [
        lowers({"activation": a, "place": p}, {"activation": a, "place": "none"})
        for a in ("sigmoid", "relu")
        for p in ("before", "after")
    ]
    by_activation = HOLDS, HOLDS, FAILS, FAILS
    by_place = HOLDS, FAILS, HOLDS, FAILS
    assert depends(parts, by_activation) == "with activation sigmoid, not with relu"
    assert depends(parts, by_place) == "with place before, not with after"


def test_where_no_name_tells_alone_all_that_differs_is_told():
    parts = [lowers({"a": a, "b": b}, {"a": 0, "b": 0}) for a in (1, 2) for b in (3, 4)]
    assert depends(parts, (HOLDS, FAILS, FAILS, HOLDS)) == (
        "a 1, b 3, and a 2, b 4; not a 1, b 4, and a 2, b 3"
    )


def test_of_many_places_it_is_told_how_many_there_are():
    parts = [lowers({"a": a, "b": b}, {"a": 0, "b": 0}) for a in "12" for b in "3456"]
    assert depends(parts, (HOLDS, *(FAILS,) * 6, HOLDS)) == (
        "a 1, b 3, and a 2, b 6; not in 6 others"
    )


def test_a_label_that_only_some_have_tells_nothing_apart():
    parts = [lowers({"a": 1}, {"b": 2}), lowers({"a": 1}, {"b": 3, "c": 4})]
    assert depends(parts, (HOLDS, FAILS)) == "against b 2, not against 3"
    parts = [lowers({"a": 1}, {"a": 3}), lowers({"a": 3}, {"a": 2})]
    assert depends(parts, (HOLDS, FAILS)) == "at a 1, not at 3"


def test_what_it_is_held_against_tells_too():
    parts = [lowers({"a": 1}, {"a": other}) for other in (2, 3)]
    assert depends(parts, (HOLDS, FAILS)) == "against a 2, not against 3"


def test_measures_are_told_apart_where_arms_are_the_same():
    parts = [lowers({"a": 1}, {"a": 2}, each) for each in ("loss", "gap")]
    assert depends(parts, (HOLDS, FAILS)) == "of `loss`, not of `gap`"


def test_parts_that_differ_in_their_rules_alone_are_told_in_full():
    bounds = (
        Rate(measure="m", arm={"a": 1}, above=0.2),
        Rate(measure="m", arm={"a": 1}, below=0.5),
    )
    assert depends(bounds, (HOLDS, FAILS)) == (
        "the rate of `m` in a=1 is above 0.2; not the rate of `m` in a=1 is below 0.5"
    )
