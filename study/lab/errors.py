"""Mistakes of a user, told in one line and never as a traceback."""

import difflib
from collections.abc import Iterable


class StudyError(Exception):
    """Something a user can mend; the message says what, where and how."""


class DefinitionError(StudyError):
    """A mistake in an experiment's definition."""


def nearest(name: object, valid: Iterable[object]) -> str:
    """Say which valid name is nearest to `name`, or list them all.

    Example:

    >>> nearest("sed", ["seed", "rate"])
    "did you mean 'seed'?"
    >>> nearest("zzz", ["seed", "rate"])
    "valid: 'rate', 'seed'"
    """
    names = sorted({str(each) for each in valid})
    match = difflib.get_close_matches(str(name), names, n=1)
    if match:
        return f"did you mean {match[0]!r}?"
    return "valid: " + (", ".join(map(repr, names)) or "none")
