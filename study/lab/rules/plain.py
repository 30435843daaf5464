"""Tell measures and arms in plain words: test error, with ReLU at depth 20."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from study.lab.rules.summaries import number

NONE = "none"
MEASURE = "measure"  # in place of a swept name, with measures for labels


@dataclass(frozen=True)
class Plain:
    """Put in plain words what a definition calls by names.

    Args:
        labels: Measure to its label; without one it has its name.
        units: Measure to its unit; without one it has none.
        told: Swept name to how its labels are told, where its name does not tell them
            well: `""` to a phrase in which `{}` stands for those that have none of
            their own, or to "", which tells nothing. `MEASURE` to how it is told for
            which measure, likewise.

    Example:

    >>> told = {"activation": {"": "with {}"}, "initializer": {"": "with {}"}}
    >>> plain = Plain({"test_error": "test error"}, {"test_error": "%"}, told)
    >>> plain.arm({"activation": "ReLU", "initializer": "He", "depth": 20})
    'with ReLU and He at depth 20'
    >>> plain.level("test_error", 5)
    '5 %'
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

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

    def purpose(self, measures: Iterable[str]) -> str:
        """Tell for which measures: for test error."""
        own = self.told.get(MEASURE, {})
        told = (own.get(each) or f"for {self.measure(each)}" for each in measures)
        return listing(_together(told))

    def tells(self, name: str) -> bool:
        """Say whether arms are told by a swept name, or only selected."""
        return self.told.get(name, {}).get("") != ""

    def labelled(self, name: str, labels: Iterable) -> str:
        """Tell one or several labels of a swept name: at depth 10 and 20."""
        labels = [*labels]
        phrases = self.told.get(name, {})
        how = "at" if all(map(numeric, labels)) else "with"
        pattern = phrases.get("", f"{how} {_words(name)} {{}}")
        own = {NONE: f"without {_words(name)}", **phrases}
        if not any(str(each) in own for each in labels):
            return pattern.format(listing(map(_label, labels)))
        told = (own.get(str(x)) or pattern.format(_label(x)) for x in labels)
        return listing(_together(told))

    def other(self, name: str, labels: Iterable) -> str:
        """Tell labels where others of the same name were told before: numbers alone."""
        labels = [*labels]
        told = self.labelled(name, labels)
        if not all(map(numeric, labels)):
            return told
        return f"{told.partition(' ')[0]} {listing(map(_label, labels))}"

    def against(self, name: str, labels: Iterable) -> str:
        """Tell labels that others are held against: against ReLU."""
        told = self.labelled(name, labels)
        how, _, what = told.partition(" ")
        if how == "without":
            return f"against no {what.removeprefix('a ')}"
        return f"against {what if how in ('at', 'for', 'in', 'on', 'with') else told}"

    def arm(self, arm: Mapping[str, Any]) -> str:
        """Tell an arm."""
        return self.arms({name: [label] for name, label in arm.items()})

    def arms(self, arms: Mapping[str, Iterable]) -> str:
        """Tell arms that are alike but for some labels, by name to labels."""
        told = (self.labelled(name, labels) for name, labels in arms.items())
        return " ".join(_together(filter(None, told)))

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


def points(unit: str) -> str:
    """Return the unit of differences: those of percentages are points."""
    return "points" if unit == "%" else unit


def listing(items: Iterable) -> str:
    """Join as a sentence does: a, b and c."""
    *most, last = map(str, items)
    return f"{', '.join(most)} and {last}" if most else last


def _together(phrases):
    """Join phrases that begin alike: with ReLU and He."""
    found: dict[str, list[str]] = {}
    for how, _, what in (each.partition(" ") for each in phrases):
        found.setdefault(how, []).append(what)
    return [f"{how} {listing(what)}".strip() for how, what in found.items()]


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
