"""Rows of a page's table to be printed, as they are or summarised."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Table:
    """Show some rows and columns of results.csv.

    Args:
        title: What the table shows.
        where: Column to the value its rows have.
        columns: Column to its heading.
        by: Columns that make a row: measures are then summarised over the seeds, as
            means with 95 % intervals. Empty to show the rows as they are.
    """

    title: str
    where: Mapping[str, Any]
    columns: Mapping[str, str]
    by: tuple[str, ...] = ()
