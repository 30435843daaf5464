"""Search: every run is seen, the first seed's best are numbered and seen again."""

from dataclasses import replace

import pandas as pd
import pytest

from experiments.figures.search import Search
from study.lab.figures.shown import Shown

TRIALS = {"a": (1e-4, 1e-8), "b": (1e-3, 1e-5), "c": (1e-2, 1e-7)}
FIGURE = Search("error", by="trial", trials=TRIALS, names=("rate", "decay"), best=2)
ERRORS = {0: (30.0, 10.0, 20.0, 0.0), 1: (30.0, 20.0, 10.0, 0.0)}


@pytest.fixture
def searched():
    rows = [
        {"trial": trial, "replicate": seed, "error": error, "other": 100 - error}
        for seed, errors in ERRORS.items()
        for trial, error in zip([*TRIALS, "beside"], errors, strict=True)
    ]
    return Shown(pd.DataFrame(rows))


def test_only_the_trials_of_the_search_are_shown_in_all_seeds(searched):
    rate, decay, again = FIGURE.draw(searched).axes
    others, first, *_ = rate.lines
    assert list(others.get_ydata()) == [30, 20, 10]
    assert list(first.get_ydata()) == [30, 10, 20]
    assert list(first.get_xdata()) == [1e-4, 1e-3, 1e-2]
    assert list(decay.lines[1].get_xdata()) == [1e-8, 1e-5, 1e-7]
    seeds = [each for each in again.lines if len(each.get_ydata()) == 2]
    dots = [list(each.get_ydata()) for each in seeds if each.get_marker() == "o"]
    assert dots == [[10, 20], [20, 10]]


def numbered(axes):
    """Map each number to the point that its line leads to."""
    change = axes.transAxes + axes.transData.inverted()
    points = {each.get_text(): change.transform(each.xy) for each in axes.texts}
    return {text: pytest.approx(tuple(point)) for text, point in points.items()}


def test_the_best_of_the_first_seed_are_numbered(searched):
    rate, *_ = FIGURE.draw(searched).axes
    assert numbered(rate) == {"1": (1e-3, 10), "2": (1e-2, 20)}
    first, second = (each.xyann[0] for each in rate.texts)
    assert second - first > 0.05  # no number covers another


def test_another_measure_may_choose_the_best(searched):
    other = replace(FIGURE, chosen="other")
    rate, *_ = other.draw(searched).axes
    assert [*numbered(rate).values()] == [(1e-4, 30), (1e-2, 20)]
    assert other.measures() == {"error", "other"}


def test_words_tell_the_correlations_and_the_best(searched):
    # ranks (3, 1, 2) and (3, 2, 1) against (1, 2, 3), then (1, 3, 2)
    text = FIGURE.alt(searched)
    assert "rate −0.75 (−1.00 to −0.50)" in text
    assert "decay −0.75 (−1.00 to −0.50)" in text
    assert "first seed's best trial: 10, and 15 over all seeds" in text
    assert "best 2 are numbered" in FIGURE.caption(searched)


def test_the_same_table_gives_the_same_bytes(searched):
    assert FIGURE.svg(searched) == FIGURE.svg(searched)
