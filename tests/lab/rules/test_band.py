"""Band: two to three times, no less and no more, and false words."""

import numpy as np
import pytest
from synthetic import as_table, share, words

from study.lab.rules.verdicts import Band, judge

A, B = {"keep": 0.5}, {"keep": 1.0}
BAND = Band(measure="m", arm=A, than=B, low=2, high=3)


def times(factor, sd=0.02, n=10):
    noise = np.exp(sd * np.sqrt((n - 1) / n) * np.tile([-1.0, 1.0], n // 2))
    return as_table([(A, {"m": factor * noise}), (B, {"m": np.ones(n)})])


@pytest.mark.parametrize(
    ("factor", "sd", "word", "reason"),
    [
        (2.5, 0.02, "reproduced", ""),
        (2.0, 0.02, "unresolved", ""),
        (2.5, 1.0, "unresolved", ""),
        (1.8, 0.02, "contradicted", "smaller than claimed"),
        (10.0, 0.02, "contradicted", "larger than claimed"),
    ],
)
def test_the_interval_of_the_factor_inside_the_band_decides(factor, sd, word, reason):
    verdict = judge(BAND, times(factor, sd), claims=1)
    assert (verdict.word, verdict.reason, verdict.unit) == (word, reason, "times")
    # ten roundings of a logarithm of size 1
    assert verdict.effect == pytest.approx(factor, rel=1e-14)


def test_a_band_below_1_is_one_of_smaller_factors():
    rule = Band(measure="m", arm=A, than=B, low=0.2, high=0.5)
    assert judge(rule, times(0.3), claims=1).word == "reproduced"
    assert judge(rule, times(2.5), claims=1).reason == "larger than claimed"


@pytest.mark.parametrize(("low", "high"), [(3, 2), (0, 2), (2, np.inf), (2, 2)])
def test_what_is_no_band_is_refused(low, high):
    with pytest.raises(ValueError, match=f"Received: low={low}, high={high}"):
        Band(measure="m", arm=A, than=B, low=low, high=high)


def test_a_band_tells_itself():
    assert BAND.sentence() == "Band: `m` of keep=0.5 is 2 to 3 times that of keep=1.0."


def around(factor):
    return lambda random: [
        (A, {"m": factor * np.exp(random.normal(0, 0.3, 10))}),
        (B, {"m": np.exp(random.normal(0, 0.3, 10))}),
    ]


@pytest.mark.parametrize(
    ("truth", "false"),
    [
        (1.999, "reproduced"),
        (3.001, "reproduced"),
        (2.001, "contradicted"),
        (2.999, "contradicted"),
    ],
)
@pytest.mark.usual("2.001-contradicted")
def test_at_most_5_percent_of_4000_pages_are_wrong(truth, false, past_pandas):
    found, most = share(words(BAND, around(truth)), false)
    assert found <= most
