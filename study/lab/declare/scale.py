"""Say by rule whether a claim is judged at the size of its source."""

import dataclasses
from dataclasses import dataclass

from study.lab.declare.fields import number
from study.lab.errors import DefinitionError

# Of a quantity so much counts as the source's own: 50,000 of 60,000 images, of which
# the others validate, are five sixths.
ENOUGH = 0.8


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a study is; what is not known is left out.

    Args:
        examples: Training examples.
        steps: Training steps.
        epochs: Passes over the training set.
        units: Hidden units of the largest network.
        replicates: Runs a cell.
    """

    examples: float | None = None
    steps: float | None = None
    epochs: float | None = None
    units: float | None = None
    replicates: float | None = None

    def __post_init__(self):
        given = {name: each for name, each in vars(self).items() if each is not None}
        for name, value in given.items():
            if isinstance(value, bool) or not (number(value) and value > 0):
                raise DefinitionError(
                    f"size: {name}: expected a number > 0. Received: {name}={value!r}"
                )
        if not given:
            raise DefinitionError(
                "size: expected one quantity at least. Received: none; give some of "
                f"{', '.join(vars(self))}"
            )


def less(size: Size, source: Size) -> str:
    """Say of which quantities a study has less than its source; "" for none.

    Example:

    >>> less(Size(examples=1_000, units=800), Size(examples=60_000, units=800))
    '1,000 of 60,000 examples'
    """
    return ", ".join(
        f"{_told(here)} of {_told(there)} {name}"
        for name, here, there in _both(size, source)
        if here < ENOUGH * there
    )


def missing(size: Size | None, source: Size) -> list[str]:
    """Name the quantities of a source that a study does not say of itself."""
    return [name for name, here, there in _both(size, source) if here is None]


def _both(size, source):
    for each in dataclasses.fields(Size):
        there = getattr(source, each.name)
        if there is not None:
            yield each.name, getattr(size, each.name, None), there


def _told(value):
    return f"{value:,.0f}" if value >= 10 else f"{value:g}"
