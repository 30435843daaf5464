"""Draw every seed of each value of a swept name."""

from dataclasses import dataclass

from study.lab.errors import StudyError
from study.lab.figures import rows
from study.lab.figures.base import Figure
from study.lab.figures.wording import sentence, told


@dataclass(frozen=True)
class Strip(Figure):
    """Show every run as a dot in the row of its value, and what they come to below.

    Where the values have an order, runs of the same replicate are joined: they share
    seed, data and order.

    Args:
        measure: What is shown.
        by: The swept name that makes the rows.
    """

    measure: str
    by: str

    def measures(self):
        return {self.measure}

    def needs(self):
        columns = (self.measure, self.by, "replicate", "diverged")
        return tuple(("table", each) for each in columns)

    def finding(self, shown):
        found = self._rows(shown)
        named = [(shown.value(self.by, each.name), each) for each in found]
        return rows.finding(named, shown, self.measure)

    def caption(self, shown):
        found = self._rows(shown)
        label = sentence(shown.label(self.measure))
        read = rows.caption(found, self._joined(shown))
        return f"{label} by {shown.called(self.by)}. {read}"

    def alt(self, shown):
        found = ((each.name, each.text) for each in self._rows(shown))
        parts = (f"{text} with {shown.value(self.by, name)}" for name, text in found)
        return told(self.headline(shown), parts)

    def _draw(self, shown):
        from study.lab.figures import style

        if shown.table.duplicated([self.by, "replicate"]).any():
            raise StudyError(
                f"{self._where(shown)}: expected one run of each seed for a "
                f"value of {self.by!r}, to join them. Received: several; more is swept"
            )
        found = self._rows(shown)
        figure = style.canvas(rows.height(found))
        rows.draw(
            figure.add_subplot(),
            found,
            label=shown.label(self.measure),
            by=shown.called(self.by),
            joined=self._joined(shown),
        )
        return figure

    def _rows(self, shown):
        return rows.collect(shown, shown.table, self.measure, self.by)

    def _joined(self, shown):
        return rows.numbers(shown.levels(shown.table, self.by))
