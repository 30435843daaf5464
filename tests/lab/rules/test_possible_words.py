"""Which words a rule may come to is known before it judges."""

import itertools

import numpy as np
import pandas as pd
import pytest

from study.lab.rules.verdicts import (
    Cited,
    Control,
    Controlled,
    Each,
    Exact,
    Level,
    Lowers,
    Margin,
    Readings,
    Shape,
    Some,
    judge,
    possible,
)
from study.lab.rules.words import Word

MARGIN = Margin(1, because="a test")
ONE, TWO = (
    Lowers(measure="m", arm={"a": each}, than={"a": 0}, margin=MARGIN)
    for each in (1, 2)
)
COMPARED = {Word.REPRODUCED, Word.CONTRADICTED, Word.UNRESOLVED}
LEARNS = Control("it learns", Level(measure="m", arm={"a": 0}, above=5), "more")
FACTS = [Exact(measure="m", where={"a": each}, tolerance=5) for each in (1, 2)]
LACKING = Exact(
    measure="m", where={"a": 1}, tolerance=5, condition="a is 1", without={"a": 2}
)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (ONE, COMPARED),
        (Shape(ONE, TWO), COMPARED),
        (Some(ONE, TWO), COMPARED),
        (Each(ONE, TWO), COMPARED | {Word.DEPENDS}),
        (Each(ONE), COMPARED),
        (Controlled(Each(ONE, TWO), LEARNS), COMPARED | {Word.DEPENDS}),
        (Controlled(ONE, LEARNS), COMPARED),
        (FACTS[0], {Word.EXACT, Word.REFUTED}),
        (LACKING, {Word.EXACT, Word.EXACT_CONDITION, Word.REFUTED}),
        (
            Readings(dict(enumerate(FACTS))),
            {Word.EXACT, Word.REFUTED, Word.DEPENDS},
        ),
    ],
)
def test_what_rules_come_to_over_many_tables_is_what_they_may_come_to(rule, words):
    assert possible(rule) == words
    found = set()
    for means in itertools.product((0.0, 5.5, 9.0), (0.0, 4.5, 9.0), (1.0, 9.0, 12.0)):
        for spread in (0.1, 3.0):
            noise = np.random.default_rng(0).normal(0, spread, (3, 10))
            runs = [
                {"a": a, "replicate": i, "m": abs(means[a] + noise[a, i])}
                for a in range(3)
                for i in range(10)
            ]
            found.add(judge(rule, pd.DataFrame(runs), claims=1).word)
    assert found == words


@pytest.mark.parametrize(("correct", "word"), [(True, "cited"), (False, "miscited")])
def test_what_a_source_says_is_known(correct, word):
    assert possible(Cited(source="Somebody", correct=correct)) == {Word(word)}


def test_what_is_scaled_down_is_reproduced_or_open():
    assert possible(Each(ONE, TWO), scaled=True) == {
        Word.REPRODUCED_SCALED,
        Word.UNRESOLVED_SCALED,
    }
    assert possible(FACTS[0], scaled=True) == {Word.EXACT, Word.REFUTED}
