"""Say of runs that diverged, in the same words in every figure, what became of them."""

from collections.abc import Callable, Iterable

import numpy as np

from study.lab.rules.summaries import brief, finite

WORD = "diverged"


def count(lost: int, runs: int | None = None) -> str:
    """Say how many runs diverged, and of how many.

    Example:

    >>> count(3, 10), count(3)
    ('3 of 10 diverged', '3 diverged')
    """
    return f"{lost} {WORD}" if runs is None else f"{lost} of {runs} {WORD}"


def beside(text: str, lost: int, runs: int) -> str:
    """Add to what is said of the others that some of the runs diverged, or all.

    Example:

    >>> beside("1.5", 0, 3), beside("1.5", 1, 3), beside("", 3, 3)
    ('1.5', '1.5 (1 of 3 diverged)', 'diverged')
    """
    if lost == runs:
        return WORD
    return f"{text} ({count(lost, runs)})" if lost else text


def mean(values: Iterable[float], text: Callable[[float], str] = brief) -> str:
    """Print the mean of the runs that have a number, and how many diverged.

    Args:
        values: A number a run, not finite where it diverged.
        text: How the mean is printed.

    Example:

    >>> mean([1.0, 2.0, np.nan])
    '1.5 (1 of 3 diverged)'
    """
    values = np.asarray(values, float)
    known = values[finite(values)]
    said = text(known.mean()) if len(known) else ""
    return beside(said, len(values) - len(known), len(values))


def sentence(lost: int) -> str:
    """Return a sentence to be added that counts them; empty for none."""
    return f" {lost} run{'s' if lost > 1 else ''} {WORD}." if lost else ""


def left_out(lost: int) -> str:
    """Return words to be added on a mean without them; empty for none."""
    return f", but for those that {WORD}" if lost else ""


def crosses(lost: int) -> str:
    """Return a sentence to be added on what marks them; empty for none."""
    return f" A cross marks a run that {WORD}." if lost else ""
