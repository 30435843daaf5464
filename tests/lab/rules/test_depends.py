"""On what a claim depends is told in the labels of its arms."""

import pytest

from study.lab.rules.depends import depends
from study.lab.rules.plain import Plain
from study.lab.rules.verdicts import Level, Lowers, Margin, Rate, Stronger
from study.lab.rules.words import Word

ONE = Margin(1.0, because="a test")
ARMS = {
    "activation": {"": "with {}", "none": "without activation"},
    "f": {"": "on {}", "bowl": "on a bowl"},
    "measure": {"gap": "from its gap"},
}
HOLDS, FAILS, OPEN = Word.REPRODUCED, Word.CONTRADICTED, Word.UNRESOLVED


def told_of(parts, words):
    return depends(parts, words, Plain({"loss": "training loss"}, told=ARMS))


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
        (
            ("a", "b", "c"),
            (HOLDS, FAILS, HOLDS),
            "with depth a and c, not with depth b",
        ),
        ((True, False), (HOLDS, FAILS), "with depth True, not with depth False"),
        ((5, 10, 20), (HOLDS, OPEN, FAILS), "at depth 5, not at 20; open at depth 10"),
        (
            range(1, 8),
            (HOLDS,) * 3 + (FAILS,) + (HOLDS,) * 3,
            "everywhere but at depth 4",
        ),
    ],
)
def test_one_name_that_tells_is_told(labels, words, told):
    assert told_of(swept("depth", *labels), words) == told


def test_the_first_name_that_tells_is_told_and_no_other():
    parts = [
        lowers({"activation": a, "place": p}, {"activation": a, "place": "none"})
        for a in ("sigmoid", "relu")
        for p in ("before", "after")
    ]
    by_activation = HOLDS, HOLDS, FAILS, FAILS
    by_place = HOLDS, FAILS, HOLDS, FAILS
    assert told_of(parts, by_activation) == "with sigmoid, not with relu"
    assert told_of(parts, by_place) == "with place before, not with place after"


def test_where_no_name_tells_alone_all_that_differs_is_told():
    parts = [lowers({"a": a, "b": b}, {"a": 0, "b": 0}) for a in (1, 2) for b in (3, 4)]
    assert told_of(parts, (HOLDS, FAILS, FAILS, HOLDS)) == (
        "at a 1 and b 3, and at a 2 and b 4; not at a 1 and b 4, and at a 2 and b 3"
    )


def test_of_many_places_it_is_told_how_many_there_are():
    parts = [lowers({"a": a, "b": b}, {"a": 0, "b": 0}) for a in "12" for b in "3456"]
    assert told_of(parts, (HOLDS, *(FAILS,) * 6, HOLDS)) == (
        "with a 1 and b 3, and with a 2 and b 6; not in 6 other cases"
    )


def test_a_label_that_only_some_have_tells_nothing_apart():
    parts = [lowers({"a": 1}, {"b": 2}), lowers({"a": 1}, {"b": 3, "c": 4})]
    assert told_of(parts, (HOLDS, FAILS)) == "against b 2, not against b 3"
    parts = [lowers({"a": 1}, {"a": 3}), lowers({"a": 3}, {"a": 2})]
    assert told_of(parts, (HOLDS, FAILS)) == "at a 1, not at 3"


def test_what_it_is_held_against_tells_too():
    parts = [lowers({"a": 1}, {"a": other}) for other in (2, 3)]
    assert told_of(parts, (HOLDS, FAILS)) == "against a 2, not against a 3"


def test_measures_are_told_apart_where_arms_are_the_same():
    parts = [lowers({"a": 1}, {"a": 2}, each) for each in ("loss", "size")]
    assert told_of(parts, (HOLDS, FAILS)) == "for training loss, not for size"


def test_parts_that_differ_in_their_rules_alone_are_told_in_full():
    bounds = (
        Rate(measure="m", arm={"a": 1}, above=0.2),
        Rate(measure="m", arm={"a": 1}, below=0.5),
    )
    assert told_of(bounds, (HOLDS, FAILS)) == (
        "more than 20 % of the runs “m” at a 1; "
        "not less than half of the runs “m” at a 1"
    )


