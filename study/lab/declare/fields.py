"""Fields of declarations: what they hold, whether they train, and how they are told.

By hand: validators of attrs would check values, and know nothing of the rest.
"""

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from study.lab.errors import DefinitionError
from study.lab.scalars import settle

DEFAULTS = "default", "default_factory"
# What a page tells of a field: what, and how.
Told = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Kind:
    """Say what a field holds.

    Args:
        fits: Whether a value is of the kind.
        expected: What to say where it is not, or a function from a value to what is
            wrong with it.
        shared: Whether it is part of what all runs of an experiment are; a function
            from its value says in which parts.
        swept: Whether cells may differ in it, by its name in `vary` or `tune`.
        called: Whether it is a function of what is swept.
        acts: The code of ours that acts on it, which is part of what a run is.
        settled: Whether it must not move once results were seen.
        told: Function from a definition to what its page tells of the field; `True`
            to tell it by name where it is not None.
    """

    fits: Callable[[Any], bool]
    expected: str | Callable[[Any], str]
    shared: bool | Callable[[Any], Mapping] = False
    swept: bool = False
    called: bool = False
    acts: Any = None
    settled: bool = False
    told: Callable[[Any], Told] | bool = False


def holds(fits: Callable[[Any], bool], expected, **options) -> Any:
    """Declare a field: options of `Kind`, and `default` or `default_factory`."""
    given = {name: options.pop(name) for name in DEFAULTS if name in options}
    return field(metadata={"kind": Kind(fits, expected, **options)}, **given)


def kinds(declared) -> dict[str, Kind]:
    """Map the fields of a declaration, or of its class, to what they hold."""
    found = {each.name: each.metadata for each in dataclasses.fields(declared)}
    return {name: each["kind"] for name, each in found.items() if "kind" in each}


def names(declared, what: str) -> tuple[str, ...]:
    """Name the fields whose kind has something: `"shared"`, `"swept"`, `"settled"`.

    Example:

    >>> from study.lab.declare.experiment import Experiment
    >>> names(Experiment, "swept")
    ('batch_size', 'patience', 'augmentation')
    """
    return tuple(name for name, each in kinds(declared).items() if getattr(each, what))


def check(declared, where: str = "") -> None:
    """Raise a DefinitionError where a field does not hold what it must."""
    settle(declared)
    for name, kind in kinds(declared).items():
        value = getattr(declared, name)
        if not kind.fits(value):
            wrong = kind.expected
            said = wrong(value) if callable(wrong) else f"expected {wrong}"
            raise DefinitionError(f"{where}{name}: {said}. Received: {name}={value!r}")


def text(value) -> bool:
    return isinstance(value, str) and bool(value.strip())


def any_text(value) -> bool:
    return isinstance(value, str)


def boolean(value) -> bool:
    return isinstance(value, bool)


def number(value) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def positive(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def natural(value) -> bool:
    return value == 0 or positive(value)


def mapping(value) -> bool:
    return isinstance(value, Mapping)


def sweep(value) -> bool:
    return mapping(value) and all(isinstance(each, str) for each in value)


def function(value) -> bool:
    return callable(value)


def or_none(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or fits(value)


def one_of(*types: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, types)


def tuple_of(*types: type) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, tuple) and all(isinstance(each, types) for each in value)
    )


def pairs(value) -> bool:
    return sweep(value) and all(
        tuple_of(str)(each) and len(each) == 2 for each in value.values()
    )
