"""Sort the rows that a simulation yields into its tables."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

Row = Mapping[str, Any]


def tables(rows: Iterable[Row]) -> dict[str, pd.DataFrame]:
    """Return the tables of rows that say in `"table"` which one they stand in.

    Args:
        rows: Mappings from column to value.

    Example:

    >>> way, end = {"table": "way", "x": 0.5}, {"table": "end", "steps": 3}
    >>> found = tables([way, end, way])
    >>> {name: [*table] for name, table in found.items()}
    {'way': ['x'], 'end': ['steps']}
    >>> len(found["way"])
    2
    """
    found: dict[str, list] = {}
    for row in rows:
        columns = {name: each for name, each in row.items() if name != "table"}
        found.setdefault(row["table"], []).append(columns)
    return {name: pd.DataFrame(each) for name, each in found.items()}


def of(table: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows that say which table they stand in.

    Example:

    >>> [*of("way", [{"x": 0.5}])]
    [{'table': 'way', 'x': 0.5}]
    """
    return ({"table": table, **row} for row in rows)


def at_edge(value: Any, tried: Sequence) -> Any:
    """Return a chosen value where it is the first or the last that was tried, or None.

    What it returns belongs in the column `edge` of a table by which claims are judged.

    Args:
        value: The value that was chosen.
        tried: All that were tried, in order.

    Example:

    >>> at_edge(0.3, (0.03, 0.1, 0.3))
    0.3
    >>> at_edge(0.1, (0.03, 0.1, 0.3)) is None
    True
    """
    return value if value in (tried[0], tried[-1]) else None


def every_seed(
    draws, replicates: int, purpose: str, rows: Callable[..., Iterable[Row]], *settings
) -> Iterator[Row]:
    """Yield the rows of every seed, with its replicate.

    Args:
        draws: The `study.lab.data.Draws` that `run` is handed.
        replicates: How many seeds.
        purpose: What numbers are drawn for.
        rows: Function of (generator, *settings) that yields rows.
        *settings: What else it takes.
    """
    for each in range(replicates):
        for row in rows(draws(each, purpose), *settings):
            yield {"replicate": each, **row}
