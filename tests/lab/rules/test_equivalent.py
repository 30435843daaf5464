"""Equivalent: how often it says the same, or not the same, of what is otherwise."""

import pytest
from synthetic import normal, share, words

from study.lab.rules.verdicts import Equivalent

A, B = {"keep": 0.5}, {"keep": 1.0}
SAME = Equivalent(measure="m", arm=A, than=B, margin=3.0, because="a test")


@pytest.mark.parametrize("truth", [-3.0, 3.0])
@pytest.mark.parametrize("false", ["reproduced", "contradicted"])
@pytest.mark.usual("reproduced-3.0")
def test_at_most_5_percent_of_4000_pages_are_wrong(truth, false, past_pandas):
    """At the margin itself either word is false, of what lies just beside it."""
    found, most = share(words(SAME, normal((A, truth), (B, 0.0))), false)
    assert found <= most


def test_what_is_the_same_is_said_to_be(past_pandas):
    found, _ = share(words(SAME, normal((A, 0.0), (B, 0.0))), "reproduced")
    assert found > 0.9
