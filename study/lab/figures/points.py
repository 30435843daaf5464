"""Draw every run of each value of a column."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from study.lab.errors import StudyError
from study.lab.figures import rows
from study.lab.figures.base import Figure, once, select
from study.lab.figures.wording import sentence, told


@dataclass(frozen=True)
class Points(Figure):
    """Show every run as a dot in the row of its value, and what they come to below.

    Where a single panel's values have an order, runs of the same replicate are joined:
    they share seed, data and order.

    Args:
        measure: What is shown.
        rows: The column that makes the rows.
        panels: The column that makes the panels, each with an axis of its own; None
            for a single one.
        title: What the figure shows; empty to say it by the columns.
        where: Column to the value of the rows shown.
    """

    measure: str
    rows: str
    panels: str | None = None
    title: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)

    def measures(self):
        return {self.measure}

    def needs(self):
        columns = (self.measure, self.rows, self.panels, *self.where)
        return tuple(("table", each) for each in columns if each)

    def in_numbers(self, shown):
        panels, named = self._panels(shown), []
        for panel, found in panels:
            for row in found:
                name = shown.value(self.rows, row.name)
                named.append((f"{name}, {panel}" if len(panels) > 1 else name, row))
        return rows.in_numbers(named, shown, self.measure)

    def caption(self, shown):
        label = sentence(shown.label(self.measure))
        title = self.title or f"{label} by {shown.called(self.rows)}"
        found = [row for _, panel in self._panels(shown) for row in panel]
        return f"{title}. {rows.caption(found, self._joined(shown))}"

    def alt(self, shown):
        parts = (
            f"{panel}: {row.name} {row.text}"
            if self.panels
            else f"{row.text} with {shown.value(self.rows, row.name)}"
            for panel, found in self._panels(shown)
            for row in found
        )
        return told(self.headline(shown), parts)

    def _draw(self, shown):
        from study.lab.figures import style

        panels = self._panels(shown)
        heights = [rows.height(found) for _, found in panels]
        titles = 0.2 * len(panels) if self.panels else 0  # inches
        figure = style.canvas(sum(heights) + titles)
        grid = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)
        for axes, (panel, found) in zip(grid[:, 0], panels, strict=True):
            axes.set_title(panel, pad=20)
            rows.draw(
                axes,
                found,
                label=shown.label(self.measure),
                by=shown.called(self.rows),
                joined=self._joined(shown),
            )
        return figure

    def _joined(self, shown):
        levels = shown.levels(select(shown.table, self.where), self.rows)
        return not self.panels and rows.numbers(levels)

    @once
    def _panels(self, shown):
        """List (panel, its rows)."""
        chosen = select(shown.table, self.where)
        if not self.panels:
            self._check_runs(shown, chosen)
            return [("", rows.collect(shown, chosen, self.measure, self.rows))]
        return [
            (
                shown.value(self.panels, panel),
                rows.collect(
                    shown,
                    select(chosen, {self.panels: panel}),
                    self.measure,
                    self.rows,
                ),
            )
            for panel in shown.levels(chosen, self.panels)
        ]

    def _check_runs(self, shown, chosen):
        """Refuse several runs of a seed in a row, which nothing tells apart."""
        seeds = {"replicate"} & {*chosen}
        if seeds and chosen.duplicated([self.rows, *seeds]).any():
            raise StudyError(
                f"{self._where(shown)}: expected one run of each seed for a value of "
                f"{self.rows!r}. Received: several; more is swept, to be named in "
                "`panels` or `where`"
            )
