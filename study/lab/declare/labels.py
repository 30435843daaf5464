"""Keep the labels of a sweep what they are, in tables and through their files."""

from collections.abc import Iterable, Mapping

import pandas as pd


def problem(name: str, labels) -> str:
    """Say why the labels of a swept name cannot be told apart; empty where they can."""
    if not isinstance(labels, tuple | list | Mapping):
        return (
            f"[{name}]: expected a tuple of values, or a mapping from label to value. "
            f"Received: {labels!r}"
        )
    seen = []
    for each in labels:
        if not isinstance(each, str | int | float) or each != each:
            return (
                f"[{name}]: expected labels that are text, numbers or booleans. "
                f"Received: {each!r}; give it a name, such as {{'some': {each!r}}}"
            )
        for other in seen:
            if each == other or str(each) == str(other):
                return (
                    f"[{name}]: expected labels that a table tells apart. Received: "
                    f"{other!r} beside {each!r}; give them names, such as "
                    f"{{'some': {other!r}, 'other': {each!r}}}"
                )
        seen.append(each)
    return ""


def column(values: Iterable, labels: Iterable) -> pd.Series:
    """Return a column of labels; of several kinds, each keeps its own.

    Example:

    >>> list(column([0.5, 0], labels=(0, 0.5)))
    [0.5, 0]
    """
    mixed = len({type(each) for each in labels}) > 1
    return pd.Series([*values], dtype=object if mixed else None)


def read(texts: Iterable[str], labels: Iterable) -> pd.Series:
    """Return the column that was written as texts."""
    found = {str(each): each for each in labels}
    return column([found.get(text, text) for text in texts], labels)
