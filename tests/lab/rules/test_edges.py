"""Edges: a rule that reads an arm tuned to the edge of its grid settles nothing."""

import pandas as pd
import pytest

from study.lab.rules.edges import in_tables
from study.lab.rules.verdicts import (
    Cited,
    Control,
    Controlled,
    Each,
    Lowers,
    Raises,
    judge,
)

ONE, OTHER, THIRD = ({"units": units} for units in (1, 2, 3))
LOSSES = {1: 1.0, 2: 2.0, 3: 2.0}
LESS = Lowers(measure="loss_at_9", arm=ONE, than=OTHER)
MORE = Raises(measure="loss_at_9", arm=ONE, than=OTHER)
CONTROLLED = Controlled(LESS, Control("three lose more", MORE, "more steps"))


@pytest.fixture(scope="module")
def table():
    rows = [
        {"units": units, "replicate": i, "loss_at_9": loss + 0.01 * (i % 3) * units}
        for units, loss in LOSSES.items()
        for i in range(6)
    ]
    return pd.DataFrame(rows)


def judged(rule, table, *edges, **how):
    return judge(rule, table, claims=1, chance=2.3, edges=edges, **how)


def at(arm, rate=0.5):
    return {**arm, "rate": rate}


@pytest.mark.parametrize(
    ("rule", "word"),
    [(LESS, "reproduced"), (MORE, "contradicted"), (Each(LESS, MORE), "depends")],
    ids=["reproduced", "contradicted", "depends"],
)
def test_an_arm_at_the_edge_of_its_grid_leaves_a_claim_unresolved(rule, word, table):
    assert judged(rule, table).word == word
    for arm in (ONE, OTHER):
        found = judged(rule, table, at(arm))
        assert found.word == "unresolved"
        assert f"at units {arm['units']} and rate 0.5" in found.reason
        assert "wider grid" in found.lacks
        assert found.seeds is None


@pytest.mark.parametrize("rule", [LESS, MORE], ids=["reproduced", "contradicted"])
def test_an_arm_that_a_rule_does_not_read_changes_nothing(rule, table):
    assert judged(rule, table, at(THIRD)) == judged(rule, table)


def test_an_arm_of_a_control_is_read_too(table):
    than = {"measure": "loss_at_9", "than": ONE}
    control = Control("three lose more", Raises(arm=THIRD, **than), "more steps")
    rule = Controlled(LESS, control)
    assert judged(rule, table).word == "reproduced"
    assert judged(rule, table, at(THIRD)).word == "unresolved"


def test_a_control_that_fails_is_told_first_and_the_grid_beside_it(table):
    failed = judged(CONTROLLED, table, at(ONE))
    assert failed.reason == judged(CONTROLLED, table).reason
    assert failed.lacks.startswith("To be seen first: three lose more")
    assert "wider grid" in failed.lacks


@pytest.mark.parametrize("rule", [LESS, MORE], ids=["reproduced", "contradicted"])
def test_a_claim_scaled_down_is_unresolved_at_its_scale(rule, table):
    found = judged(rule, table, at(ONE), scaled=True)
    assert (found.word, found.unscaled) == ("unresolved (scaled)", "unresolved")


def test_a_citation_reads_no_arm(table):
    assert judged(Cited(source="A 2020"), table, at(ONE)).word == "cited"


def test_a_simulation_tells_its_edges_in_a_column(table):
    edge = table["units"].map({1: None, 2: 0.3, 3: 0.1})
    found = in_tables(Each(LESS, MORE), table.assign(edge=edge))
    assert found == [{"units": 2, "edge": 0.3}] * 2
    assert in_tables(LESS, table) == in_tables(Cited(source="A 2020"), table) == []
