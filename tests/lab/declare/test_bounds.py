"""Bounds: which edges of a grid are none, and what is wrong with one."""

import re

import pytest
from tiny_study import experiment

from study.lab.declare.bounds import Bound, left_open
from study.lab.errors import DefinitionError

WHY = "all units are kept"
KEPT = {"vary": {"units": (5, 3)}, "tune": {"learning_rate": (0.1, 0.5, 1.0)}}
EDGES = [
    {"units": units, "learning_rate": rate} for units in (5, 3) for rate in (0.1, 1.0)
]


def bound(**changes):
    return Bound(**{"tuned": "learning_rate", "label": 1.0, "because": WHY} | changes)


@pytest.mark.parametrize(
    ("bounds", "left"),
    [
        ((), EDGES),
        ((bound(),), [EDGES[0], EDGES[2]]),
        ((bound(arm={"units": 3}),), EDGES[:3]),
        ((bound(), bound(label=0.1)), []),
    ],
    ids=["none", "everywhere", "in one arm", "both ends"],
)
def test_an_edge_is_open_but_where_a_bound_says_why_not(bounds, left):
    assert left_open(experiment(bounds=bounds, **KEPT), EDGES) == left


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tuned": "rate"}, "bounds: no such tuned value. Received: 'rate'"),
        ({"label": 2.0}, "bounds: 'learning_rate' does not take it. Received: 2.0"),
        ({"arm": {"unit": 3}}, "an arm names what is not swept. Received: 'unit'"),
        ({"arm": {"units": 4}}, "bounds: 'units' does not take it. Received: 4"),
    ],
)
def test_a_bound_that_fits_no_cell_is_refused(changes, message):
    with pytest.raises(DefinitionError, match=re.escape(message)):
        experiment(bounds=(bound(**changes),), **KEPT)


@pytest.mark.parametrize("why", ["", " ", None])
def test_a_bound_without_a_reason_is_refused(why):
    with pytest.raises(DefinitionError, match="expected why no value beyond"):
        bound(because=why)
