"""Name what may be swept: parameters of a definition's functions, and settings."""

import inspect
from collections.abc import Callable, Mapping

from study.lab.declare import fields

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
    """Name what the data set fills in of the parameters of `model`.

    Example:

    >>> given(lambda depth, shape: None)
    ['shape']
    """
    return [name for name in GIVEN if name in of(model)]


def settings(experiment) -> tuple[str, ...]:
    """Name what may be swept besides parameters, in an experiment or its class."""
    return "train", *fields.names(experiment, "swept")
