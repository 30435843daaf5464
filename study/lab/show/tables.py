"""The tables of a page, as headings and rows of text."""

import re
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from study.lab.declare.experiment import Experiment
from study.lab.figures.base import select
from study.lab.rules.arms import name
from study.lab.rules.plain import listing
from study.lab.rules.summaries import kind, number, summarise
from study.lab.show.noise import noise_floor, test_images

# With more cells than this, one measure comes first and the whole table is folded.
CELLS_IN_VIEW = 12
HOW = {"mean": "means", "median": "medians of steps", "share": "shares of runs"}


@dataclass(frozen=True)
class Grid:
    """A table of text."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @cached_property
    def marks(self) -> list[str]:
        """How each column is aligned: numbers to the right."""
        columns = (
            zip(*self.rows, strict=True) if self.rows else [()] * len(self.headings)
        )
        return ["---:" if all(map(_numeric, each)) else "---" for each in columns]


def cells(page) -> Grid | None:
    """One row a cell: runs, diverged runs and each measure; None for a simulation."""
    definition, results = page.definition, page.results
    if not isinstance(definition, Experiment):
        return None
    named = [*definition.vary, *definition.tune]
    rows = []
    for rows_of_cell in _cells(page):
        summaries = (
            summarise(results, each.name, rows_of_cell) for each in definition.measures
        )
        rows.append(
            (
                *(str(rows_of_cell[each].iloc[0]) for each in definition.vary),
                *(_tuned(page, rows_of_cell, each) for each in definition.tune),
                str(len(rows_of_cell)),
                str(rows_of_cell["diverged"].notna().sum()),
                *map(str, summaries),
            )
        )
    hows = {HOW[kind(results, each.name)] for each in definition.measures}
    return Grid(
        f"Every cell: {listing(sorted(hows))}, with 95 % intervals",
        (
            *named,
            "runs",
            "diverged",
            *(results.label(each.name) for each in definition.measures),
        ),
        tuple(rows),
    )


def overview(page) -> Grid | None:
    """The main measure alone, the last swept name across; None for few cells."""
    results, table = page.results, page.table
    swept = [*results.sweep]
    if len(swept) < 2 or len(_cells(page)) <= CELLS_IN_VIEW:
        return None
    measure = _main(page.definition)
    *down, across = swept
    columns = results.levels(table, across)
    rows = []
    for arm, rows_of_arm in table.groupby(down, sort=False, dropna=False):
        summaries = (
            summarise(results, measure, select(rows_of_arm, {across: column}))
            for column in columns
        )
        rows.append((*map(str, arm), *(each.short for each in summaries)))
    return Grid(
        f"{results.label(measure).capitalize()}, by {listing(down)} (down) and "
        f"{across} (across): {HOW[kind(results, measure)]}, with 95 % intervals",
        (*down, *map(str, columns)),
        tuple(rows),
    )


def anchors(page) -> Grid | None:
    """Set each number of a source beside ours; None where there is none."""
    rows = []
    for anchor in page.definition.anchors:
        results = page.seen_by(anchor).results
        runs = select(results.table, anchor.arm)
        ours = summarise(results, anchor.measure, runs)
        floor = noise_floor(page, anchor.measure, ours.center)
        read = "" if anchor.read else ", reported (not re-read)"
        rows.append(
            (
                results.label(anchor.measure)
                + (f": {name(anchor.arm)}" if anchor.arm else ""),
                anchor.source,
                f"{number(anchor.value)}{read}",
                str(ours),
                "" if floor is None else f"±{number(floor, 2)} points",
            )
        )
    headings = ("quantity", "source", "source's number", "ours, 95 % interval")
    if any(row[-1] for row in rows):
        headings += ("noise of the test set",)
    else:
        rows = [row[:-1] for row in rows]
    return Grid("", headings, tuple(rows)) if rows else None


def noise(page) -> list[str]:
    """Say of each error on a test set what that set alone leaves open."""
    if not isinstance(page.definition, Experiment):
        return []
    lines = []
    for each in page.definition.measures:
        least = min(rows[each.name].mean() for rows in _cells(page))
        floor = noise_floor(page, each.name, least)
        if floor is not None:
            images = test_images(page.definition.data)
            lines.append(
                f"{images:,} test images leave ±{number(floor, 2)} points of a "
                f"{each.label} of {number(least, 2)} % open, whatever the seeds: the "
                "half-width of a binomial 95 % interval."
            )
    return lines


def declared(page, table) -> Grid:
    """Rows of a table that a definition shows, as they are or summarized."""
    page = page.seen_by(table)
    rows = select(page.table, table.where)
    headings = table.headings(page.results)
    if table.by:
        groups = [group for _, group in rows.groupby([*table.by], sort=False)]
        columns = [
            [
                str(group[each].iloc[0])
                if each in table.by
                else str(summarise(page.results, each, group))
                for group in groups
            ]
            for each in headings
        ]
    else:
        columns = [_column(rows[each]) for each in headings]
    return Grid(table.title, (*headings.values(),), tuple(zip(*columns, strict=True)))


def diverged(page) -> Grid | None:
    """List every run that diverged, with the step; None where none did."""
    if not isinstance(page.definition, Experiment):
        return None
    swept = [*page.results.sweep]
    lost = page.table[page.table["diverged"].notna()]
    rows = tuple(
        (*(str(run[each]) for each in swept), str(run["replicate"]), f"{step:,.0f}")
        for (_, run), step in zip(lost.iterrows(), lost["diverged"], strict=True)
    )
    headings = (*swept, "replicate", "diverged at step")
    return Grid("Runs that diverged", headings, rows) if rows else None


def _cells(page):
    """List the rows of each cell, in the order of the sweep."""
    swept = [*page.results.sweep]
    if not swept:
        return [page.table]
    return [rows for _, rows in page.table.groupby(swept, sort=False, dropna=False)]


def _tuned(page, rows, name):
    """Tell the value that was chosen; a dash where no other would change the cell."""
    arm = {each: str(rows[each].iloc[0]) for each in page.definition.vary}
    tried = {
        str(each["cell"][name])
        for each in page.provenance.get("tried", ())
        if arm.items() <= {key: str(x) for key, x in each["cell"].items()}.items()
    }
    return "–" if len(tried) == 1 else str(rows[name].iloc[0])


def _main(definition):
    """The measure that the first judged claim reads, else the first one."""
    for claim in definition.claims:
        if claim.verdict.measures():
            return sorted(claim.verdict.measures())[0]
    return definition.measures[0].name


def _numeric(text):
    return re.fullmatch(r"−?[\d,.]*(e[+−]\d+)?", text) is not None


def _column(values) -> list[str]:
    """Print a column; what is nothing but float64's rounding of the rest is 0."""
    if not pd.api.types.is_numeric_dtype(values):
        return ["" if pd.isna(each) else str(each) for each in values]
    noise = 1e-12 * values.abs().max()
    return [
        "" if pd.isna(each) else number(0 if abs(each) < noise else float(each))
        for each in values
    ]
