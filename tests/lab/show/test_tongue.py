"""Numbers are told as the language of their text tells them."""

import pytest

from study.lab.show.tongue import ENGLISH, KOREAN

JOINED = "\N{NO-BREAK SPACE}"  # a number and its unit stay on one line


@pytest.mark.parametrize(
    ("tongue", "share", "amounts", "more"),
    [
        (ENGLISH, "1,000 of 2,000", ["9.7 %", "3 ms", "4"], "more than 600 steps"),
        (KOREAN, "2,000개 중 1,000개", ["9.7%", "3 ms", "4"], "600스텝 초과"),
    ],
)
def test_counts_amounts_and_what_was_not_reached_are_told(tongue, share, amounts, more):
    assert tongue.share(1_000, 2_000) == share
    told = [tongue.amount(*each) for each in (("9.7", "%"), ("3", "ms"), ("4", ""))]
    assert [each.replace(JOINED, " ") for each in told] == amounts
    assert tongue.more("600", "steps").replace(JOINED, " ") == more
