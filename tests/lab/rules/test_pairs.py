"""Effects of censored counts: what never came is no number, and false words."""

import numpy as np
import pytest
from synthetic import as_table, share, words

from study.lab.rules.pairs import between
from study.lab.rules.verdicts import Lowers, Margin, Raises, judge

A, B = {"keep": 0.5}, {"keep": 1.0}
BUDGET = 100
QUARTER = Margin(1.25, "factor", "a test")
TEN = Margin(10.0, because="a test")
HOW = {"censored": frozenset({"m"}), "budget": lambda measure, arm: BUDGET}


def lowers(margin=TEN, **fields):
    return Lowers(measure="m", arm=A, than=B, margin=margin, **fields)


def judged(rule, a, b, **how):
    runs = as_table([(A, {"m": a}), (B, {"m": b})])
    return judge(rule, runs, claims=1, **(HOW | how))


def test_a_pair_of_which_one_never_came_bounds_its_effect_on_one_side():
    class Reads:
        censored, budget = frozenset({"m"}), staticmethod(lambda m, arm: BUDGET)

    a, b = np.array([10.0, 100, 10, 100]), np.array([20.0, 20, 100, 100])
    least, seen, most = between(lowers(), A, B, -1, (a, b), Reads)
    assert [*seen] == [10, -80, 90, 0]
    assert [*least] == [10, -np.inf, 90, -np.inf]
    assert [*most] == [10, -80, np.inf, np.inf]
    up, _, down = between(lowers(), A, B, 1, (a, b), Reads)
    assert ([*up], [*down]) == ([*-most], [*-least])


def test_arms_that_never_come_show_nothing_of_one_another():
    """Neither no effect nor the opposite: nobody saw which would have come first."""
    verdict = judged(lowers(), np.full(10, 100.0), np.full(10, 100.0))
    assert (verdict.word, verdict.lower, verdict.upper) == (
        "unresolved",
        -np.inf,
        np.inf,
    )
    assert verdict.seeds is None


@pytest.mark.parametrize("margin", [TEN, QUARTER])
def test_an_arm_that_comes_where_the_other_never_does_is_sooner(margin):
    verdict = judged(lowers(margin), np.arange(20.0, 30), np.full(10, 100.0))
    assert (verdict.word, verdict.upper) == ("reproduced", np.inf)
    other = judged(lowers(margin), np.full(10, 100.0), np.arange(20.0, 30))
    assert (other.word, other.reason) == ("contradicted", "opposite")


def test_a_count_of_10_pairs_is_told_by_the_median_of_factors():
    a, b = np.full(10, 20.0), np.arange(30.0, 50, 2)
    verdict = judged(lowers(QUARTER), a, b)
    # between two of ten ratios: the mean of their logarithms
    assert verdict.effect == pytest.approx(np.sqrt(38 * 40) / 20)
    assert (verdict.unit, verdict.word) == ("times", "reproduced")


def test_a_restricted_mean_stops_at_the_smaller_of_both_budgets():
    rule = lowers(center="restricted mean")
    budget = {"budget": lambda measure, arm: 50 if arm == A else 100}
    verdict = judged(rule, [50.0, 30], [80.0, 40], **budget)
    assert verdict.effect == 5.0  # 50 - 50 and 40 - 30
    assert rule.sentence().startswith("Lowers: `m` of keep=0.5 is below that of")
    assert "by restricted means" in rule.sentence()


def test_a_restricted_mean_of_what_is_not_censored_is_refused():
    rule = lowers(center="restricted mean")
    with pytest.raises(ValueError, match="expected `m` to be one"):
        judged(rule, [1.0, 2.0], [3.0, 4.0], censored=frozenset())


def waiting(factor, ends=300.0):
    """Draw heavy-tailed counts of which a third are cut; factor 1 is no effect."""

    def draw(random):
        shared = random.standard_exponential(15)
        a, b = (100 + 150 * (shared + random.standard_exponential(15)) for _ in "ab")
        return [(A, {"m": (factor * a).clip(max=ends)}), (B, {"m": b.clip(max=ends)})]

    return draw


@pytest.mark.parametrize(
    ("factor", "false"),
    [(1.0, "reproduced"), (1.25, "contradicted"), (1.25, "reproduced but lower")],
)
@pytest.mark.usual("1.0-reproduced")
def test_at_most_5_percent_of_4000_pages_are_wrong(factor, false, past_pandas):
    rule = lowers if "lower" in false else raises
    how = HOW | {"budget": lambda measure, arm: 300.0}
    found, most = share(words(rule(QUARTER), waiting(factor), **how), false.split()[0])
    assert found <= most


def raises(margin):
    return Raises(measure="m", arm=A, than=B, margin=margin)
