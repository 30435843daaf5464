"""Rows of a page's table to be printed, as they are or summarized."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from study.lab.figures.base import select
from study.lab.figures.shown import Shown
from study.lab.rules.named import RESULTS


@dataclass(frozen=True)
class Table:
    """Show some rows and columns of a table of the finding.

    Args:
        title: What the table shows.
        columns: The columns shown, behind those of `by`. Defaults to the measures that
            these rows have; to show rows as they are, to all but those of `where`.
        table: Which table, of a simulation with several.
        where: Column to the value its rows have.
        by: Columns that make a row: measures are then summarized over the seeds, as
            means with 95 % intervals. Empty to show the rows as they are.
        called: Column to its heading, where it is not the page's label of it.
    """

    title: str
    columns: tuple[str, ...] = ()
    table: str = RESULTS
    where: Mapping[str, Any] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)

    def headings(self, shown: Shown) -> dict[str, str]:
        """Map each column shown to its heading.

        Example:

        >>> import pandas as pd
        >>> shown = Shown(pd.DataFrame({"k": [1], "end": [2.0], "x": [0.5]}))
        >>> Table("Ends", where={"k": 1}, called={"x": "place"}).headings(shown)
        {'end': 'end', 'x': 'place'}
        """
        rows = select(shown.table, self.where).dropna(axis="columns", how="all")
        fixed = {*self.where, *self.by}
        columns = self.columns or [
            each
            for each in rows
            if each not in fixed and (each in shown.labels or not self.by)
        ]
        return {
            each: self.called.get(each) or shown.label(each)
            for each in (*self.by, *columns)
        }
