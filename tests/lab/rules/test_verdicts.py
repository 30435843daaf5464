"""Verdicts: every word, every message, and how often a page is wrong."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from study.lab.rules import intervals
from study.lab.rules.stated import stated
from study.lab.rules.verdicts import (
    Cited,
    Equivalent,
    Exact,
    Greater,
    Less,
    Rate,
    Shape,
    Verdict,
    judge,
)

A, B = {"keep": 0.5}, {"keep": 1.0}


def table(a, b=()):
    """The runs with keep = 0.5 and with keep = 1."""
    return pd.DataFrame(
        {
            "keep": np.repeat([0.5, 1.0], [len(a), len(b)]),
            "replicate": [*range(len(a)), *range(len(b))],
            "m": np.concatenate([a, b]),
        }
    )


def spread(effect, sd, n=10):
    """n numbers, n even, with exactly this mean, and this sd up to rounding."""
    return effect + sd * np.sqrt((n - 1) / n) * np.tile([-1.0, 1.0], n // 2)


def differing(effect, sd=1.0, n=10):
    return table(a=5 + spread(effect, sd, n), b=np.full(n, 5.0))


greater = partial(Greater, measure="m", arm=A, than=B)
less = partial(Less, measure="m", arm=A, than=B)
equivalent = partial(Equivalent, measure="m", arm=A, than=B, because="a test")
rate = partial(Rate, measure="m", arm=A)
HALF = stats.t.ppf(0.975, 9) / np.sqrt(10)  # half a 95 % interval of ten with sd 1


# The self-test: how often a page is wrong.
#
# A draw is (arm, than), each an array (pages, claims, parts, runs); a rule on it is
# decided at alpha / parts. `decisions` restates the rule on whole arrays, so that
# thousands of pages take a moment; `judge` must agree with it on real tables.


def normal(rng, effect, size):
    return effect + rng.normal(0, 1, (*size, 10)), rng.normal(0, 1, (*size, 10))


def skewed(rng, effect, size):
    """Step counts, heavy-tailed; without an effect half are censored at the budget."""
    than = 100 + 300 * rng.standard_exponential((*size, 10))
    if effect:
        return than + effect + 40 * rng.standard_cauchy(than.shape), than
    arm = 100 + 300 * rng.standard_exponential(than.shape)
    return arm.clip(max=300).round(), than.clip(max=300).round()


def solved(rng, effect, size):
    than = rng.random((*size, 100)) < 0.4
    return rng.random(than.shape) < 0.4 + effect, than


def one_idle(rng, effect, size):
    """Without an effect it is only the first part that lacks it: the hardest case."""
    arm, than = normal(rng, effect, size)
    if not effect:
        arm[..., 1:, :] += 10
    return arm, than


def of_differences(interval, arm, than, alpha):
    return interval(arm - than, alpha, 10)


def of_rates(arm, than, alpha):
    return intervals.share_difference((arm.mean(-1), than.mean(-1)), alpha, 100)


MEAN = partial(of_differences, intervals.student)
MEDIAN = partial(of_differences, intervals.sign_test)


def parts(count, delta):
    return [Greater(measure=f"m{i}", arm=A, than=B, delta=delta) for i in range(count)]


KINDS = {  # draw, interval, delta, parts, rule
    "mean": (normal, MEAN, 1.0, 1, *parts(1, delta=1)),
    "median": (skewed, MEDIAN, 50.0, 1, *parts(1, delta=50)),
    "rate": (solved, of_rates, 0.2, 1, Rate(measure="m0", arm=A, than=B, delta=0.2)),
    "shape": (one_idle, MEAN, 1.0, 3, Shape(*parts(3, delta=1))),
}
PAGES = [(kind, k, real) for kind in KINDS for k in (1, 5) for real in (False, True)]
pages = pytest.mark.parametrize(("kind", "claims", "real"), PAGES)


def drawn(kind, claims, real, count):
    draw, interval, delta, parts, _ = KINDS[kind]
    rng = np.random.default_rng([claims, real, *kind.encode()])
    arm, than = draw(rng, delta if real else 0.0, (count, claims, parts))
    lower, upper = interval(arm, than, 0.05 / claims / parts)
    contradicted = (upper < delta).any(-1)
    reproduced = ((upper >= delta) & (lower > 0)).all(-1)
    words = np.full(contradicted.shape, "unresolved", dtype=object)
    words[reproduced] = "reproduced"
    words[contradicted] = "contradicted"
    return arm, than, words


def wrong(words, real):
    """The share of pages with a wrong verdict, and what it may be at most."""
    share = (words == ("contradicted" if real else "reproduced")).any(-1).mean()
    return share, 0.05 + 3 * np.sqrt(0.05 * 0.95 / len(words))


def judged(kind, claims, arm, than):
    """The words of real tables, with a measure for each part."""
    _, interval, _, _, rule = KINDS[kind]
    censored = {"m0"} if interval is MEDIAN else set()
    words = []
    for a, b in zip(np.concatenate(arm), np.concatenate(than), strict=True):
        measures = {f"m{i}": runs for i, runs in enumerate(np.hstack([a, b]))}
        runs = table(a[0], b[0]).assign(**measures)
        words.append(judge(rule, runs, claims=claims, censored=censored).word)
    return np.array(words, dtype=object).reshape(len(arm), claims)


@pages
def test_at_most_5_percent_of_4000_pages_are_wrong(kind, claims, real):
    _, _, words = drawn(kind, claims, real, 4000)
    share, bound = wrong(words, real)
    assert share <= bound


@pytest.mark.parametrize(
    ("kind", "claims", "real"),
    [
        each if each[1:] == (5, True) else pytest.param(*each, marks=pytest.mark.slow)
        for each in PAGES
    ],
)
def test_judge_decides_real_tables_as_the_4000_pages_are_decided(kind, claims, real):
    arm, than, words = drawn(kind, claims, real, 60 // claims)
    assert (judged(kind, claims, arm, than) == words).all()


@pytest.mark.parametrize("real", [False, True])
def test_at_most_5_percent_of_400_judged_pages_are_wrong(real):
    arm, than, _ = drawn("mean", 1, real, 400)
    share, bound = wrong(judged("mean", 1, arm, than), real)
    assert share <= bound


def test_judging_five_claims_as_if_each_stood_alone_would_be_caught():
    _, _, words = drawn("mean", 1, False, 20_000)
    share, bound = wrong(words.reshape(4000, 5), False)
    assert share > bound  # 1 - 0.975**5 = 12 %


# Greater and Less


def test_interval_is_the_paired_t_interval_at_the_pages_level():
    rng = np.random.default_rng(0)
    a, b = rng.normal(1, 1, 10), rng.normal(0, 1, 10)
    verdict = judge(greater(), table(a=a, b=b), claims=5)
    expected = stats.ttest_rel(a, b).confidence_interval(0.99)
    assert (verdict.lower, verdict.upper) == pytest.approx(expected, rel=0, abs=1e-13)
    assert verdict.effect == pytest.approx(np.mean(a - b), rel=0, abs=1e-15)


@pytest.mark.parametrize(
    ("effect", "sd", "word", "reason"),
    [
        (2.0, 1.0, "reproduced", ""),
        (HALF + 0.01, 1.0, "reproduced", ""),
        (HALF - 0.01, 1.0, "unresolved", ""),
        (1 - HALF + 0.01, 1.0, "unresolved", ""),
        (1 - HALF - 0.01, 1.0, "contradicted", "no such effect"),
        (-HALF + 0.01, 1.0, "contradicted", "no such effect"),
        (-HALF - 0.01, 1.0, "contradicted", "opposite"),
        (0.5, 0.1, "contradicted", "weaker than claimed"),
    ],
)
def test_the_interval_against_0_and_delta_decides(effect, sd, word, reason):
    verdict = judge(greater(delta=1.0), differing(effect, sd), claims=1)
    assert (verdict.word, verdict.reason) == (word, reason)


@pytest.mark.parametrize("effect", [-3.0, -0.3, 0.3, 3.0])
def test_less_supports_its_claim_with_a_positive_effect(effect):
    gain, none = spread(effect, 1.0), np.zeros(10)
    verdict = judge(less(delta=1.0), table(a=-gain, b=none), claims=1)
    other = judge(greater(delta=1.0), table(a=gain, b=none), claims=1)
    assert replace(verdict, rule=other.rule) == other
    # ten roundings on numbers up to 4
    assert verdict.effect == pytest.approx(effect, rel=0, abs=1e-14)


@pytest.mark.parametrize(
    ("reference", "unit", "delta"),
    [(-4.0, "", 0.4), (4.0, "%", 0.4), (0.4, "", 0.04), (0.4, "%", 0.1), (0, "", 0)],
)
def test_delta_left_out_is_a_tenth_of_the_reference(reference, unit, delta):
    runs = table(a=np.arange(10.0), b=np.full(10, reference))
    verdict = judge(greater(), runs, claims=1, units={"m": unit})
    assert verdict.delta == pytest.approx(delta, rel=1e-14)
    assert verdict.unit == unit


def test_equal_differences_collapse_the_interval_onto_the_effect():
    verdict = judge(greater(delta=1.0), table(a=[3.0] * 5, b=[1.0] * 5), claims=1)
    assert (verdict.lower, verdict.effect, verdict.upper) == (2, 2, 2)
    assert verdict.word == "reproduced"


def test_a_single_pair_settles_nothing():
    rule = greater(delta=1.0)
    verdict = judge(rule, table(a=[9.0], b=[0.0]), claims=1)
    assert verdict == Verdict(
        word="unresolved",
        rule=rule,
        effect=9.0,
        lower=-np.inf,
        upper=np.inf,
        delta=1.0,
        replicates=1,
    )


def test_a_censored_measure_is_judged_by_the_median_and_the_sign_test():
    gains = [30, -2, 5, 1, 0, 0, 8, 4, 7, 900]
    runs = table(a=np.full(10, 1000) - gains, b=np.full(10, 1000))
    verdict = judge(less(delta=1.0), runs, claims=1, censored={"m"})
    # sorted: -2 0 | 0 1 4 5 7 8 | 30 900: the second smallest and the second largest
    assert (verdict.effect, verdict.lower, verdict.upper) == (4.5, 0, 30)
    assert verdict.word == "unresolved"


def test_runs_that_are_all_censored_show_no_effect_rather_than_the_opposite():
    budget = np.full(10, 1000)
    verdict = judge(less(), table(a=budget, b=budget), claims=1, censored={"m"})
    assert (verdict.lower, verdict.effect, verdict.upper) == (0, 0, 0)
    assert (verdict.word, verdict.reason) == ("contradicted", "no such effect")


def test_a_reference_of_zeros_leaves_only_the_direction_to_judge():
    with np.errstate(all="raise"):
        for gain, word, reason in (
            (2.0, "reproduced", ""),
            (0.0, "unresolved", ""),
            (-2.0, "contradicted", "opposite"),
        ):
            runs = table(a=np.full(10, gain), b=np.zeros(10))
            verdict = judge(greater(), runs, claims=1)
            assert (verdict.word, verdict.reason) == (word, reason)


def test_five_censored_pairs_are_too_few_to_settle_anything():
    runs = table(a=np.full(5, 900.0), b=np.full(5, 100.0))
    verdict = judge(greater(delta=1.0), runs, claims=1, censored={"m"})
    assert (verdict.word, verdict.lower) == ("unresolved", -np.inf)
    assert verdict.seeds == 6


def test_pairs_are_made_by_replicate_whatever_the_order_of_rows():
    rng = np.random.default_rng(4)
    runs = table(a=rng.normal(0, 1, 10), b=rng.normal(0, 1, 10))
    shuffled = runs.sample(frac=1, random_state=5)
    assert judge(greater(), shuffled, claims=1) == judge(greater(), runs, claims=1)


def test_arms_are_told_apart_by_every_swept_name_they_give():
    runs = pd.concat([differing(3.0).assign(width=8), differing(-3.0).assign(width=9)])
    rule = greater(arm=A | {"width": 9}, than=B | {"width": 9}, delta=1.0)
    assert judge(rule, runs, claims=1).reason == "opposite"


def test_none_selects_the_runs_that_lack_a_value():
    runs = differing(3.0).replace({"keep": {1.0: None}})
    assert judge(greater(than={"keep": None}), runs, claims=1).word == "reproduced"


whole = st.lists(st.tuples(*[st.integers(-50, 50)] * 2), min_size=2, max_size=12).map(
    lambda pairs: tuple(np.array(pairs, dtype=float).T)
)
kinds = st.sampled_from([frozenset(), frozenset({"m"})])
few = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@few
@given(whole, kinds)
def test_swapping_the_arms_turns_greater_into_less(pairs, censored):
    runs = table(a=pairs[0], b=pairs[1])
    swapped = less(arm=B, than=A, delta=3.0)
    other = judge(greater(delta=3.0), runs, claims=2, censored=censored)
    verdict = judge(swapped, runs, claims=2, censored=censored)
    assert replace(verdict, rule=other.rule) == other


@few
@given(whole, kinds, st.integers(-1000, 1000))
def test_adding_a_constant_to_both_arms_changes_nothing(pairs, censored, constant):
    for rule in (greater(delta=3.0), less(delta=3.0), equivalent(margin=5.0)):
        plain, moved = (
            judge(
                rule, table(a=pairs[0] + c, b=pairs[1] + c), claims=2, censored=censored
            )
            for c in (0, constant)
        )
        assert plain == moved


@few
@given(whole, kinds)
def test_a_finding_in_one_direction_is_never_reproduced_in_the_other(pairs, censored):
    runs = table(a=pairs[0], b=pairs[1])
    words = {
        judge(rule(delta=3.0), runs, claims=1, censored=censored).word
        for rule in (greater, less)
    }
    assert words != {"reproduced"}


@few
@given(whole)
def test_more_claims_on_the_page_only_widen_the_interval(pairs):
    runs = table(a=pairs[0], b=pairs[1])
    one, many = (judge(greater(delta=3.0), runs, claims=k) for k in (1, 20))
    assert many.lower <= one.lower <= one.effect <= one.upper <= many.upper


# Equivalent


@pytest.mark.parametrize(
    ("effect", "word", "reason"),
    [
        (0.0, "reproduced", ""),
        (2 - HALF - 0.01, "reproduced", ""),
        (2 - HALF + 0.01, "unresolved", ""),
        (HALF - 2 - 0.01, "unresolved", ""),
        (2 + HALF - 0.01, "unresolved", ""),
        (2 + HALF + 0.01, "contradicted", "different"),
        (-2 - HALF - 0.01, "contradicted", "different"),
    ],
)
def test_equivalence_is_decided_by_the_interval_inside_the_margin(effect, word, reason):
    verdict = judge(equivalent(margin=2.0), differing(effect), claims=1)
    assert (verdict.word, verdict.reason, verdict.delta) == (word, reason, 2.0)


# Rate


def runs_of(a, b=None, n=100):
    return table(np.arange(n) < a, () if b is None else np.arange(n) < b)


@pytest.mark.parametrize(
    ("bound", "seen", "word", "reason"),
    [
        # exact 95 % intervals of 60, 61, 39 and 40 of 100:
        # 0.497–0.697, 0.507–0.706, 0.294–0.493, 0.303–0.503
        ({"above": 0.5}, 61, "reproduced", ""),
        ({"above": 0.5}, 60, "unresolved", ""),
        ({"above": 0.5}, 40, "unresolved", ""),
        ({"above": 0.5}, 39, "contradicted", "rarer than claimed"),
        ({"below": 0.5}, 39, "reproduced", ""),
        ({"below": 0.5}, 60, "unresolved", ""),
        ({"below": 0.5}, 61, "contradicted", "more frequent than claimed"),
        ({"above": 0.0}, 0, "unresolved", ""),
        ({"below": 0.04}, 0, "reproduced", ""),  # upper = 1 - 0.025**(1/100) = 0.0362
    ],
)
def test_the_rate_of_one_arm_is_held_against_its_threshold(bound, seen, word, reason):
    verdict = judge(rate(**bound), runs_of(seen), claims=1)
    assert (verdict.word, verdict.reason) == (word, reason)
    assert verdict.effect == seen / 100
    assert verdict.delta == next(iter(bound.values()))


@pytest.mark.parametrize(
    ("a", "b", "word", "reason"),
    [
        (90, 30, "reproduced", ""),
        (60, 50, "unresolved", ""),
        (30, 90, "contradicted", "opposite"),
        (40, 60, "contradicted", "no such effect"),
    ],
)
def test_two_rates_are_decided_by_their_difference(a, b, word, reason):
    verdict = judge(rate(than=B, delta=0.1), runs_of(a, b), claims=1)
    assert (verdict.word, verdict.reason, verdict.unit) == (word, reason, "")
    ends = [
        stats.binomtest(seen, 100).proportion_ci(0.975, method="exact")
        for seen in (a, b)
    ]
    # scipy's root finder stops at 2e-12
    assert (verdict.lower, verdict.upper) == pytest.approx(
        (ends[0].low - ends[1].high, ends[0].high - ends[1].low), rel=0, abs=1e-11
    )


# Shape

SURE, WEAK = greater(measure="sure", delta=1.0), greater(measure="weak", delta=100.0)


def two_measures(sure, weak):
    runs = differing(sure).rename(columns={"m": "sure"})
    return runs.assign(weak=100 * differing(weak)["m"])


@pytest.mark.parametrize(
    ("sure", "weak", "word", "reason"),
    [
        # as many hundreds as the other has ones: more in number, less in deltas
        (3, 2, "reproduced", "least certain: weak higher at keep 0.5 than at 1.0"),
        (2, 3, "reproduced", "least certain: sure higher at keep 0.5 than at 1.0"),
        (3, 0.5, "unresolved", "undecided: weak higher at keep 0.5 than at 1.0"),
        (3, -3, "contradicted", "weak higher at keep 0.5 than at 1.0:"),
        (-3, 0.5, "contradicted", "sure higher at keep 0.5 than at 1.0:"),
    ],
)
def test_a_shape_takes_word_and_numbers_from_what_decides(sure, weak, word, reason):
    verdict = judge(Shape(SURE, WEAK), two_measures(sure, weak), claims=1)
    assert verdict.word == word
    assert verdict.reason.startswith(reason)
    decides = SURE if "sure" in reason.removeprefix("least certain") else WEAK
    alone = judge(decides, two_measures(sure, weak), claims=2)
    for field in ("rule", "effect", "lower", "upper", "delta", "replicates"):
        assert getattr(verdict, field) == getattr(alone, field)
    assert [each.rule for each in verdict.parts] == [SURE, WEAK]
    assert alone in verdict.parts


def test_a_contradicted_shape_says_what_contradicts_and_why():
    verdict = judge(Shape(SURE, WEAK), two_measures(3, -3), claims=1)
    assert verdict.reason == "weak higher at keep 0.5 than at 1.0: opposite"


def test_what_contradicts_a_shape_decides_though_another_part_is_less_certain():
    runs = differing(0.0, sd=0.1).rename(columns={"m": "sure"})
    runs["weak"] = 100 * differing(0.5, sd=9.0)["m"]
    assert judge(WEAK, runs, claims=2).lower / 100 < judge(SURE, runs, claims=2).lower
    verdict = judge(Shape(SURE, WEAK), runs, claims=1)
    assert (verdict.word, verdict.reason) == (
        "contradicted",
        "sure higher at keep 0.5 than at 1.0: no such effect",
    )


def test_a_shape_asks_for_the_seeds_that_settle_every_part():
    runs = two_measures(0.6, 0.5)
    parts = [judge(part, runs, claims=2).seeds for part in (SURE, WEAK)]
    assert parts[0] < parts[1]
    assert judge(Shape(SURE, WEAK), runs, claims=1).seeds == parts[1]


def test_a_shape_of_one_comparison_is_that_comparison():
    runs = differing(0.5)
    alone = judge(greater(delta=1.0), runs, claims=3)
    shape = judge(Shape(greater(delta=1.0)), runs, claims=3)
    assert shape.reason == "undecided: m higher at keep 0.5 than at 1.0"
    assert (shape.lower, shape.seeds) == (alone.lower, alone.seeds)


# Seeds


@pytest.mark.parametrize("effect", [-0.1, 0.0, 0.2, 0.5, 0.65])
def test_seeds_are_the_fewest_whose_interval_would_settle_the_mean(effect):
    verdict = judge(greater(delta=1.0), differing(effect, sd=1.7), claims=1)
    assert verdict.word == "unresolved"
    needed = max(effect, 1.0 - effect)
    fewest = next(
        n
        for n in range(2, 1000)
        if stats.t.ppf(0.975, n - 1) * 1.7 / np.sqrt(n) < needed
    )
    assert verdict.seeds == fewest


def test_seeds_of_an_effect_beyond_delta_are_those_that_part_it_from_0():
    verdict = judge(greater(delta=1.0), differing(1.5, sd=4.0), claims=1)
    assert stats.t.ppf(0.975, verdict.seeds - 1) * 4 / np.sqrt(verdict.seeds) < 1.5
    assert stats.t.ppf(0.975, verdict.seeds - 2) * 4 / np.sqrt(verdict.seeds - 1) > 1.5


def test_seeds_of_a_rate_are_the_fewest_runs_of_the_same_share_that_settle_it():
    seeds = judge(rate(above=0.5), runs_of(55), claims=1).seeds
    lower = [stats.beta.ppf(0.025, 0.55 * n, 0.45 * n + 1) for n in (seeds - 1, seeds)]
    assert lower[0] <= 0.5 < lower[1]


def test_seeds_of_a_censored_measure_settle_it_when_the_sample_repeats():
    gains = np.array([30, -2, 5, 1, -1, -3, 8, 4, 7, 900])
    few = table(a=1000 - gains, b=np.full(10, 1000))
    verdict = judge(less(delta=1.0), few, claims=1, censored={"m"})
    assert verdict.word == "unresolved"
    copies = -(-verdict.seeds // 10)
    many = table(a=1000 - np.tile(gains, copies), b=np.full(10 * copies, 1000))
    assert judge(less(delta=1.0), many, claims=1, censored={"m"}).word == "reproduced"


@pytest.mark.parametrize(
    ("rule", "runs"),
    [
        (greater(delta=1.0), table(a=[2.0], b=[0.0])),  # one pair has no spread
        (greater(), table(a=np.zeros(10), b=np.zeros(10))),  # never anything but 0
        (greater(delta=1.0), differing(0.5, sd=1e4)),  # more than 10**6
        (rate(above=0.5), runs_of(50)),  # on the threshold
        (equivalent(margin=2.0), table(a=[1.0, 3.0], b=[0.0, 0.0])),  # on the margin
    ],
)
def test_seeds_are_none_where_no_number_would_settle(rule, runs):
    verdict = judge(rule, runs, claims=1)
    assert (verdict.word, verdict.seeds) == ("unresolved", None)


def test_seeds_of_a_single_censored_pair_are_none():
    runs = table(a=[1.0], b=[1000.0])
    assert judge(less(delta=1.0), runs, claims=1, censored={"m"}).seeds is None


def test_seeds_are_none_where_nothing_is_left_to_settle():
    for effect in (-3.0, 3.0):
        assert judge(greater(delta=1.0), differing(effect), claims=1).seeds is None


# Diverged runs


def test_diverged_runs_are_counted_once_and_only_where_read():
    runs = pd.concat([differing(3.0), differing(0.0).assign(keep=0.7)])
    runs["diverged"] = np.where(runs["replicate"] < 2, 40.0, np.nan)
    shape = Shape(greater(delta=1.0), less(arm=B, than=A, delta=1.0))
    assert judge(greater(delta=1.0), runs, claims=1).diverged == 4
    assert judge(shape, runs, claims=1).diverged == 4
    everything = Exact(measure="m", where={}, tolerance=9)
    assert judge(everything, runs, claims=1).diverged == 8


# Facts and history


@pytest.mark.parametrize(
    ("deviations", "word", "effect"),
    [
        ([0.0, 1e-9], "exact", 1e-9),
        ([0.0, 2e-9], "refuted", 2e-9),
        ([0.0, np.inf], "refuted", np.inf),
        ([0.0, np.nan], "refuted", np.nan),
    ],
)
def test_a_fact_is_exact_if_no_row_deviates_by_more(deviations, word, effect):
    rule = Exact(measure="m", where=A, tolerance=1e-9)
    verdict = judge(rule, table(a=deviations), claims=1)
    assert verdict.word == word
    assert (verdict.effect, verdict.lower, verdict.upper) == pytest.approx(
        [effect] * 3, rel=0, abs=0, nan_ok=True
    )
    assert (verdict.delta, verdict.replicates) == (1e-9, 2)


def test_a_fact_needs_no_replicates():
    runs = pd.DataFrame({"m": [0.0, 0.0]})
    rule = Exact(measure="m", where={}, tolerance=0)
    assert judge(rule, runs, claims=1).word == "exact"


def test_of_several_tables_a_rule_reads_its_own():
    several = {"good": differing(3.0), "bad": differing(-3.0)}
    for name, word in (("good", "reproduced"), ("bad", "contradicted")):
        rule = greater(delta=1.0, table=name)
        assert judge(rule, several, claims=1).word == word
        alone = judge(greater(delta=1.0), several[name], claims=1)
        verdict = judge(rule, several, claims=1)
        assert replace(verdict, rule=None) == replace(alone, rule=None)


def test_the_parts_of_a_shape_may_read_different_tables():
    several = {"one": differing(3.0), "other": differing(9.0)}
    parts = [greater(delta=1.0, table=each) for each in several]
    verdict = judge(Shape(*parts), several, claims=1)
    assert [each.effect for each in verdict.parts] == pytest.approx([3.0, 9.0])
    assert verdict.rule is parts[0]
    assert Shape(*parts).tables() == {*several}


def test_diverged_runs_are_counted_in_the_tables_that_a_rule_reads():
    lost = differing(3.0).assign(diverged=[1.0] + [np.nan] * 19)
    several = {"one": lost, "other": lost}
    parts = [greater(delta=1.0, table=each) for each in several]
    assert judge(parts[0], several, claims=1).diverged == 1
    assert judge(Shape(*parts), several, claims=1).diverged == 2


def test_a_rule_of_a_table_tells_it():
    rule = greater(delta=1.0, table="way")
    assert rule.claim().startswith("`m` in `way` of keep=0.5 is greater")
    exact = Exact(measure="m", table="way", tolerance=0)
    assert exact.sentence() == (
        "Exact if `m` in `way` is at most 0 in every run, else refuted."
    )


def test_a_rule_of_a_table_that_is_not_there_is_refused():
    rule = greater(delta=1.0, table="way")
    assert message(
        ValueError, lambda: judge(rule, {"end": differing(1)}, claims=1)
    ) == (
        "Expected a table `way`. Received: end. Correct `table`, or have `run` return "
        "it."
    )


def test_the_name_of_a_table_is_no_part_of_what_is_declared_before_a_run():
    assert stated(greater(table="way")) == stated(greater())


def test_a_citation_is_judged_without_a_table():
    right = Cited(source="Rosenblatt 1958, p. 386")
    false = Cited(source="Rosenblatt 1958", correct=False, note="He says 1957.")
    assert judge(right, None, claims=1) == Verdict(word="cited", rule=right)
    assert judge(false, None, claims=1) == Verdict(
        word="miscited", reason="He says 1957.", rule=false
    )


# Scaled down


@pytest.mark.parametrize(
    ("effect", "word", "reason"),
    [
        (3.0, "reproduced at this scale", ""),
        (0.5, "unresolved (scaled)", ""),
        (-3.0, "unresolved (scaled)", "opposite at this scale"),
    ],
)
def test_a_claim_scaled_down_is_never_contradicted(effect, word, reason):
    runs = differing(effect)
    verdict = judge(greater(delta=1.0), runs, claims=1, scaled=True)
    plain = judge(greater(delta=1.0), runs, claims=1)
    assert (verdict.word, verdict.reason) == (word, reason)
    assert (verdict.effect, verdict.seeds) == (plain.effect, plain.seeds)


def test_scale_does_not_touch_a_fact():
    rule = Exact(measure="m", where=A, tolerance=1)
    assert judge(rule, table(a=[2.0]), claims=1, scaled=True).word == "refuted"


# What a rule says of itself


def test_rules_say_which_measures_and_arms_they_read():
    shape = Shape(SURE, rate(measure="weak", above=0.5))
    assert shape.measures() == {"sure", "weak"}
    assert shape.arms() == (A, B, A)
    assert rate(than=B, delta=0.1).arms() == (A, B)
    fact = Exact(measure="m", where=A, tolerance=0)
    assert (fact.measures(), fact.arms()) == ({"m"}, (A,))
    cited = Cited(source="Rosenblatt 1958")
    assert (cited.measures(), cited.arms()) == (set(), ())


DECIDED = (
    "contradicted if the simultaneous 95 % interval of the difference lies wholly "
    "below the smallest effect of interest, δ = {}; otherwise reproduced if it lies "
    "wholly above 0; otherwise unresolved."
)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            less(arm={"initializer": "He", "width": 8}, delta=0.1),
            "`m` of initializer=He, width=8 is less than that of keep=1.0: "
            + DECIDED.format("0.1"),
        ),
        (
            greater(),
            "`m` of keep=0.5 is greater than that of keep=1.0: "
            + DECIDED.format(
                "a tenth of the reference's mean, at least 0.1 percentage points"
            ),
        ),
        (
            equivalent(margin=2),
            (
                "`m` of keep=0.5 is that of keep=1.0 to within 2 (a test): reproduced "
                "if the simultaneous 95 % interval of the difference lies inside ±2, "
                "contradicted if it lies wholly outside, else unresolved."
            ),
        ),
        (
            rate(above=0.5),
            (
                "the rate of `m` in keep=0.5 is above 0.5: reproduced if its exact "
                "simultaneous 95 % interval lies wholly on that side, contradicted if "
                "wholly on the other, else unresolved."
            ),
        ),
        (
            rate(than=B, delta=0.1),
            "the rate of `m` in keep=0.5 is greater than that in keep=1.0: "
            + DECIDED.format("0.1"),
        ),
        (
            Exact(measure="m", where={}, tolerance=1e-12),
            "Exact if `m` is at most 1e-12 in every run, else refuted.",
        ),
        (
            Cited(source="Rosenblatt 1958"),
            "Rosenblatt 1958 bears this out.",
        ),
        (
            Cited(source="Rosenblatt 1958", correct=False, note="He says 1957."),
            "Rosenblatt 1958 does not bear this out. He says 1957.",
        ),
    ],
)
def test_rules_print_themselves_as_english(rule, sentence):
    assert rule.sentence() == sentence


def test_a_shape_prints_all_its_comparisons():
    assert Shape(SURE, WEAK).sentences() == [
        "Reproduced if all of these are, contradicted if one is, else unresolved, each "
        "at an equal part of the error:",
        f"(1) {SURE.sentence()}",
        f"(2) {WEAK.sentence()}",
    ]


# Messages


def message(error, call):
    with pytest.raises(error) as raised:
        call()
    assert raised.type is error
    return str(raised.value)


@pytest.mark.parametrize("delta", [0, -1, np.inf, np.nan])
def test_a_delta_that_is_no_size_is_refused(delta):
    for rule in (greater, less):
        assert message(ValueError, lambda rule=rule: rule(delta=delta)) == (
            "`delta` is the smallest effect of interest: expected a finite number > 0. "
            f"Received: delta={delta}. Leave it out for a tenth of the reference arm's "
            "mean."
        )


@pytest.mark.parametrize("margin", [0, -1, np.inf, np.nan])
def test_a_margin_that_is_no_size_is_refused(margin):
    assert message(ValueError, lambda: equivalent(margin=margin)) == (
        "`margin` is the largest difference that still counts as none: expected a "
        f"finite number > 0. Received: margin={margin}. For equality without a margin "
        "use Exact."
    )


def test_a_margin_of_sameness_without_a_reason_is_refused():
    assert message(ValueError, lambda: equivalent(margin=1.0, because=" ")) == (
        "`because` says why a smaller difference does not matter: expected a reason. "
        "Received: because=' '. Write one, which the page prints."
    )
    other = equivalent(margin=1.0, because="another")
    assert stated(other) == stated(equivalent(margin=1.0))


@pytest.mark.parametrize(
    ("given", "received"),
    [
        ({}, "none of them"),
        ({"above": 0.1, "below": 0.9}, "above=0.1, below=0.9"),
        ({"than": B, "above": 0.1}, "than={'keep': 1.0}, above=0.1"),
    ],
)
def test_a_rate_held_against_none_or_two_is_refused(given, received):
    assert message(ValueError, lambda: rate(**given)) == (
        "A rate is held against one thing: expected exactly one of `than`, `above` and "
        f"`below`. Received: {received}. Hold it against two with two rules in a Shape."
    )


@pytest.mark.parametrize("key", ["above", "below"])
@pytest.mark.parametrize("bound", [-0.1, 50, np.nan])
def test_a_threshold_that_is_no_rate_is_refused(key, bound):
    assert message(ValueError, lambda: rate(**{key: bound})) == (
        f"`{key}` is a rate: expected a number from 0 to 1. Received: {key}={bound}. "
        "Give a share, not a percentage."
    )


@pytest.mark.parametrize("delta", [None, 0, -0.1, 10])
def test_two_rates_without_a_difference_of_interest_are_refused(delta):
    assert message(ValueError, lambda: rate(than=B, delta=delta)) == (
        "`delta` is the smallest difference of interest between two rates: expected a "
        f"share above 0, at most 1. Received: delta={delta}. Ten percentage points are "
        "delta=0.1."
    )


def test_a_delta_beside_a_threshold_is_refused():
    assert message(ValueError, lambda: rate(above=0.5, delta=0.1)) == (
        "`delta` goes with `than`: expected none beside `above`. Received: delta=0.1. "
        "Leave it out: the threshold decides."
    )


@pytest.mark.parametrize("tolerance", [-1, np.inf, np.nan])
def test_a_tolerance_that_is_no_size_is_refused(tolerance):
    call = partial(Exact, measure="m", where=A, tolerance=tolerance)
    assert message(ValueError, call) == (
        "`tolerance` is the largest deviation that rounding explains: expected a "
        f"finite number >= 0. Received: tolerance={tolerance}. Take 0 "
        "for equality to the bit."
    )


def test_a_citation_without_a_source_is_refused():
    assert message(ValueError, lambda: Cited(source=" ")) == (
        "`source` names what was read: expected authors, year and place. Received: "
        "source=' '. Write it so that it can be found."
    )


COMPARED = [
    greater,
    less,
    partial(equivalent, margin=1.0),
    partial(rate, delta=0.1),
]


@pytest.mark.parametrize("rule", COMPARED)
def test_an_arm_compared_with_itself_is_refused(rule):
    assert message(ValueError, lambda: rule(than=A)) == (
        "A comparison needs two arms: expected `than` to differ from `arm`. Received: "
        "keep=0.5 twice. Name the reference in `than`."
    )


@pytest.mark.parametrize("rule", COMPARED)
@pytest.mark.parametrize("arms", [{"arm": "He", "than": B}, {"than": "He"}])
def test_an_arm_that_is_no_mapping_is_refused(rule, arms):
    assert message(TypeError, lambda: rule(**arms)) == (
        "An arm selects runs: expected a mapping from swept name to value. Received: "
        "'He'. Write it like {'keep': 0.5}."
    )


def test_an_empty_shape_is_refused():
    assert message(ValueError, Shape) == (
        "A shape is made of comparisons: expected at least one. Received: none. Hand "
        "them over one by one: Shape(Less(...), Equivalent(...))."
    )


def test_a_shape_of_anything_but_comparisons_is_refused():
    assert message(TypeError, lambda: Shape([SURE, WEAK])) == (
        "A shape is made of comparisons: expected Greater, Less, Rate or another rule "
        f"on arms. Received: {[SURE, WEAK]!r}. Hand them over one by one: "
        "Shape(Less(...), Equivalent(...))."
    )


def test_judging_what_is_no_rule_is_refused():
    assert message(TypeError, lambda: judge("m", differing(1), claims=1)) == (
        "Expected a rule: Raises, Lowers, DoesNotRaise, DoesNotLower, Band, Level, "
        "Stronger, Greater, Less, Equivalent, Rate, Shape, Each, Some, Controlled, "
        "Exact, Cited or Readings. Received: 'm'. Build one of these."
    )


def test_a_page_without_claims_is_refused():
    assert message(ValueError, lambda: judge(SURE, differing(1), claims=0)) == (
        "`claims` is the number of claims on the page: expected at least 1. Received: "
        "claims=0. Count the one that is judged."
    )


def refusal(rule, runs):
    return message(ValueError, lambda: judge(rule, runs, claims=1))


def test_an_arm_without_runs_is_refused_and_the_arms_are_listed():
    assert refusal(greater(arm={"keep": 0.7}), differing(1)) == (
        "Expected runs with keep=0.7. Received: none. Arms in the table: keep=0.5; "
        "keep=1.0."
    )


def test_an_arm_with_several_runs_a_replicate_is_refused():
    runs = pd.concat([differing(1).assign(width=8), differing(1).assign(width=9)])
    assert refusal(greater(), runs) == (
        "Expected one run a replicate with keep=0.5. Received: 2 runs of replicate 0. "
        "Name every swept value that tells them apart. Arms in the table: keep=0.5; "
        "keep=1.0."
    )


def test_arms_with_different_replicates_are_refused():
    assert refusal(greater(), table(a=[1.0, 2.0, 3.0], b=[1.0])) == (
        "Expected the same replicates with keep=0.5 and with keep=1.0, to pair them. "
        "Received: 1, 2 in one arm only. Run what is missing. Arms in the table: "
        "keep=0.5; keep=1.0."
    )


@pytest.mark.parametrize("column", ["m", "keep", "replicate"])
def test_a_table_without_a_column_that_is_read_is_refused(column):
    runs = differing(1).drop(columns=column)
    assert refusal(greater(), runs) == (
        f"Expected a column `{column}` in the table. Received: "
        f"{', '.join(runs.columns)}. Correct the rule, or add the column."
    )


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_measure_that_is_not_finite_is_refused_with_its_run(value):
    assert refusal(greater(), table(a=[1.0, value], b=[1.0, 1.0])) == (
        f"Expected a finite `m` in every run. Received: {value} for keep=0.5, "
        "replicate 1. Give a diverged run chance level, or the budget for a step count."
    )


@pytest.mark.parametrize("rule", [rate(above=0.5), rate(than=B, delta=0.1)])
def test_a_rate_of_anything_but_0_and_1_is_refused(rule):
    assert refusal(rule, table(a=[1.0, 0.25], b=[0.0, 1.0])) == (
        "A rate counts runs: expected `m` to be 0 or 1 in each. Received: 0.25. Use "
        "Greater or Less for a measured quantity."
    )


def test_a_negative_deviation_is_refused():
    rule = Exact(measure="m", where=A, tolerance=1)
    assert refusal(rule, table(a=[np.nan, -0.5])) == (
        "`m` is a deviation: expected numbers >= 0. Received: -0.5. Store the absolute "
        "value."
    )
