"""Check statements in every seed, and keep the largest deviation of each."""

from collections.abc import Callable, Iterable, Sequence

import pandas as pd


def checked(
    statements: Callable[[int], Iterable[tuple[str, str, float]]], replicates: int
) -> pd.DataFrame:
    """Return a row for each statement in each seed, and one for its largest deviation.

    Args:
        statements: Function of a replicate that yields (claim, statement, deviation).
        replicates: How many seeds.
    """
    return with_largest(
        pd.DataFrame(
            {
                "part": "seed",
                "replicate": replicate,
                "claim": claim,
                "statement": statement,
                "deviation": float(deviation),
            }
            for replicate in range(replicates)
            for claim, statement, deviation in statements(replicate)
        )
    )


def with_largest(
    table: pd.DataFrame, by: Sequence[str] = ("claim", "statement")
) -> pd.DataFrame:
    """Add a row of the part "largest" for the largest deviation of each statement.

    Rows in which one of `by` is empty state nothing and are left out of it.
    """
    most = table.groupby([*by], sort=False)["deviation"].max().reset_index()
    return pd.concat([table, most.assign(part="largest")], ignore_index=True)
