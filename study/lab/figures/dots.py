"""Draw every seed of a few arms in panels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from study.lab.figures import rows
from study.lab.figures.base import Figure, select
from study.lab.figures.wording import told


@dataclass(frozen=True)
class Dots(Figure):
    """Show each run as a dot in the row of its arm, and what they come to below.

    Args:
        measure: What is shown.
        rows: The column that makes the rows.
        panels: The column that makes the panels, each with an axis of its own.
        title: What the figure shows.
        where: Column to the value of the rows shown.
    """

    measure: str
    rows: str
    panels: str
    title: str
    where: Mapping[str, Any] = field(default_factory=dict)

    def measures(self):
        return {self.measure}

    def needs(self):
        columns = (self.measure, self.rows, self.panels, *self.where)
        return tuple(("table", each) for each in columns)

    def finding(self, shown):
        panels = self._panels(shown)
        named = [
            (f"{shown.value(self.rows, row.name)}, {panel}", row)
            if len(panels) > 1
            else (shown.value(self.rows, row.name), row)
            for panel, found in panels
            for row in found
        ]
        return rows.finding(named, shown, self.measure)

    def caption(self, shown):
        found = [row for _, panel in self._panels(shown) for row in panel]
        return f"{self.title}. {rows.caption(found, joined=False)}"

    def alt(self, shown):
        parts = (
            f"{panel}: {row.name} {row.text}"
            for panel, found in self._panels(shown)
            for row in found
        )
        return told(self.headline(shown), parts)

    def _draw(self, shown):
        from study.lab.figures import style

        panels = self._panels(shown)
        heights = [rows.height(found) for _, found in panels]
        figure = style.canvas(sum(heights) + 0.2 * len(panels))
        grid = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)
        for axes, (panel, found) in zip(grid[:, 0], panels, strict=True):
            axes.set_title(panel, pad=20)
            rows.draw(
                axes,
                found,
                label=shown.label(self.measure),
                by=shown.called(self.rows),
                joined=False,
            )
        return figure

    def _panels(self, shown):
        """List (panel, its rows)."""
        chosen = select(shown.table, self.where)
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
