"""Words of runs that diverged: counted, left out, marked, and none where none did."""

import numpy as np
import pytest

from study.lab.figures import diverged


def test_runs_are_counted_alone_or_of_all():
    assert diverged.count(3) == "3 diverged"
    assert diverged.count(3, 10) == "3 of 10 diverged"


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_a_mean_leaves_them_out_and_counts_them(broken):
    assert diverged.mean([1.0, broken, 2.0]) == "1.5 (1 of 3 diverged)"
    assert diverged.mean([broken, broken]) == "diverged"
    assert diverged.mean([1.0, 2.0], "{:.2f}".format) == "1.50"


def test_one_run_is_one_run():
    assert diverged.sentence(1) == " 1 run diverged."
    assert diverged.sentence(2) == " 2 runs diverged."


@pytest.mark.parametrize(
    "say", [diverged.sentence, diverged.left_out, diverged.crosses]
)
def test_nothing_is_said_where_none_did(say):
    assert say(0) == ""
    assert "diverged" in say(1)
