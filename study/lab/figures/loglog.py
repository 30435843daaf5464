"""Draw one measure over another on logarithmic axes, a line a seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from study.lab.figures.base import Figure, select, sentence
from study.lab.rules.summaries import brief

FEW = 15  # with at most so many values of x, each is marked


@dataclass(frozen=True)
class LogLog(Figure):
    """Show `y` over `x` for each value of `hue`: a thin line a seed, thick their mean.

    Both axes are logarithmic. What is not above 0 has no place there and is left out,
    and means are geometric, as the eye takes them.

    Args:
        x, y: The measures of the axes.
        hue: The column told apart by colour, named beside the end of its line.
        title: What the figure shows.
        panels: The column that makes the panels, side by side; None for a single one.
        where: Column to the value of the rows shown.
        dashed: Values of `hue` that theory says, dashed in ink.
        lower, upper: The range of the vertical axis; None for that of the values.
    """

    x: str
    y: str
    hue: str
    title: str
    panels: str | None = None
    where: Mapping[str, Any] = field(default_factory=dict)
    dashed: tuple[str, ...] = ()
    lower: float | None = None
    upper: float | None = None

    def measures(self):
        return {self.x, self.y}

    def needs(self):
        columns = (self.y, self.x, self.hue, self.panels, *self.where)
        return tuple(("table", each) for each in columns if each)

    def caption(self, shown):
        seeds = "; a thin line a seed, thick: their mean" if self._seeds(shown) else ""
        dashed = "; dashed: what theory says" if self.dashed else ""
        return f"{self.title}{seeds}{dashed}. Both axes are logarithmic."

    def alt(self, shown):
        parts = []
        for panel, lines in self._panels(shown):
            for value, line in lines:
                mean = _mean(line)
                ends = (mean.index[0], mean.iloc[0], mean.index[-1], mean.iloc[-1])
                start, first, stop, last = map(brief, ends)
                name = f"{panel}, {value}" if self.panels else str(value)
                parts.append(f"{name}: {first} at {start}, {last} at {stop}")
        x, y = shown.label(self.x), sentence(shown.label(self.y))
        return f"{y} over {x}. {'; '.join(parts)}."

    def _draw(self, shown):
        from study.lab.figures import style

        panels = self._panels(shown)
        figure = style.canvas(3.9)
        grid = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        rows = self._rows(shown)
        hues = [
            each for each in shown.levels(rows, self.hue) if each not in self.dashed
        ]
        colors = style.colors([str(each) for each in hues])
        colors |= dict.fromkeys(self.dashed, style.INK)
        marker = "o" if rows[self.x].nunique() <= FEW else None
        for axes, (panel, lines) in zip(grid, panels, strict=True):
            axes.set(xscale="log", yscale="log", xlabel=shown.label(self.x))
            axes.set_title(panel or "")
            for value, line in lines:
                _plot(axes, line, colors[str(value)], value in self.dashed, marker)
            axes.minorticks_off()
        grid[0].set(ylabel=shown.label(self.y), ylim=(self.lower, self.upper))
        for axes, (_, lines) in zip(grid, panels, strict=True):
            _beside(style, axes, lines, colors)
        return figure

    def _rows(self, shown):
        rows = select(shown.table, self.where)
        return rows[(rows[self.x] > 0) & (rows[self.y] > 0)]

    def _seeds(self, shown):
        rows = self._rows(shown)
        return "replicate" in rows and rows["replicate"].nunique() > 1

    def _panels(self, shown):
        """List (panel, [(value of hue, its rows as x, y and replicate)])."""
        rows = self._rows(shown)
        panels = []
        every = select(shown.table, self.where)
        for name in shown.levels(every, self.panels) if self.panels else [None]:
            chosen = select(rows, {self.panels: name}) if self.panels else rows
            lines = [
                (value, _line(select(chosen, {self.hue: value}), self.x, self.y))
                for value in shown.levels(chosen, self.hue)
            ]
            panels.append((name, lines))
        return panels


def _line(rows, x, y):
    seeds = rows.get("replicate", pd.Series(0, rows.index)).fillna(0)
    return pd.DataFrame({"seed": seeds, "x": rows[x], "y": rows[y]})


def _mean(line):
    """Return the geometric mean of the seeds at each x."""
    return np.exp(np.log(line["y"]).groupby(line["x"]).mean())


def _plot(axes, line, color, dashed, marker):
    """Draw each seed thinly, and the mean on top."""
    runs = [run for _, run in line.groupby("seed")]
    if len(runs) > 1:
        for run in runs:
            axes.plot(run["x"], run["y"], color=color, lw=0.6, alpha=0.35)
    mean = _mean(line)
    look = {"ls": "--", "lw": 1.4} if dashed else {"marker": marker, "lw": 2.2, "ms": 4}
    axes.plot(mean.index, mean, color=color, zorder=2 + dashed, **look)


def _beside(style, axes, lines, colors):
    """Name the lines where they end."""
    lower, upper = np.log(axes.get_ylim())
    ends = [np.log(_mean(line).iloc[-1]) for _, line in lines]
    heights = np.clip((np.array(ends) - lower) / (upper - lower), 0, 1)
    placed = style.spread(heights, 0.07)
    for (value, _), height in zip(lines, placed, strict=True):
        axes.annotate(
            str(value),
            (1, height),
            xycoords="axes fraction",
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=style.dark(colors[str(value)]),
        )
