"""Intervals: known values, and the coverage they promise, counted out exactly."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from study.lab.rules.intervals import (
    clopper_pearson,
    seeds_to_settle,
    share_difference,
    sign_test,
    sign_test_between,
    student,
)

SORTED = np.arange(1.0, 11.0)  # ten differences: the k-th smallest is k


@pytest.mark.parametrize("alpha", [0.05, 0.01, 0.002])
def test_student_interval_is_that_of_the_paired_t_test(alpha):
    rng = np.random.default_rng(1)
    a, b = rng.normal(1, 2, 10), rng.normal(0, 1, 10)
    expected = stats.ttest_rel(a, b).confidence_interval(1 - alpha)
    # a dozen roundings on numbers of size 1
    assert student(a - b, alpha, 10) == pytest.approx(expected, rel=0, abs=1e-13)


def test_student_interval_misses_the_mean_exactly_as_often_as_it_may():
    rng = np.random.default_rng(2)
    samples, alpha = 20_000, 0.05
    lower, upper = student(rng.normal(3, 2, (samples, 10)), alpha, 10)
    missed = np.mean((lower > 3) | (upper < 3))
    error = np.sqrt(alpha * (1 - alpha) / samples)
    assert abs(missed - alpha) < 3 * error


def test_student_interval_of_one_difference_is_infinite():
    assert student(np.array([2.0]), 0.05, 1) == (-np.inf, np.inf)


def test_student_interval_of_equal_differences_collapses_onto_them():
    assert student(np.full(10, 0.5), 0.05, 10) == (0.5, 0.5)


@pytest.mark.parametrize(
    ("alpha", "k"),
    [
        (0.11, 3),  # 1 - 2 · 56/1024 = 89.06 %
        (0.05, 2),  # 1 - 2 · 11/1024 = 97.85 %
        (0.01, 1),  # 1 - 2 · 1/1024 = 99.80 %
    ],
)
def test_sign_test_interval_of_ten_reaches_from_kth_smallest_to_kth_largest(alpha, k):
    shuffled = np.random.default_rng(3).permutation(SORTED)
    assert sign_test(shuffled, alpha, 10) == (k, 11 - k)


def test_sign_test_needs_six_differences_for_95_percent():
    assert sign_test(SORTED[:5], 0.05, 5) == (-np.inf, np.inf)  # 2 / 2**5 > 0.05
    assert sign_test(SORTED[:6], 0.05, 6) == (1, 6)  # 2 / 2**6 < 0.05


@pytest.mark.parametrize("tied", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_sign_test_interval_covers_the_median_however_many_are_tied(tied, alpha):
    n, missed = 10, 0.0
    for negative in range(n + 1):
        for positive in range(n + 1 - negative):
            zero = n - negative - positive
            sample = np.repeat([-1.0, 0.0, 1.0], [negative, zero, positive])
            lower, upper = sign_test(sample, alpha, n)
            if lower > 0 or upper < 0:
                shares = [(1 - tied) / 2, tied, (1 - tied) / 2]
                counts = [negative, zero, positive]
                missed += stats.multinomial.pmf(counts, n, shares)
    assert missed <= alpha


def test_sign_test_interval_foretold_for_more_seeds_closes_in_on_the_median():
    widths = [np.diff(sign_test(SORTED, 0.05, n))[0] for n in (10, 20, 100, 10**6)]
    assert all(wide > narrow for wide, narrow in pairwise(widths))
    # 10**6 signs: median ± 1.96 / 2 · √10**6 of 10**6 ranks, over a range of 9
    assert widths[-1] == pytest.approx(9 * 1.96 / 1000, rel=0.01)


def test_an_end_of_differences_known_within_bounds_is_that_of_the_worse_bounds():
    least, most = SORTED - 1, SORTED + 2
    assert sign_test_between(least, most, 0.05, 10) == (1, 11)
    assert sign_test_between(SORTED, SORTED, 0.05, 10) == sign_test(SORTED, 0.05, 10)
    for n in (12, 37, 1_000):
        foretold = sign_test_between(SORTED, SORTED, 0.05, n)
        assert foretold == sign_test(SORTED, 0.05, n)


def test_differences_without_end_have_none_on_their_side():
    sample = np.array([np.inf, *range(9, 1, -1), -np.inf])
    assert sign_test_between(sample, sample, 0.01, 10) == (-np.inf, np.inf)
    assert sign_test_between(sample, sample, 0.05, 10) == (2, 9)
    # foretold between two ranks of which one has no end, it is one of these
    assert not np.isnan(sign_test_between(sample, sample, 0.002, 15)).any()
    never = np.full(10, np.inf)
    assert sign_test_between(-never, never, 0.05, 10) == (-np.inf, np.inf)
    assert sign_test_between(SORTED[:5], never[:5], 0.05, 5) == (-np.inf, np.inf)


@pytest.mark.parametrize("seen", [0, 1, 50, 99, 100])
@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_interval_of_a_rate_is_that_of_the_exact_binomial_test(seen, alpha):
    expected = stats.binomtest(seen, 100).proportion_ci(1 - alpha, method="exact")
    # scipy's root finder stops at 2e-12
    assert clopper_pearson(seen / 100, alpha, 100) == pytest.approx(
        (expected.low, expected.high), rel=0, abs=1e-11
    )


def test_interval_of_a_rate_never_seen_has_the_textbook_upper_end():
    lower, upper = clopper_pearson(0.0, 0.05, 100)
    assert lower == 0
    assert upper == pytest.approx(1 - 0.025 ** (1 / 100), rel=1e-12)


@pytest.mark.parametrize("rates", [(0.5, 0.5), (0.1, 0.6), (0.95, 0.9), (0.0, 1.0)])
def test_interval_of_a_difference_of_rates_covers_it(rates):
    n, alpha = 20, 0.05
    seen = np.arange(n + 1)
    first, second = np.meshgrid(seen / n, seen / n, indexing="ij")
    lower, upper = share_difference((first, second), alpha, n)
    chances = np.outer(*(stats.binom.pmf(seen, n, rate) for rate in rates))
    difference = rates[0] - rates[1]
    covered = chances[(lower <= difference) & (difference <= upper)].sum()
    assert covered >= 1 - alpha


def test_interval_of_a_difference_of_rates_gives_each_half_the_error():
    one = stats.binomtest(70, 100).proportion_ci(0.975, method="exact")
    other = stats.binomtest(40, 100).proportion_ci(0.975, method="exact")
    assert share_difference((0.7, 0.4), 0.05, 100) == pytest.approx(
        (one.low - other.high, one.high - other.low), rel=0, abs=1e-11
    )


@pytest.mark.parametrize("enough", [11, 12, 345, 999_999, 10**6])
def test_seeds_to_settle_is_the_first_number_that_settles(enough):
    assert seeds_to_settle(lambda n: n >= enough, 10) == enough


def test_seeds_to_settle_is_none_beyond_a_million():
    assert seeds_to_settle(lambda n: n > 10**6, 10) is None
