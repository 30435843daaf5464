"""Some: existence, with what it costs to look in several places, and false words."""

import numpy as np
import pytest
from synthetic import as_table, share, words

from study.lab.rules.verdicts import Margin, Raises, Some, judge
from study.lab.rules.words import Word

ONE = Margin(1.0, because="a test")
RATES = (1, 2, 3)
NONE = {"rate": 0}


def part(rate, margin=ONE):
    return Raises(measure="m", arm={"rate": rate}, than=NONE, margin=margin)


SOME = Some(*map(part, RATES))


def drawn(*effects, sd=0.3):
    def draw(random):
        return [
            (NONE, {"m": random.normal(0, sd, 10)}),
            *(
                ({"rate": rate}, {"m": effect + random.normal(0, sd, 10)})
                for rate, effect in zip(RATES, effects, strict=True)
            ),
        ]

    return draw


@pytest.mark.parametrize(
    ("effects", "word", "reason"),
    [
        ((0, 9, 0), "reproduced", "for one, m higher at rate 2 than at 0"),
        ((9, 5, 1), "reproduced", "for one, m higher at rate 1"),
        ((0, 1, 0), "unresolved", "undecided, nearest to it: m higher at rate 2"),
        ((0, -9, -9), "contradicted", "in none, nearest to it: m higher at rate 1"),
    ],
)
def test_one_is_enough_and_none_is_needed_to_contradict(effects, word, reason):
    runs = as_table(drawn(*effects)(np.random.default_rng(1)))
    verdict = judge(SOME, runs, claims=1)
    assert verdict.word == word
    assert verdict.reason.startswith(reason)
    assert len(verdict.parts) == 3


def test_fresh_seeds_are_called_for_unless_one_is_reproduced():
    held, lost, left = Word.REPRODUCED, Word.CONTRADICTED, Word.UNRESOLVED
    assert SOME.undecided([lost, left, lost]) == [part(2)]
    assert SOME.undecided([held, left, lost]) == []


# A margin far below the noise lets most of noise pass for an effect.
SLIGHT = Margin(0.1, because="a test")
NOISY = Some(*(part(rate, SLIGHT) for rate in RATES))


@pytest.mark.parametrize(
    ("effects", "false"), [((0, 0, 0), "reproduced"), ((0, 0, 0.1), "contradicted")]
)
@pytest.mark.usual("effects0-reproduced")
def test_at_most_5_percent_of_4000_pages_are_wrong(effects, false, past_pandas):
    found, most = share(words(NOISY, drawn(*effects, sd=1.0)), false)
    assert found <= most


@pytest.mark.slow
def test_the_best_of_three_judged_as_if_it_stood_alone_would_be_caught(past_pandas):
    draw = drawn(0, 0, 0, sd=1.0)
    found = [words(part(rate, SLIGHT), draw) for rate in RATES]
    wrong = [("reproduced" in each) for each in zip(*found, strict=True)]
    assert np.mean(wrong) > share(found[0])[1]
