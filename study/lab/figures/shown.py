"""Hold what a figure gets of a page: tables, and the words for what stands in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any

import pandas as pd

from study.lab.rules.summaries import number

# What says nothing without its column: a number does not tell what it counts, nor does
# "of its own" tell what is.
UNSAID = re.compile(r"[−-]?[\d.,]+|of .+")


def printed(value: Any) -> str:
    """Print a value of a column: thousands are set apart, and none is "none".

    Example:

    >>> printed(10_000), printed(0.25), printed("He"), printed(None)
    ('10,000', '0.25', 'He', 'none')
    """
    if value is None:
        return "none"
    if isinstance(value, Integral):
        return f"{value:,}".replace("-", "−")
    if isinstance(value, Real):
        return number(value)
    return str(value)


@dataclass(frozen=True, eq=False)
class Shown:
    """Tables to be shown, with the names and the order of what stands in them.

    Args:
        table: results.csv, one row a run; None where only other tables are read.
        curves: curves.csv, one row a run and one column a step.
        errors: errors.csv, one row a run and split and one column a look.
        outputs: outputs.csv, one row an input of a kept network.
        name: The finding's name, which messages begin with.
        title: The finding's title.
        sweep: Swept name to its labels, in their order.
        labels: Measure to its label; without one it has its words or its name.
        units: Measure to its unit; without one it has none.
        censored: The measures that are step counts censored at the budget.
        budgets: A censored measure to where it ends, in its own unit, by a cell's
            labels in the order of `sweep`.
        words: A column to what it is called; without words it has its name.

    Example:

    >>> table = pd.DataFrame({"rate": ["slow", "fast"], "error": [2.0, 4.0]})
    >>> shown = Shown(table, sweep={"rate": ("fast", "slow")}, units={"error": "%"})
    >>> shown.levels(table, "rate")
    ['fast', 'slow']
    >>> shown.label("error")
    'error (%)'
    """

    table: pd.DataFrame | None
    curves: pd.DataFrame | None = None
    errors: pd.DataFrame | None = None
    outputs: pd.DataFrame | None = None
    name: str = ""
    title: str = ""
    sweep: Mapping[str, tuple] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    censored: tuple[str, ...] = ()
    budgets: Mapping[str, Mapping[tuple, float]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def levels(self, table: pd.DataFrame, name: str) -> list[Any]:
        """List the values of a column in the order of the sweep, else of the rows."""
        there = list(dict.fromkeys(table[name]))
        return [each for each in self.sweep.get(name, there) if each in there]

    def label(self, measure: str, unit: bool = True) -> str:
        """Return a measure's label, with its unit."""
        text = self.labels.get(measure) or self.called(measure)
        of = self.units.get(measure)
        return f"{text} ({of})" if unit and of else text

    def called(self, name: str) -> str:
        """Return what a column is called.

        Example:

        >>> Shown(None, words={"kept": "share kept"}).called("kept")
        'share kept'
        >>> Shown(None).called("batch_size")
        'batch size'
        """
        return self.words.get(name) or name.replace("_", " ")

    def value(self, name: str, value: Any) -> str:
        """Name a value of a column, with the column where it says nothing alone.

        Example:

        >>> Shown(None).value("batch_size", 1024), Shown(None).value("start", "He")
        ('batch size 1,024', 'He')
        >>> Shown(None).value("learning_rate", "of its own")
        'learning rate of its own'
        """
        text = printed(value)
        return f"{self.called(name)} {text}" if UNSAID.fullmatch(text) else text
