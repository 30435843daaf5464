"""Synthetic pages, thousands of them, to count the words that are false on them.

Runs are handed to a rule past pandas, whose look-ups take most of a judgment's time;
`as_table` makes of the same runs a table as `judge` reads it.
"""

import itertools

import numpy as np
import pandas as pd
import pytest

from study.lab.rules import arms, intervals
from study.lab.rules.base import Reading

PAGES = 4000
ALPHA = 0.05


class Drawn:
    """Runs by arm and measure: what a rule reads of a table."""

    columns = ()  # no run diverged

    def __init__(self, runs):
        self.runs = {key(arm): measures for arm, measures in runs}


def key(arm):
    return frozenset(arm.items())


def in_order(table, measure, arm):
    """Stand in for `arms.in_order`."""
    values = np.asarray(table.runs[key(arm)][measure], float)
    return np.arange(len(values)), values


@pytest.fixture
def past_pandas(monkeypatch):
    """Let rules read what is drawn, and foretell no seeds."""
    pairs, by_replicate = arms.pairs, arms.by_replicate

    def read(table, measure, arm):
        if isinstance(table, Drawn):
            return in_order(table, measure, arm)
        return by_replicate(table, measure, arm)

    monkeypatch.setattr(arms, "by_replicate", read)
    monkeypatch.setattr(
        arms, "pairs", lambda t, m, arm, than: pairs(t, m, arm, than, read=read)
    )
    monkeypatch.setattr(intervals, "seeds_to_settle", lambda *_: None)


def words(rule, draw, pages=PAGES, claims=1, stages=1, **how):
    """Judge as many pages; of a page with several claims the first counts for all.

    Args:
        rule: The rule.
        draw: Function of a generator to (arm, measures) pairs, a page's runs.
        pages: How many.
        claims: By how many the error of a page is shared.
        stages: 2 where fresh seeds judge what the first leave open.
        how: Fields of `Reading`.
    """
    random = np.random.default_rng(2026)
    found = []
    for _ in range(pages):
        tables = [{"results": Drawn(draw(random))} for _ in range(stages)]
        reading = Reading(tables=tables, alpha=ALPHA / claims, stages=stages, **how)
        found.append(rule.judged(reading).word)
    return found


def share(found, *false):
    """Return the share of pages with a false word, and the most that chance allows."""
    most = ALPHA + 3 * np.sqrt(ALPHA * (1 - ALPHA) / len(found))
    return sum(each in false for each in found) / len(found), most


def as_table(runs):
    """Make of drawn runs a table with one row a run."""
    rows = []
    for arm, measures in runs:
        count = len(next(iter(measures.values())))
        rows += [
            {**arm, "replicate": i, **{m: float(v[i]) for m, v in measures.items()}}
            for i in range(count)
        ]
    return pd.DataFrame(rows)


def normal(*arms_and_means, sd=1.0, runs=10, measure="m"):
    """Draw an arm's runs around its mean, with a part that paired runs share."""

    def draw(random):
        shared = random.normal(0, 1, runs)
        return [
            (arm, {measure: mean + shared + random.normal(0, sd, runs)})
            for arm, mean in arms_and_means
        ]

    return draw


def grid(**labels):
    """List arms: every combination of labels."""
    return [
        dict(zip(labels, each, strict=True))
        for each in itertools.product(*labels.values())
    ]
