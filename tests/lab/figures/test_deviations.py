"""Deviations: what is beyond the limit stands out."""

from dataclasses import replace

import pandas as pd

from study.lab.figures import Deviations, style

FIGURE = Deviations("deviation", by="quantity", where={}, limit=0.5, title="Errors")


def dots(page):
    lines = FIGURE.draw(page).axes[0].lines
    return [each for each in lines if each.get_marker() in ("o", "D")]


def test_what_is_beyond_the_limit_has_the_warning_colour(simulated):
    assert [each.get_color() for each in dots(simulated)] == [
        style.VERMILLION,
        style.BLUE,
    ]


def test_what_is_at_the_limit_is_right(simulated):
    table = pd.DataFrame({"quantity": ["sum", "half"], "deviation": [0.5, 0.1]})
    assert "0 of 2" in FIGURE.alt(replace(simulated, table=table))


def test_a_deviation_that_is_no_number_is_wrong(simulated):
    table = pd.DataFrame(
        {"quantity": ["sum", "half"], "deviation": [float("nan"), 0.1]}
    )
    assert "1 of 2" in FIGURE.alt(replace(simulated, table=table))


def test_no_deviation_is_a_hollow_dot_at_the_edge(simulated):
    table = pd.DataFrame({"quantity": ["sum", "half"], "deviation": [0.0, 0.1]})
    first, _ = dots(replace(simulated, table=table))
    assert first.get_markerfacecolor() == style.PAPER
    assert first.get_xdata()[0] == FIGURE.draw(simulated).axes[0].get_xlim()[0]
