"""Hand figures what they get of a page: tables, and the words for what is in them."""

import itertools
from dataclasses import replace

from study.lab.figures.base import Figure
from study.lab.figures.shown import Shown
from study.lab.rules.named import named

TABLES = ("table", "curves", "errors", "outputs")


def results(page) -> Shown:
    """Return results.csv with the words for it."""
    definition, vary = page.definition, getattr(page.definition, "vary", {})
    cells = [*itertools.product(*vary.values())]
    called = page.words.columns
    return Shown(
        page.table,
        name=page.name,
        title=definition.title,
        sweep={name: tuple(values) for name, values in vary.items()},
        labels={each.name: each.label for each in definition.measures},
        units=definition.units(),
        censored=tuple(sorted(definition.censored())),
        budgets={
            measure: {
                cell: definition.budget_of(measure, dict(zip(vary, cell, strict=True)))
                for cell in cells
            }
            for measure in sorted(definition.censored())
        },
        words={each: called[each] for each in _columns(page) if each in called},
    )


def handed(page, figure: Figure) -> Shown:
    """Return the tables that a figure reads, with the words for them."""
    reads = tuple(each for each in TABLES if figure.reads(each))
    key = figure.table, reads
    if key not in page.handed:
        there = page.seen_by(figure)
        tables = {
            each: getattr(there, each) if each in reads else None for each in TABLES
        }
        page.handed[key] = replace(there.results, **tables)
    return page.handed[key]


def _columns(page):
    """List the columns of all tables of a page, once each."""
    others = (getattr(page, each) for each in TABLES[1:])
    there = [
        *named(page.table).values(),
        *(each for each in others if each is not None),
    ]
    return dict.fromkeys(column for each in there for column in each)
