"""Tell measures and arms in plain words: test error, with ReLU at depth 20."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from study.lab.rules.summaries import number

NONE = "none"


@dataclass(frozen=True)
class Plain:
    """Put in plain words what a definition calls by names.

    Args:
        labels: Measure to its label; without one it has its name.
        units: Measure to its unit; without one it has none.
        told: Swept name to how its arms are told, where that does not tell them well:
            `{}` stands for their labels, and "" tells nothing; and to how the label
            "none" is told, "" for "without" the name.

    Example:

    >>> told = {"activation": ("with {}", ""), "initializer": ("with {}", "")}
    >>> plain = Plain({"test_error": "test error"}, {"test_error": "%"}, told)
    >>> plain.arm({"activation": "ReLU", "initializer": "He", "depth": 20})
    'with ReLU and He at depth 20'
    >>> plain.level("test_error", 5)
    '5 %'
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def measure(self, name: str) -> str:
        """Return a measure's label."""
        return _quoted(self.labels.get(name) or _words(name))

    def runs(self, measure: str) -> str:
        """Name the runs in which a measure is 1, not 0."""
        return f"runs “{self.measure(measure).strip('“”')}”"

    def level(self, measure: str, value: float) -> str:
        """Return a number in a measure's unit."""
        return f"{number(value)} {self.units.get(measure, '')}".rstrip()

    def margin(self, measure: str, value: float) -> str:
        """Return a difference in a measure's unit, of percentages in points."""
        return f"{number(value)} {points(self.units.get(measure, ''))}".rstrip()

    def tells(self, name: str) -> bool:
        """Say whether arms are told by a swept name, or only selected."""
        return self._row(name)[0] != ""

    def labelled(self, name: str, labels: Iterable) -> str:
        """Tell one or several labels of a swept name: at depth 10 and 20."""
        labels = [*labels]
        told, none = self._row(name)
        if _none(labels):
            return none or f"without {_words(name)}"
        if told is None:
            how = "at" if all(map(numeric, labels)) else "with"
            told = f"{how} {_words(name)} {{}}"
        return told.format(listing(map(_label, labels)))

    def other(self, name: str, labels: Iterable) -> str:
        """Tell labels where others of the same name were told before: numbers alone."""
        labels = [*labels]
        told = self.labelled(name, labels)
        if not all(map(numeric, labels)):
            return told
        return f"{told.partition(' ')[0]} {listing(map(_label, labels))}"

    def against(self, name: str, labels: Iterable) -> str:
        """Tell labels that others are held against: against ReLU."""
        labels = [*labels]
        if _none(labels):
            return f"against no {_words(name)}"
        how, _, what = (told := self.labelled(name, labels)).partition(" ")
        return f"against {what if how in ('at', 'for', 'in', 'on', 'with') else told}"

    def arm(self, arm: Mapping[str, Any]) -> str:
        """Tell an arm."""
        phrases: dict[str, list[str]] = {}
        for name, label in arm.items():
            how, _, what = self.labelled(name, [label]).partition(" ")
            phrases.setdefault(how, []).append(what)
        told = (f"{how} {listing(what)}".strip() for how, what in phrases.items())
        return " ".join(filter(None, told))

    def two(self, arm: Mapping, than: Mapping) -> tuple[str, str, str]:
        """Tell two arms by what they differ in, and in brackets what they share."""
        shared = {
            name: x for name, x in arm.items() if name in than and than[name] == x
        }
        one, other = (
            {name: x for name, x in each.items() if name not in shared}
            for each in (arm, than)
        )
        there = self.arm(other)
        if len(other) == 1 and [*other] == [*one]:
            ((name, label),) = other.items()
            there = self.other(name, [label])
        told = self.arm(shared)
        return self.arm(one), there, f" ({told})" if told else ""

    def _row(self, name):
        return self.told.get(name, (None, None))


def _none(labels):
    return [*map(str, labels)] == [NONE]


def points(unit: str) -> str:
    """Return the unit of differences: those of percentages are points."""
    return "points" if unit == "%" else unit


def listing(items: Iterable) -> str:
    """Join as a sentence does: a, b and c."""
    *most, last = map(str, items)
    return f"{', '.join(most)} and {last}" if most else last


def _words(name):
    return name.replace("_", " ")


def _quoted(text):
    """Put a text that has a comma in it in quotation marks."""
    return f"“{text}”" if "," in text else text


def _label(label):
    whole = isinstance(label, int) and not isinstance(label, bool)
    return f"{label:,}" if whole else _quoted(str(label))


def numeric(label) -> bool:
    """Say whether a label is a number."""
    return isinstance(label, int | float) and not isinstance(label, bool)
