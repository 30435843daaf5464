"""How far a measure must move before it matters, in the measure's own unit."""

import csv
import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from study.lab.rules.base import number

FILE = Path(__file__).with_name("margins.csv")
# From what makes an effect to how its margin is told.
SCALES = {
    "difference": "{:g}",
    "factor": "a factor of {:g}",
    "share": "{:g} of the runs",
    "chance": "{:g} of what a guess that knows nothing costs",
}


@dataclass(frozen=True)
class Margin:
    """The smallest effect that matters.

    Args:
        value: A number in the unit of the scale, > 0; of a factor > 1.
        scale: `"difference"`, in the measure's unit, where no effect is 0;
            `"factor"`, of measures above 0, where no effect is 1; `"share"`, a
            difference of the shares of runs whose measure is 1, not 0; or `"chance"`,
            a difference of losses as a share of the loss of a guess that knows
            nothing. Defaults to `"difference"`.
        because: Why an effect that is smaller does not matter.
        none: What no effect is, in words. Defaults to 0, and of a factor to 1.
        units: The units of the measures that it suits. Defaults to `()`, for all.
    """

    value: float
    scale: str = "difference"
    because: str = field(default="", repr=False)
    none: str = field(default="", repr=False)
    units: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self):
        if self.scale not in SCALES:
            raise ValueError(
                "`scale` says what makes an effect: expected one of "
                f"{', '.join(SCALES)}. Received: scale={self.scale!r}. Take "
                "'difference' for the measure's own unit."
            )
        if not (number(self.value) and self._least < self.value < math.inf):
            raise ValueError(
                "`value` is the smallest effect that matters: expected a finite number "
                f"> {self._least}. Received: value={self.value}. No effect is "
                f"{self._least} on this scale."
            )
        if not self.because.strip():
            raise ValueError(
                "`because` says why a smaller effect does not matter: expected a "
                f"reason. Received: because={self.because!r}. Write one, which the "
                "page prints, or leave the margin out for the natural one."
            )

    @property
    def _least(self):
        return 1 if self.scale == "factor" else 0

    def __str__(self):
        none = self.none or f"{self._least}"
        told = SCALES[self.scale].format(self.value)
        return f"{told} ({self.because}; no effect is {none})"


@functools.cache
def rows() -> dict[str, Margin]:
    """Map names of measures, or patterns of them, to their natural margins."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {
            row["measure"]: Margin(
                float(row["margin"]),
                row["scale"],
                row["because"],
                row["none"],
                tuple(row["units"].replace("none", "").split(";")),
            )
            for row in csv.DictReader(file)
        }


def natural(measure: str) -> Margin:
    """Return the natural margin of a measure: of its name, else of its pattern.

    Example:

    >>> natural("steps_to_5")
    Margin(value=1.25, scale='factor')
    """
    found = rows()
    if measure in found:
        return found[measure]
    for pattern, margin in found.items():
        if fnmatchcase(measure, pattern):
            return margin
    raise ValueError(
        f"`{measure}` has no natural margin: expected a measure of "
        f"study/lab/rules/{FILE.name}. Received: margin=None. Give the rule one, "
        'margin=Margin(0.5, because="..."), or add a row.'
    )


def settle(rule) -> None:
    """Give a rule the natural margin of its measure where it has none of its own."""
    if rule.margin is None:
        object.__setattr__(rule, "margin", natural(rule.measure))
    elif not isinstance(rule.margin, Margin):
        raise TypeError(
            "`margin` is the smallest effect that matters, with its reason: expected a "
            f"Margin. Received: margin={rule.margin!r}. Write "
            f'Margin({rule.margin!r}, because="..."), or leave it out.'
        )


def problem(rule, units: Mapping[str, str]) -> str:
    """Say why a rule's natural margin does not suit its measure; "" where it does."""
    margin = getattr(rule, "margin", None)
    suited = getattr(margin, "units", ())
    unit = units[rule.measure]
    if not suited or unit in suited:
        return ""
    return (
        f"`{rule.measure}` has its natural margin in "
        f"{' or '.join(each or 'no unit' for each in suited)}. Received: a measure in "
        f"{unit or 'no unit'}; give the rule one of its own, "
        'margin=Margin(0.5, because="...")'
    )


def departs(rule) -> bool:
    """Say whether a rule has another margin than its measure's natural one."""
    try:
        return natural(rule.measure) != rule.margin
    except ValueError:
        return True
