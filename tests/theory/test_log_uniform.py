"""Draws by powers of ten: even ones pass, others do not, by closed forms of both."""

import numpy as np
import pytest

from study.theory.log_uniform import KOLMOGOROV, distance, excess, expected, outside


def test_the_distance_from_even_is_kolmogorovs():
    # one value in the middle: its step goes from 0 to 1 where the even one has half
    assert distance(np.array([10.0**-6]), -8, -4) == pytest.approx(0.5)
    even = 10.0 ** (-8 + 4 * (np.arange(100) + 0.5) / 100)
    assert distance(even, -8, -4) == pytest.approx(0.005)


def test_values_drawn_evenly_instead_would_be_refuted():
    values = np.random.default_rng(0).uniform(1e-8, 1e-4, 10_000)
    assert distance(values, -8, -4) > KOLMOGOROV / 100


def test_an_exact_share_of_a_decade_is_by_its_width():
    for even_powers in (True, False):
        shares = [expected(power, -6, -2, even_powers) for power in range(-6, -2)]
        assert sum(shares) == pytest.approx(1)
    assert expected(-6, -6, -2, even_powers=True) == 0.25
    lowest = expected(-6, -6, -2, even_powers=False)
    assert lowest == pytest.approx(0.0009, rel=1e-3)


def test_decades_drawn_otherwise_than_by_their_exact_shares_would_be_refuted():
    assert excess(0.25, 0.25, 10_000) == 0
    assert excess(0.26, 0.25, 10_000) == 0  # some two standard errors
    assert excess(0.28, 0.25, 10_000) > 0
    assert excess(0.009, 0.0009, 10_000) > 0


def test_how_far_a_value_lies_outside_is_counted_in_decades():
    assert outside(np.array([1e-7, 1e-5]), -8, -4) == 0
    assert outside(np.array([1e-7, 1e-2]), -8, -4) == pytest.approx(2)
    assert outside(np.array([1e-9]), -8, -4) == pytest.approx(1)
