"""Draw every seed of a few arms, and their means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from study.lab.figures import diverged
from study.lab.figures.base import Figure, listing, select, sentence
from study.lab.rules.summaries import finite

SPREAD = 0.5  # of the height between two rows, over which the seeds are spread


@dataclass(frozen=True)
class Dots(Figure):
    """Show each run as a dot in the row of its arm, and the mean as a bar.

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

    def caption(self, shown):
        return f"{self.title}; a dot a seed, a bar for their mean."

    def alt(self, shown):
        parts = [
            f"{panel}: "
            + listing(f"{diverged.mean(values)} with {row}" for row, values in found)
            for panel, found in self._panels(shown)
        ]
        return f"{sentence(shown.label(self.measure))}, means. {'; '.join(parts)}."

    def _draw(self, shown):
        import numpy as np

        from study.lab.figures import style

        panels = self._panels(shown)
        names = list(dict.fromkeys(row for _, found in panels for row, _ in found))
        colors, markers = style.colors(names), style.markers(names)
        figure = style.canvas(1.1 + 0.42 * len(names))
        grid = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axes, (panel, found) in zip(grid, panels, strict=True):
            axes.set_title(panel)
            for row, values in found:
                at = names.index(row)
                heights = at + np.linspace(-0.5, 0.5, len(values)) * SPREAD
                look = {"color": colors[row], "alpha": 0.75, "markersize": 4.5}
                axes.plot(values, heights, markers[row], **look)
                known = values[finite(values)]
                right = known.max() if len(known) else 0.0
                if len(known):
                    middle = [known.mean()] * 2
                    axes.plot(middle, [at - 0.34, at + 0.34], color=style.INK, lw=1.8)
                axes.annotate(
                    diverged.mean(values),
                    (right, at),
                    xytext=(9, 0),
                    textcoords="offset points",
                    va="center",
                    bbox=style.BACKED,
                )
            axes.set(yticks=range(len(names)), yticklabels=names)
            axes.set_ylim(len(names) - 0.5, -0.5)
            axes.margins(x=0.18)
            axes.grid(False, axis="y")
        figure.supxlabel(shown.label(self.measure), size=10)
        return figure

    def _panels(self, shown):
        """List (panel, [(row, values of the seeds)])."""
        chosen = select(shown.table, self.where)
        panels = []
        for panel in shown.levels(chosen, self.panels):
            rows = select(chosen, {self.panels: panel})
            found = [
                (row, select(rows, {self.rows: row})[self.measure].to_numpy(float))
                for row in shown.levels(rows, self.rows)
            ]
            panels.append((panel, found))
        return panels
