"""Rows of a page's table to be printed, as they are or summarized."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from study.lab.rules.named import RESULTS


@dataclass(frozen=True)
class Table:
    """Show some rows and columns of a table of the finding.

    Args:
        title: What the table shows.
        columns: Column to its heading. Those of `by` come first, and need none where
            their name is one.
        table: Which table, of a simulation with several.
        where: Column to the value its rows have.
        by: Columns that make a row: measures are then summarized over the seeds, as
            means with 95 % intervals. Empty to show the rows as they are.
    """

    title: str
    columns: Mapping[str, str]
    table: str = RESULTS
    where: Mapping[str, Any] = field(default_factory=dict)
    by: tuple[str, ...] = ()

    @property
    def headings(self) -> dict[str, str]:
        """Map each column shown to its heading."""
        return {each: each for each in self.by} | dict(self.columns)
