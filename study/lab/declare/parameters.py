"""Name the parameters of a definition's functions."""

import inspect
from collections.abc import Callable, Mapping

# Of `model`, what the data set fills in.
GIVEN = ("shape", "classes")


def of(function: Callable) -> Mapping[str, inspect.Parameter]:
    """Map a function's parameters by their names.

    Example:

    >>> [*of(lambda depth, shape: None)]
    ['depth', 'shape']
    """
    return inspect.signature(function).parameters


def given(model: Callable) -> list[str]:
    """Name what the data set fills in of the parameters of `model`."""
    return [name for name in GIVEN if name in of(model)]
