"""Check statements in every seed, and keep the largest deviation of each."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd


def deviation(found, wanted=None) -> float:
    """Return the largest distance of numbers from what they should be.

    Without that a number is the deviation itself.

    Example:

    >>> deviation([1.0, 2.0], [1.5, 2.0]), deviation(0.25)
    (0.5, 0.25)
    """
    return float(found if wanted is None else np.abs(np.subtract(found, wanted)).max())


def checked(
    statements: Callable[[int], Iterable[tuple]], replicates: int
) -> dict[str, pd.DataFrame]:
    """Return a table "seed" of each statement in each seed, and the "largest".

    Args:
        statements: Function of a replicate that yields (claim, statement, deviation),
            or in a deviation's place what was found and what it should be.
        replicates: How many seeds.
    """
    return with_largest(
        pd.DataFrame(
            {
                "replicate": replicate,
                "claim": claim,
                "statement": statement,
                "deviation": deviation(*found),
            }
            for replicate in range(replicates)
            for claim, statement, *found in statements(replicate)
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
