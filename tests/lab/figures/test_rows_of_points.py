"""Rows: what never came apart from what did, what is far at the edge, middles named."""

import numpy as np
import pytest

from study.lab.figures import rows, style
from study.lab.rules.summaries import Summary

BUDGET = 1_000.0


def row(values, kind="mean", budget=np.inf, name="row"):
    values = np.asarray(values, float)
    center = float(np.median(values) if kind == "median" else values.mean())
    found = Summary(
        kind=kind,
        runs=len(values),
        reached=int((values < budget).sum()),
        budget=budget,
        center=center,
        lower=center,
        upper=center,
    )
    broken = np.zeros(len(values), bool)
    return rows.Row(name, np.arange(len(values)), values, broken, found)


def counted(*values):
    return row(values, kind="median", budget=BUDGET)


def drawn(*found, joined=False):
    with style.look():
        axes = style.canvas(rows.height(found)).add_subplot()
        rows.draw(axes, found, label="steps", by="batch size", joined=joined)
    return axes


def test_what_never_came_is_hollow_and_right_of_every_number():
    axes = drawn(counted(10, 20, 30), counted(40, BUDGET, BUDGET))
    hollow = [
        each
        for each in axes.lines
        if each.get_marker() == "o" and each.get_markerfacecolor() == style.PAPER
    ]
    ((place, again),) = (each.get_xdata() for each in hollow)
    assert place == again
    assert 40 < place < axes.get_xlim()[1]
    assert max(axes.get_xticks()) <= 40
    assert "never" in [each.get_text() for each in axes.texts]


def test_the_words_beside_a_row_count_what_never_came():
    assert counted(40, 50, BUDGET).text == "50; never in 1 of 3"
    assert counted(40, BUDGET, BUDGET).text == "never; never in 2 of 3"
    assert counted(BUDGET, BUDGET).text == "never"


@pytest.mark.parametrize(
    ("found", "kind"), [(counted(10, 20), "median"), (row([10, 20]), "mean")]
)
def test_a_median_is_called_a_median(found, kind):
    assert kind in [each.get_text() for each in drawn(found).texts]
    assert f"Diamond: their {kind}" in rows.caption([found], joined=False)


def test_a_run_far_from_the_others_is_an_arrow_with_its_number():
    axes = drawn(row([8.0, 8.1, 8.2, 8.3]), row([8.1, 8.2, 8.4, 60.0]))
    assert axes.get_xlim()[1] < 10
    (arrow,) = (each for each in axes.lines if each.get_marker() == ">")
    assert len(arrow.get_xdata()) == 1
    assert "60" in [each.get_text() for each in axes.texts]


def test_rows_are_joined_by_seed_only_where_they_have_an_order():
    thin = [each for each in drawn(row([1, 2]), row([3, 4]), joined=True).lines]
    assert len([each for each in thin if each.get_linewidth() == 0.6]) == 2
    apart = drawn(row([1, 2]), row([3, 4])).lines
    assert not [each for each in apart if each.get_linewidth() == 0.6]
    assert rows.numbers(["0.1", 0.5, 1_000])
    assert not rows.numbers(["SGD", 1])
