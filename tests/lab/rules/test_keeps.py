"""DoesNotRaise and DoesNotLower: as well as, or better, and false words."""

import numpy as np
import pytest
from scipy import stats
from synthetic import as_table, normal, share, words

from study.lab.rules.verdicts import DoesNotLower, DoesNotRaise, Margin, judge

A, B = {"keep": 0.5}, {"keep": 1.0}
ONE = Margin(1.0, because="a test")
KEEPS = DoesNotRaise(measure="m", arm=A, than=B, margin=ONE)
END = stats.t.ppf(0.95, 9) / np.sqrt(10)


def differing(effect, n=10):
    d = effect + np.sqrt((n - 1) / n) * np.tile([-1.0, 1.0], n // 2)
    return as_table([(A, {"m": 5 + d}), (B, {"m": np.full(n, 5.0)})])


@pytest.mark.parametrize(
    ("effect", "word", "reason"),
    [
        (-5.0, "reproduced", ""),  # better is as well
        (0.0, "reproduced", ""),
        (1 - END - 0.01, "reproduced", ""),
        (1 - END + 0.01, "unresolved", ""),
        (1 + END - 0.01, "unresolved", ""),
        (1 + END + 0.01, "contradicted", "raised"),
    ],
)
def test_one_side_alone_decides(effect, word, reason):
    verdict = judge(KEEPS, differing(effect), claims=1)
    assert (verdict.word, verdict.reason) == (word, reason)


def test_does_not_lower_is_does_not_raise_turned_over():
    rule = DoesNotLower(measure="m", arm=A, than=B, margin=ONE)
    assert judge(rule, differing(5.0), claims=1).word == "reproduced"
    verdict = judge(rule, differing(-5.0), claims=1)
    assert (verdict.word, verdict.reason) == ("contradicted", "lowered")
    assert rule.sentence().startswith(
        "DoesNotLower: `m` of keep=0.5 is not below that of keep=1.0; δ is its own"
    )


@pytest.mark.parametrize("stages", [1, 2])
@pytest.mark.parametrize(
    ("truth", "false"),
    [(1.0, "reproduced"), (1.0, "contradicted"), (0.0, "contradicted")],
)
@pytest.mark.usual("1.0-reproduced-1")
def test_at_most_5_percent_of_4000_pages_are_wrong(truth, false, stages, past_pandas):
    """At the margin itself either word is false, of what lies just beyond it."""
    draw = normal((A, truth), (B, 0.0))
    found, most = share(words(KEEPS, draw, stages=stages), false)
    assert found <= most


def test_at_the_margin_the_error_that_is_allowed_is_used(past_pandas):
    found, _ = share(words(KEEPS, normal((A, 1.0), (B, 0.0))), "reproduced")
    # one-sided 5 %: three standard errors of 4,000 pages are 1 point
    assert found > 0.04
