"""Mistakes of a user, told in one line and never as a traceback."""

import difflib
from collections.abc import Iterable

MANY = 60


class StudyError(Exception):
    """Something a user can mend; the message says what, where and how."""


class DefinitionError(StudyError):
    """A mistake in an experiment's definition."""


def nearest(name: object, valid: Iterable[object]) -> str:
    """Say which valid name is nearest to `name`, or list them all; three of many.

    Example:

    >>> nearest("sed", ["seed", "rate"])
    "did you mean 'seed'?"
    >>> nearest("zzz", ["seed", "rate"])
    "valid: 'rate', 'seed'"
    >>> nearest("d9-21", [f"d4-{claim}" for claim in range(10, 99)])
    "nearest: 'd4-21', 'd4-92', 'd4-91'"
    """
    names = sorted({str(each) for each in valid})
    if len(names) > MANY:
        few = difflib.get_close_matches(str(name), names, n=3, cutoff=0)
        return f"nearest: {', '.join(map(repr, few))}"
    if match := difflib.get_close_matches(str(name), names, n=1):
        return f"did you mean {match[0]!r}?"
    return "valid: " + (", ".join(map(repr, names)) or "none")
