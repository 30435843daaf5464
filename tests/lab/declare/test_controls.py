"""Controls of overfitting: they say what must be there, and can fail."""

import pandas as pd
import pytest

from study.lab.declare.controls import ROSE, learned, overfits
from study.lab.rules.verdicts import Controlled, Lowers, judge

ARMS = {"cure": "none"}, {"cure": "some"}


def runs(rise, train_error):
    """Return ten runs of either arm; a cure takes a fifth of the mistakes away."""
    return pd.DataFrame(
        {
            "cure": cure,
            "replicate": replicate,
            "rise": rise + 0.001 * (replicate % 2),
            "train_error": train_error + 0.01 * (replicate % 2),
            "test_error": error + 0.1 * (replicate % 3),
        }
        for cure, error in (("none", 10.0), ("some", 8.0))
        for replicate in range(10)
    )


def word(control, **table):
    none, some = ARMS
    rule = Controlled(Lowers(measure="test_error", arm=some, than=none), control)
    units = {"test_error": "%", "train_error": "%"}
    return judge(rule, runs(**table), claims=1, units=units)


@pytest.mark.parametrize(
    ("rise", "expected"), [(2 * ROSE, "reproduced"), (ROSE / 2, "unresolved")]
)
def test_where_no_loss_rises_there_is_nothing_to_cure(rise, expected):
    found = word(overfits(ARMS[0], "without a cure"), rise=rise, train_error=0.0)
    assert found.word == expected
    assert ("without a cure the validation loss rises" in found.reason) == (
        expected == "unresolved"
    )


@pytest.mark.parametrize(
    ("error", "expected"), [(0.5, "reproduced"), (3.0, "unresolved")]
)
def test_who_has_not_learned_cannot_be_compared(error, expected):
    found = word(learned(ARMS[0], "the few images"), rise=1.0, train_error=error)
    assert found.word == expected
