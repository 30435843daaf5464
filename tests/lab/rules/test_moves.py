"""Raises and Lowers: words, one-sided ends, natural margins, and false words."""

import numpy as np
import pytest
from scipy import stats
from synthetic import PAGES, Drawn, as_table, normal, share, words

from study.lab.rules.base import Reading
from study.lab.rules.stated import stated
from study.lab.rules.verdicts import Less, Lowers, Margin, Raises, judge

A, B = {"keep": 0.5}, {"keep": 1.0}
ONE = Margin(1.0, because="a test")
RAISES = Raises(measure="m", arm=A, than=B, margin=ONE)
LOWERS = Lowers(measure="m", arm=A, than=B, margin=ONE)
END = stats.t.ppf(0.95, 9) / np.sqrt(10)  # from the mean of ten with sd 1 to an end


def differing(effect, sd=1.0, n=10):
    """Ten pairs that differ by exactly this mean and sd, up to rounding."""
    d = effect + sd * np.sqrt((n - 1) / n) * np.tile([-1.0, 1.0], n // 2)
    return as_table([(A, {"m": 5 + d}), (B, {"m": np.full(n, 5.0)})])


def judged(rule, table, **how):
    return judge(rule, table, claims=1, **how)


@pytest.mark.parametrize(
    ("effect", "sd", "word", "reason"),
    [
        (2.0, 1.0, "reproduced", ""),
        (1.01, 1.0, "reproduced", ""),
        (0.99, 1.0, "unresolved", ""),  # certain to be there, but less than matters
        (END - 0.01, 1.0, "unresolved", ""),
        (1 - END - 0.01, 1.0, "contradicted", "no such effect"),
        (-END - 0.01, 1.0, "contradicted", "opposite"),
        (0.5, 0.1, "contradicted", "weaker than claimed"),
    ],
)
def test_the_ends_against_none_and_the_margin_decide(effect, sd, word, reason):
    verdict = judged(RAISES, differing(effect, sd))
    assert (verdict.word, verdict.reason) == (word, reason)


def test_a_small_effect_is_never_reproduced_however_little_is_known_of_it():
    """Precise it is contradicted, imprecise left open: it is not for it by chance."""
    for sd in (0.01, 0.1, 0.5, 0.8, 2.0, 10.0):
        assert judged(RAISES, differing(0.5, sd)).word in {"contradicted", "unresolved"}


def test_each_end_is_a_one_sided_bound_of_the_paired_t_test():
    random = np.random.default_rng(0)
    a, b = random.normal(1, 1, 10), random.normal(0, 1, 10)
    verdict = judge(RAISES, as_table([(A, {"m": a}), (B, {"m": b})]), claims=5)
    ends = stats.ttest_rel(a, b).confidence_interval(1 - 2 * 0.01)
    # a dozen roundings on numbers of size 1
    assert (verdict.lower, verdict.upper) == pytest.approx(ends, rel=0, abs=1e-13)


@pytest.mark.parametrize("effect", [-3.0, 0.3, 3.0])
def test_lowers_is_raises_turned_over(effect):
    down = judged(LOWERS, differing(-effect))
    up = judged(RAISES, differing(effect))
    assert (down.word, down.reason) == (up.word, up.reason)
    # ten roundings on numbers up to 8
    assert down.effect == pytest.approx(up.effect, rel=0, abs=1e-14)


def test_a_factor_is_that_of_geometric_means_and_none_is_1():
    a, b = np.array([1.0, 2.0, 4.0]), np.array([4.0, 4.0, 8.0])
    rule = Lowers(measure="test_error", arm=A, than=B)
    runs = as_table([(A, {"test_error": a}), (B, {"test_error": b})])
    verdict = judged(rule, runs, units={"test_error": "%"})
    assert verdict.effect == pytest.approx(16 ** (1 / 3))  # of 4, 2 and 2
    assert (verdict.delta, verdict.null, verdict.unit) == (1.1, 1.0, "times")
    ends = stats.ttest_1samp(np.log(b / a), 0).confidence_interval(0.9)
    assert np.log([verdict.lower, verdict.upper]) == pytest.approx(tuple(ends))


def test_a_factor_of_numbers_that_are_not_above_0_is_refused():
    rule = Lowers(measure="test_error", arm=A, than=B)
    runs = as_table([(A, {"test_error": [0.0, 1]}), (B, {"test_error": [1, 1]})])
    with pytest.raises(ValueError, match=r"numbers above 0.*Received: 0\. Give"):
        judged(rule, runs)


def test_losses_are_held_against_a_share_of_what_chance_costs():
    rule = Lowers(measure="test_loss", arm=A, than=B)
    runs = differing(-1.0).rename(columns={"m": "test_loss"})
    assert judged(rule, runs, chance=np.log(10)).delta == 0.02 * np.log(10)
    with pytest.raises(ValueError, match="expected classes under a cross-entropy"):
        judged(rule, runs)


def test_shares_of_runs_are_decided_by_exact_intervals_inside_minus_1_and_1():
    rule = Raises(measure="solved", arm=A, than=B)
    runs = as_table([(A, {"solved": np.ones(10)}), (B, {"solved": np.zeros(10)})])
    verdict = judged(rule, runs)
    assert (verdict.word, verdict.effect, verdict.delta) == ("reproduced", 1.0, 0.1)
    assert 0 < verdict.lower < verdict.upper == 1


@pytest.mark.parametrize(("unit", "most"), [("share", 1.0), ("%", 100.0), ("", None)])
def test_a_difference_reaches_no_further_than_its_unit(unit, most):
    a, b = np.tile([1.0, 0.0], 2), np.tile([0.0, 1.0], 2)
    scale = most or 1.0
    runs = as_table([(A, {"m": a * scale}), (B, {"m": b * scale})])
    verdict = judged(RAISES, runs, units={"m": unit})
    if most:
        assert (verdict.lower, verdict.upper) == (-most, most)
    else:
        assert verdict.lower < -1


def test_a_median_suits_two_humps_of_which_a_mean_makes_nothing():
    """Seven of twelve pairs gain 3 or more, the others lose much."""
    d = np.array([3.0, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6, 3.7, 3.8, 3.9, 4.0, -60.0])
    runs = as_table([(A, {"m": d}), (B, {"m": np.zeros(12)})])
    by_median = Raises(measure="m", arm=A, than=B, margin=ONE, center="median")
    assert judged(RAISES, runs).word == "unresolved"
    assert judged(by_median, runs).word == "reproduced"


def test_what_has_no_natural_margin_needs_one_with_a_reason():
    with pytest.raises(ValueError, match="`m` has no natural margin"):
        Raises(measure="m", arm=A, than=B)
    with pytest.raises(TypeError, match=r"expected a Margin\. Received: margin=0\.5"):
        Raises(measure="m", arm=A, than=B, margin=0.5)
    with pytest.raises(ValueError, match="Received: center='mode'"):
        Raises(measure="m", arm=A, than=B, margin=ONE, center="mode")


def test_a_margin_of_ones_own_is_told_with_its_reason_and_a_natural_one_as_such():
    own = Lowers(
        measure="test_error",
        arm=A,
        than=B,
        margin=Margin(2, "factor", "the source halves it"),
    )
    assert own.sentence() == (
        "Lowers: `test_error` of keep=0.5 is below that of keep=1.0; δ is its own "
        "margin, a factor of 2 (the source halves it; no effect is 1)."
    )
    natural = Lowers(measure="test_error", arm=A, than=B).sentence()
    assert "δ is a factor of 1.1 (10,000 test images leave" in natural
    assert natural.endswith("no effect is as many mistakes).")


def test_the_margin_is_part_of_what_is_declared_before_a_run_and_its_reason_is_not():
    rule = Lowers(measure="test_error", arm=A, than=B)
    margin = {"Margin": {"value": 1.1, "scale": "factor"}}
    assert stated(rule)["Lowers"]["margin"] == margin
    assert stated(LOWERS) == stated(
        Lowers(measure="m", arm=A, than=B, margin=Margin(1.0, because="another"))
    )


# A margin far below the noise lets most of noise pass for an effect.
SLIGHT = Raises(measure="m", arm=A, than=B, margin=Margin(0.1, because="a test"))
KINDS = {
    "mean": (RAISES, lambda d: normal((A, d), (B, 0.0)), {}),
    "slight": (SLIGHT, lambda d: normal((A, d / 10), (B, 0.0)), {}),
    "factor": (
        Raises(measure="m", arm=A, than=B, margin=Margin(2, "factor", "a test")),
        lambda d: (
            lambda random: [
                (A, {"m": np.exp(d * np.log(2) + random.normal(0, 1, 10))}),
                (B, {"m": np.exp(random.normal(0, 1, 10))}),
            ]
        ),
        {},
    ),
    "share": (
        Raises(measure="m", arm=A, than=B, margin=Margin(0.2, "share", "a test")),
        lambda d: (
            lambda random: [
                (A, {"m": random.random(40) < 0.4 + 0.2 * d}),
                (B, {"m": random.random(40) < 0.4}),
            ]
        ),
        {},
    ),
    "two humps": (
        Raises(measure="m", arm=A, than=B, margin=ONE, center="median"),
        lambda d: (
            lambda random: [
                (
                    A,
                    {
                        "m": d
                        + np.where(random.random(20) < 0.5, -9, 9) * random.random(20)
                    },
                ),
                (B, {"m": np.zeros(20)}),
            ]
        ),
        {},
    ),
}


@pytest.mark.parametrize("stages", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("truth", "false"), [(0.0, "reproduced"), (1.0, "contradicted")]
)
@pytest.mark.usual(
    "0.0-reproduced-mean-2", "1.0-contradicted-factor-1", "0.0-reproduced-share-1"
)
def test_at_most_5_percent_of_4000_pages_are_wrong(
    kind, truth, false, stages, past_pandas
):
    """Fresh seeds, which judge what is left open, are a second chance to err."""
    rule, draw, how = KINDS[kind]
    found, most = share(words(rule, draw(truth), stages=stages, **how), false)
    assert found <= most


def test_fresh_seeds_at_all_of_the_error_would_be_caught(past_pandas):
    draw, random = KINDS["slight"][1](1.0), np.random.default_rng(2026)
    found = []
    for _ in range(PAGES):
        tables = [{"results": Drawn(draw(random))} for _ in range(2)]
        found.append(SLIGHT.judged(Reading(tables=tables, alpha=0.05)).word)
    wrong, most = share(found, "contradicted")
    assert wrong > most


def test_of_4000_claims_scaled_down_none_is_contradicted(past_pandas):
    """Whatever is true at this scale, at the source's own it may be otherwise."""
    random = np.random.default_rng(2026)
    found = set()
    for effect in random.normal(0, 3, PAGES):
        drawn = {"results": Drawn(normal((A, effect), (B, 0.0))(random))}
        found.add(judge(RAISES, drawn, claims=1, scaled=True).word)
    assert found == {"reproduced at this scale", "unresolved (scaled)"}


@pytest.mark.slow
def test_five_claims_judged_as_if_each_stood_alone_would_be_caught(past_pandas):
    found = words(SLIGHT, normal((A, 0.0), (B, 0.0)), pages=20_000)
    pages = np.array(found, dtype=object).reshape(4000, 5)
    wrong = (pages == "reproduced").any(axis=1).mean()
    assert wrong > share(found[:4000], "")[1]


@pytest.mark.parametrize("kind", KINDS)
def test_judge_reads_real_tables_as_the_pages_are_read(kind, past_pandas):
    rule, draw, how = KINDS[kind]
    random = np.random.default_rng(2026)
    drawn = draw(0.5)
    real = [judged(rule, as_table(drawn(random)), **how).word for _ in range(20)]
    assert real == words(rule, drawn, pages=20, **how)


def test_a_rule_with_a_tenth_for_its_margin_stays_as_it_was():
    """The older rules keep both their names and their words."""
    runs = differing(-0.6, 0.1)
    assert judged(Less(measure="m", arm=A, than=B), runs).word == "reproduced"