def test_a_place_that_would_be_told_as_part_of_another_is_told_in_full():
    alone = Level(measure="m", arm={"a": 1}, above=5)
    parts = [lowers({"a": 1}, {"a": 1, "b": 2}), alone, lowers({"a": 3}, {"a": 4})]
    assert told_of(parts, (HOLDS, FAILS, FAILS)) == (
        "at a 1 against b 2; not m above 5 at a 1 and at a 3 against a 4"
    )


def test_more_cases_than_a_few_are_counted():
    parts = [lowers({"a": a, "b": b}, {"a": 0, "b": 0}) for a in "12" for b in "345"]
    assert told_of(parts, (HOLDS,) * 5 + (FAILS,)) == (
        "in 5 of 6 cases; not with a 2 and b 5"
    )
    assert told_of(parts, (FAILS,) * 5 + (OPEN,)) == (
        "not in 5 of 6 cases; open with a 2 and b 5"
    )


def test_a_label_and_a_measure_may_be_told_in_words_of_their_own():
    assert told_of(swept("f", "bowl", "x⁴"), (HOLDS, FAILS)) == "on a bowl, not on x⁴"
    parts = [lowers({"a": 1}, {"a": 2}, each) for each in ("loss", "gap")]
    assert told_of(parts, (HOLDS, FAILS)) == "for training loss, not from its gap"
    parts = swept("activation", "none", "ReLU", "tanh")
    assert told_of(parts, (HOLDS, HOLDS, FAILS)) == (
        "without activation and with ReLU, not with tanh"
    )


def test_places_that_differ_in_one_name_alone_are_told_together():
    parts = [lowers({"a": a, "b": b}, {"a": 0, "b": 0}) for a in (1, 2) for b in "34"]
    assert told_of(parts, (HOLDS, HOLDS, HOLDS, FAILS)) == (
        "at a 1 with b 3 and 4, and at a 2 with b 3; not at a 2 with b 4"
    )


def test_places_are_told_apart_where_it_would_not_be_seen_what_goes_with_what():
    parts = [lowers({"b": b, "c": c}, {"b": 0, "c": 0}) for b in "12" for c in "34"]
    assert told_of(parts, (HOLDS, HOLDS, HOLDS, FAILS)) == (
        "with b 1 and c 3, with b 1 and c 4, and with b 2 and c 3; not with b 2 and c 4"
    )


def test_what_all_are_held_against_is_not_told_again():
    arms = {"f": "bowl", "b": 1}, {"f": "x⁴", "b": 1}, {"f": "x⁴", "b": 2}
    parts = [lowers(arm, {"f": "x²", "b": 3}, m) for arm in arms for m in ("m", "loss")]
    assert told_of(parts, (*(HOLDS,) * 5, FAILS)) == (
        "in 5 of 6 cases; not on x⁴ at b 2 for training loss"
    )


def test_a_place_that_is_open_is_told_though_others_share_its_label():
    parts = swept("depth", 5, 20, 20)
    parts[2] = lowers({"depth": 20, "norm": "batch"}, {"depth": 20, "norm": "none"})
    told = told_of(parts, (HOLDS, FAILS, OPEN))
    assert told.startswith("at depth 5, not at 20; open ")
    assert "batch" in told


def test_an_effect_that_is_compared_with_another_is_told_in_full():
    with_less, alone = {"drop": 0.5}, {"drop": 0.0}
    effect = lowers(with_less, alone, "loss")
    stronger = Stronger(effect=effect, where={"norm": "none"}, than={"norm": "batch"})
    arms = [{"drop": 0.0, "norm": each} for each in ("batch", "none")]
    parts = [lowers(*arms, "gap"), lowers(*arms, "loss"), stronger]
    assert told_of(parts, (HOLDS, FAILS, OPEN)) == (
        "from its gap, not for training loss; open training loss lower at drop 0.5 "
        "than at 0.0, and by more without norm than with norm batch"
    )
