"""Level: a measure of one arm against a number, and false words."""

import numpy as np
import pytest
from scipy import stats
from synthetic import as_table, normal, share, words

from study.lab.rules.verdicts import Level, judge

A = {"keep": 0.5}
ABOVE = Level(measure="m", arm=A, above=1.0)
BELOW = Level(measure="m", arm=A, below=1.0)
END = stats.t.ppf(0.95, 9) / np.sqrt(10)


def at(mean, sd=1.0, n=10):
    d = mean + sd * np.sqrt((n - 1) / n) * np.tile([-1.0, 1.0], n // 2)
    return as_table([(A, {"m": d})])


@pytest.mark.parametrize(
    ("mean", "above", "below"),
    [
        (1 + END + 0.01, "reproduced", "contradicted"),
        (1 + END - 0.01, "unresolved", "unresolved"),
        (1 - END + 0.01, "unresolved", "unresolved"),
        (1 - END - 0.01, "contradicted", "reproduced"),
    ],
)
def test_the_interval_on_a_side_decides(mean, above, below):
    assert judge(ABOVE, at(mean), claims=1).word == above
    assert judge(BELOW, at(mean), claims=1).word == below


def test_it_says_on_which_side_it_lies():
    assert judge(ABOVE, at(-9.0), claims=1).reason == "lower than claimed"
    assert judge(BELOW, at(9.0), claims=1).reason == "higher than claimed"
    assert ABOVE.sentence() == "Level: `m` of keep=0.5 is above 1."


@pytest.mark.parametrize(("unit", "most"), [("share", 1.0), ("%", 100.0)])
def test_a_share_has_no_interval_beyond_0_and_1(unit, most):
    values = np.array([1.0, 1.0, 1.0, 0.6, 1.0]) * most
    runs = as_table([(A, {"m": values})])
    verdict = judge(ABOVE, runs, claims=1, units={"m": unit})
    plain = judge(ABOVE, runs, claims=1)
    assert plain.upper > most == verdict.upper
    assert plain.lower == verdict.lower


def test_of_a_censored_count_the_median_decides_and_never_is_beyond_all():
    steps = [10.0, 20, 30, 40, 50, 60, 70, 100, 100]
    runs = as_table([(A, {"m": steps})])
    how = {"censored": {"m"}, "budget": lambda measure, arm: 100}
    verdict = judge(Level(measure="m", arm=A, below=90.0), runs, claims=1, **how)
    assert (verdict.effect, verdict.upper) == (50, np.inf)
    assert verdict.word == "unresolved"


@pytest.mark.parametrize("bounds", [{}, {"above": 1, "below": 2}, {"above": np.inf}])
def test_a_level_against_none_or_two_is_refused(bounds):
    with pytest.raises(ValueError, match="A level is held against one number"):
        Level(measure="m", arm=A, **bounds)


def test_a_restricted_mean_is_no_level():
    with pytest.raises(ValueError, match="Received: center='restricted mean'"):
        Level(measure="m", arm=A, above=1, center="restricted mean")


@pytest.mark.parametrize("stages", [1, 2])
@pytest.mark.parametrize("false", ["reproduced", "contradicted"])
@pytest.mark.parametrize("rule", [ABOVE, BELOW], ids=["above", "below"])
@pytest.mark.usual("above-reproduced-1", "below-contradicted-1")
def test_at_most_5_percent_of_4000_pages_are_wrong(rule, false, stages, past_pandas):
    """On the number itself either word is false, of what lies just beside it."""
    found, most = share(words(rule, normal((A, 1.0)), stages=stages), false)
    assert found <= most
