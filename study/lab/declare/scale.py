"""Say by rule whether a claim is judged at the size of its source."""

import dataclasses
from dataclasses import dataclass

from study.lab.declare.fields import number
from study.lab.errors import DefinitionError

# Of a quantity so much counts as the source's own: 50,000 of 60,000 images, of which
# the others validate, are five sixths.
ENOUGH = 0.8
DEVICES = "cpu", "gpu"  # of which no share is enough: another one is scaled down


@dataclass(frozen=True, kw_only=True)
class Size:
    """How large a study is; what is not known is left out.

    Args:
        examples: Training examples.
        steps: Training steps.
        epochs: Passes over the training set.
        units: Hidden units of the largest network.
        replicates: Runs a cell.
        device: On what it is judged, `"cpu"` or `"gpu"`, where a claim is about that.
    """

    examples: float | None = None
    steps: float | None = None
    epochs: float | None = None
    units: float | None = None
    replicates: float | None = None
    device: str | None = None

    def __post_init__(self):
        given = {name: each for name, each in vars(self).items() if each is not None}
        for name, value in given.items():
            if name == "device":
                if value not in DEVICES:
                    raise DefinitionError(
                        "size: device: expected 'cpu' or 'gpu'. Received: "
                        f"device={value!r}"
                    )
            elif isinstance(value, bool) or not (number(value) and value > 0):
                raise DefinitionError(
                    f"size: {name}: expected a number > 0. Received: {name}={value!r}"
                )
        if not given:
            raise DefinitionError(
                "size: expected one quantity at least. Received: none; give some of "
                f"{', '.join(vars(self))}"
            )


def less(size: Size, source: Size) -> str:
    """Say what a study has less of than its source, or otherwise; "" for nothing.

    Example:

    >>> less(Size(examples=1_000, units=800), Size(examples=60_000, units=800))
    '1,000 of 60,000 examples'
    """
    found = (_less(*each) for each in _both(size, source))
    return ", ".join(filter(None, found))


def missing(size: Size | None, source: Size) -> list[str]:
    """Name the quantities of a source that a study does not say of itself."""
    return [name for name, here, there in _both(size, source) if here is None]


def _both(size, source):
    for each in dataclasses.fields(Size):
        there = getattr(source, each.name)
        if there is not None:
            yield each.name, getattr(size, each.name, None), there


def _less(name, here, there):
    if name == "device":
        other = f"a {here.upper()} in place of a {there.upper()}"
        return "" if here == there else other
    less = f"{_told(here)} of {_told(there)} {name}"
    return less if here < ENOUGH * there else ""


def _told(value):
    return f"{value:,.0f}" if value >= 10 else f"{value:g}"
