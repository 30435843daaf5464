"""Stronger: differences of differences, and false words."""

import numpy as np
import pytest
from scipy import stats
from synthetic import as_table, normal, share, words

from study.lab.rules.verdicts import Lowers, Margin, Raises, Stronger, judge

ONE = Margin(1.0, because="a test")
DROPPED, KEPT = {"rate": 0.5}, {"rate": 0.0}
PLAIN, NORMED = {"norm": "none"}, {"norm": "batch"}
LOWERS = Lowers(measure="m", arm=DROPPED, than=KEPT, margin=ONE)
RULE = Stronger(effect=LOWERS, where=PLAIN, than=NORMED)


def arms(plain, normed):
    """Pair each arm with its mean: without dropout 5, with it less by the effects."""
    return (
        (DROPPED | PLAIN, 5 - plain),
        (KEPT | PLAIN, 5.0),
        (DROPPED | NORMED, 5 - normed),
        (KEPT | NORMED, 5.0),
    )


def runs(plain, normed, seed=0):
    return normal(*arms(plain, normed), sd=0.2)(np.random.default_rng(seed))


@pytest.mark.parametrize(
    ("plain", "normed", "word", "reason"),
    [
        (3.0, 0.0, "reproduced", ""),
        (3.0, 3.0, "contradicted", "no such effect"),
        (0.0, 3.0, "contradicted", "opposite"),
    ],
)
def test_an_effect_is_held_against_the_same_one_elsewhere(plain, normed, word, reason):
    verdict = judge(RULE, as_table(runs(plain, normed)), claims=1)
    assert (verdict.word, verdict.reason) == (word, reason)


def test_its_numbers_are_those_of_paired_differences_of_differences():
    drawn = runs(2.0, 0.5)
    a, b, c, d = (measures["m"] for _, measures in drawn)
    verdict = judge(RULE, as_table(drawn), claims=1)
    ends = stats.ttest_1samp((b - a) - (d - c), 0).confidence_interval(0.9)
    assert (verdict.lower, verdict.upper) == pytest.approx(tuple(ends), abs=1e-13)


def test_of_factors_it_is_the_factor_of_factors():
    halves = Margin(2, "factor", "a test")
    effect = Raises(measure="m", arm=DROPPED, than=KEPT, margin=halves)
    rule = Stronger(effect=effect, where=PLAIN, than=NORMED)
    values = (12.0, 2.0, 6.0, 2.0)  # six times, and three times
    drawn = [
        (arm, {"m": [v, v]}) for (arm, _), v in zip(arms(0, 0), values, strict=True)
    ]
    verdict = judge(rule, as_table(drawn), claims=1)
    # two roundings of a logarithm
    assert verdict.effect == pytest.approx(2.0, rel=1e-14)
    assert verdict.null == 1


def test_it_reads_four_arms_and_tells_itself():
    assert RULE.arms() == (
        DROPPED | PLAIN,
        KEPT | PLAIN,
        DROPPED | NORMED,
        KEPT | NORMED,
    )
    assert RULE.sentence().startswith(
        "Stronger: rate=0.5 in place of rate=0.0 lowers `m` more where norm=none than "
        "where norm=batch; δ is its own margin, 1 (a test; no effect is 0)."
    )


def test_what_is_no_effect_or_is_on_another_scale_is_refused():
    with pytest.raises(TypeError, match="expected Raises or Lowers"):
        Stronger(effect="m", where=PLAIN, than=NORMED)
    with pytest.raises(ValueError, match="Received: scale='factor'"):
        Stronger(
            effect=LOWERS,
            where=PLAIN,
            than=NORMED,
            margin=Margin(2, "factor", "a test"),
        )
    with pytest.raises(ValueError, match="expected `than` to differ"):
        Stronger(effect=LOWERS, where=PLAIN, than=PLAIN)


@pytest.mark.parametrize("stages", [1, 2])
@pytest.mark.parametrize(
    ("truth", "false"), [(0.0, "reproduced"), (1.0, "contradicted")]
)
@pytest.mark.usual("0.0-reproduced-1")
def test_at_most_5_percent_of_4000_pages_are_wrong(truth, false, stages, past_pandas):
    draw = normal(*arms(2.0 + truth, 2.0))
    found, most = share(words(RULE, draw, stages=stages), false)
    assert found <= most
