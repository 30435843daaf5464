"""Draw histograms counted while a simulation ran."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from study.lab.figures.base import Figure, select
from study.lab.figures.shown import printed
from study.lab.figures.wording import ends, told
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

    def in_numbers(self, shown):
        panels = self._panels(shown)
        last = panels[-1][1]
        found = [
            (str(row), counts.mean(axis=0).max())
            for row, column, counts in panels
            if column == last
        ]
        where = f"{shown.called(self.columns)} {last}, {', '.join(self._where_named)}"
        found = ((name, each, f"{number(each, 0)} %") for name, each in found)
        return f"Outputs in the fullest bin of {where}: {ends(found)}"

    @property
    def _where_named(self):
        return [*map(str, self.where.values())]

    def caption(self, shown):
        return (
            f"{', '.join(self._where_named)}: share of the outputs in each of "
            f"{len(_bins(shown))} bins from {self.lower:g} to {self.upper:g}, by "
            f"{shown.called(self.columns)} and {shown.called(self.rows)}; a thin line "
            "a seed over the mean. "
            + (
                f"Bars are cut off at {self.top:g} %"
                if self.top
                else "Each panel has its own height"
            )
            + "; a number with a plus is the share beyond the range."
        )

    def alt(self, shown):
        panels = self._panels(shown)
        parts = (
            f"{row} {number(counts.mean(axis=0).max(), 0)} %"
            for row, column, counts in panels
            if column == panels[-1][1]
        )
        return told(self.headline(shown), parts)

    def _draw(self, shown):
        from study.lab.figures import style

        panels = self._panels(shown)
        rows = list(dict.fromkeys(row for row, _, _ in panels))
        columns = list(dict.fromkeys(column for _, column, _ in panels))
        figure = style.canvas(0.9 + 1.05 * len(rows))
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
                text = f"+{number(beyond, 0)} %"
                axes.set_title(text, weight="normal", loc="right", pad=2)
            axes.set(yticks=(), ylim=(0, self.top), xlim=(self.lower, self.upper))
            axes.set_xticks((self.lower, self.upper), ("", ""))
        # the ends of the range stand once, below the last panel of each column
        bins = f"{number(self.lower)} to {number(self.upper)}"
        over = {"xycoords": "axes fraction", "textcoords": "offset points"}
        for column, axes in zip(columns, grid[0], strict=True):
            look = {"ha": "center", "weight": "bold"}
            name = shown.value(self.columns, column)
            axes.annotate(name, (0.5, 1), (0, 32), **over, **look)
        for row, line in zip(rows, grid, strict=True):
            line[0].annotate(printed(row), (0, 1), (0, 16), weight="bold", **over)
        figure.supxlabel(f"output, each panel from {bins}", size=style.TEXT)
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
