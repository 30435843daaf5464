"""Check statements in every seed, and keep the largest deviation of each."""

from collections.abc import Callable, Iterable, Sequence

import pandas as pd


def checked(
    statements: Callable[[int], Iterable[tuple[str, str, float]]], replicates: int
) -> dict[str, pd.DataFrame]:
    """Return a table "seed" of each statement in each seed, and the "largest".

    Args:
        statements: Function of a replicate that yields (claim, statement, deviation).
        replicates: How many seeds.
    """
    return with_largest(
        pd.DataFrame(
            {
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
) -> dict[str, pd.DataFrame]:
    """Return a table as "seed", and as "largest" the largest deviation of each row.

    Args:
        table: A row for each statement in each seed.
        by: The columns that tell statements apart.
    """
    most = table.groupby([*by], sort=False)["deviation"].max().reset_index()
    return {"seed": table, "largest": most}
