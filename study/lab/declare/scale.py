"""Say by rule whether a claim is judged at the size of its source."""

import dataclasses
from dataclasses import dataclass

from study.lab.declare import fields
from study.lab.errors import DefinitionError

# Of a quantity so much counts as the source's own: 50,000 of 60,000 images, of which
# the others validate, are five sixths.
ENOUGH = 0.8
# Quantities of a size that do not follow from an experiment's fields.
SAID = "units", "device"
DEVICES = "cpu", "gpu"  # of which no share is enough: another one is scaled down


def _above_0(value):
    return fields.number(value) and not fields.boolean(value) and value > 0


def _quantity():
    return fields.holds(fields.or_none(_above_0), "a number > 0", default=None)


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

    examples: float | None = _quantity()
    steps: float | None = _quantity()
    epochs: float | None = _quantity()
    units: float | None = _quantity()
    replicates: float | None = _quantity()
    device: str | None = fields.holds(
        fields.or_none(DEVICES.__contains__), "'cpu' or 'gpu'", default=None
    )

    def __post_init__(self):
        fields.check(self, where="size: ")
        if not any(vars(self).values()):
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
