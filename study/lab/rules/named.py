"""Tell the tables of a finding apart: one that stands alone, or several by name."""

from collections.abc import Mapping

import pandas as pd

RESULTS = "results"  # the name of a table that stands alone
Tables = pd.DataFrame | Mapping[str, pd.DataFrame]


def named(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return tables by name."""
    if isinstance(tables, Mapping):
        return {**tables}
    return {RESULTS: tables}


def alone(tables: Mapping[str, pd.DataFrame]) -> Tables:
    """Return named tables, or the one of them that needs no name."""
    return tables[RESULTS] if [*tables] == [RESULTS] else tables


def one(tables: Tables, name: str) -> pd.DataFrame:
    """Return the table of a name.

    Raises:
        ValueError: There is none of that name.
    """
    found = named(tables)
    if name not in found:
        raise ValueError(
            f"Expected a table `{name}`. Received: {', '.join(found)}. Correct "
            "`table`, or have `run` return it."
        )
    return found[name]
