"""Take NumPy's scalars as Python's numbers, and print these alike everywhere."""

import dataclasses
from collections.abc import Mapping

import numpy as np


def plain(value):
    """Return NumPy's scalars, alone or in sweeps and arms, as Python's.

    Example:

    >>> plain({"rate": (np.float32(0.5), np.int64(1))})
    {'rate': (0.5, 1)}
    """
    if isinstance(value, Mapping):
        return {plain(name): plain(each) for name, each in value.items()}
    if type(value) in (tuple, list):
        return type(value)(map(plain, value))
    return value.item() if isinstance(value, np.generic) else value


def settle(declared) -> None:
    """Put Python's numbers in the place of NumPy's in a frozen dataclass."""
    for each in dataclasses.fields(declared):
        object.__setattr__(declared, each.name, plain(getattr(declared, each.name)))


def printed(value: float) -> str:
    """Print a number by the 12 digits that are the same on every processor.

    The last of a double's 17 depend on how wide its registers are.

    Example:

    >>> printed(2.4622888266898326), printed(2.462288826689833)
    ('2.46228882669', '2.46228882669')
    """
    return f"{value:.12g}"
