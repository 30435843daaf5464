"""Say where the end of a tuned grid is a bound, beyond which nothing is left to try."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from study.lab.declare import fields
from study.lab.declare.fields import holds
from study.lab.errors import nearest


@dataclass(frozen=True, kw_only=True)
class Bound:
    """Let a tuned value be the best at an end of its grid, and say why it may.

    A claim that reads an arm whose best value lies at another end is at most
    unresolved.

    Args:
        tuned: A name in `tune`.
        label: The value at the end of its grid.
        because: Why no value beyond belongs to the question; its page prints it.
        arm: The cells in which it is so: swept name to label. Defaults to all.
    """

    tuned: str = holds(fields.text, "a name in `tune`")
    label: Any
    because: str = holds(fields.text, "why no value beyond belongs to the question")
    arm: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        fields.check(self, where="bounds.")

    def covers(self, edge: Mapping[str, Any]) -> bool:
        """Say whether a cell, with the value tuned for it, lies at this bound."""
        wanted = {**self.arm, self.tuned: self.label}
        return wanted.items() <= edge.items()

    def problem(self, experiment) -> str:
        """Say what does not belong to an experiment; "" for nothing."""
        if self.tuned not in experiment.tune:
            names = nearest(self.tuned, experiment.tune)
            return f"no such tuned value. Received: {self.tuned!r}; {names}"
        there = {**experiment.vary, self.tuned: experiment.tune[self.tuned]}
        for name, label in {**self.arm, self.tuned: self.label}.items():
            if name not in there:
                names = nearest(name, experiment.vary)
                return f"an arm names what is not swept. Received: {name!r}; {names}"
            if label not in there[name]:
                labels = nearest(label, there[name])
                return f"{name!r} does not take it. Received: {label!r}; {labels}"
        return ""

    def told(self) -> list:
        """Return what must not move once results were seen, as JSON has it."""
        return [dict(self.arm), self.tuned, self.label]


def left_open(definition, edges: Iterable[Mapping]) -> list[Mapping]:
    """Return the cells at an edge of their grid that is no bound of a definition."""
    return [
        each
        for each in edges
        if not any(bound.covers(each) for bound in definition.bounds)
    ]
