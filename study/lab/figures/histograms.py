"""Draw histograms counted while a simulation ran."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from study.lab.figures.base import Figure, select
from study.lab.rules.summaries import number

PREFIX = "bin_"


@dataclass(frozen=True)
class Histograms(Figure):
    """Show the bins `bin_00`, `bin_01`, … of every seed, in a grid of panels.

    Args:
        rows: The column told apart from row to row.
        columns: The column told apart from panel to panel of a row.
        where: Column to the value of the rows shown.
        lower, upper: The range that the bins divide.
        top: Share in % at which bars are cut off; None for as high as they are.
    """

    rows: str
    columns: str
    where: Mapping[str, Any]
    lower: float
    upper: float
    top: float | None = None

    def measures(self):
        return set()

    def needs(self):
        columns = (self.rows, self.columns, *self.where, f"{PREFIX}00")
        return tuple(("table", each) for each in columns)

    def caption(self, shown):
        named = ", ".join(str(each) for each in self.where.values())
        return (
            f"{named}: share of the outputs in each of {len(_bins(shown))} bins from "
            f"{self.lower:g} to {self.upper:g}, by {self.columns} and {self.rows}; a "
            "thin line a seed over the mean. "
            + (
                f"Bars are cut off at {self.top:g} %"
                if self.top
                else "Each panel has its own height"
            )
            + "; a note tells the share beyond the range."
        )

    def alt(self, shown):
        parts = []
        panels = self._panels(shown)
        last = panels[-1][1]
        for row, column, counts in (each for each in panels if each[1] == last):
            mean = counts.mean(axis=0)
            fullest = self._edges(len(mean))[mean.argmax()]
            parts.append(
                f"{row}, {self.columns} {column}: {number(mean.max(), 0)} % of the "
                f"outputs in the fullest bin, from {number(fullest, 2)}"
            )
        return "; ".join(parts) + "."

    def _draw(self, shown):
        from study.lab.figures import style

        panels = self._panels(shown)
        rows = list(dict.fromkeys(row for row, _, _ in panels))
        columns = list(dict.fromkeys(column for _, column, _ in panels))
        figure = style.canvas(0.5 + 1.15 * len(rows))
        grid = figure.subplots(len(rows), len(columns), sharex=True, squeeze=False)
        for row, column, counts in panels:
            axes = grid[rows.index(row)][columns.index(column)]
            edges = self._edges(counts.shape[1] + 1)
            look = {"color": style.BLUE, "alpha": 0.5}
            axes.stairs(counts.mean(axis=0), edges, fill=True, **look)
            for each in counts:
                axes.stairs(each, edges, lw=0.5, **look)
            beyond = 100 - counts.sum(axis=1).mean()
            if beyond > 0.5:
                text = f"{number(beyond, 0)} % beyond"
                axes.set_title(text, size=9, weight="normal", loc="right", pad=2)
            axes.set(yticks=(), ylim=(0, self.top), xlim=(self.lower, self.upper))
            axes.locator_params("x", nbins=2)
            if row == rows[0]:
                axes.annotate(
                    f"{self.columns} {column}",
                    (0.5, 1),
                    (0, 16),
                    xycoords="axes fraction",
                    textcoords="offset points",
                    ha="center",
                    weight="bold",
                )
        for row, line in zip(rows, grid, strict=True):
            line[0].set_ylabel(row)
        figure.supxlabel("output", size=10)
        return figure

    def _panels(self, shown):
        """List (row, column, shares in % as (seeds, bins)) of each panel."""
        chosen = select(shown.table, self.where)
        panels = []
        for row in shown.levels(chosen, self.rows):
            for column in shown.levels(chosen, self.columns):
                found = select(chosen, {self.rows: row, self.columns: column})
                panels.append((row, int(column), found[_bins(shown)].to_numpy(float)))
        return panels

    def _edges(self, n):
        return np.linspace(self.lower, self.upper, n)


def _bins(shown):
    return [each for each in shown.table.columns if str(each).startswith(PREFIX)]
