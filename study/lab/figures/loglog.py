"""Draw one measure over another on logarithmic axes, a line a seed."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from study.lab.figures import lines
from study.lab.figures.base import Figure, select
from study.lab.figures.focus import Focus
from study.lab.figures.wording import ends, measured, sentence, told
from study.lab.rules.summaries import brief, finite

FEW = 15  # with at most so many values of x, each is marked


@dataclass(frozen=True)
class LogLog(Figure):
    """Show `y` over `x` for each value of `hue`: a thin line a seed, thick their mean.

    Both axes are logarithmic. What is not above 0, or without end, has no place there
    and is left out, and means are geometric, as the eye takes them.

    Args:
        x, y: The measures of the axes.
        hue: The column told apart by color, named beside the end of its line.
        title: What the figure shows.
        panels: The column that makes the panels, from top to bottom; None for one.
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

    def finding(self, shown):
        found, unit = [], shown.units.get(self.y, "")
        for name, value, mean in self._means(shown):
            if value not in self.dashed:
                found.append((name, mean.iloc[-1], measured(mean.iloc[-1], unit)))
        y = sentence(shown.label(self.y, unit=False))
        return f"{y} at the largest {shown.label(self.x, unit=False)}: {ends(found)}"

    def caption(self, shown):
        seeds = "; a thin line a seed, thick: their mean" if self._seeds(shown) else ""
        dashed = "; dashed: what theory says" if self.dashed else ""
        return f"{self.title}{seeds}{dashed}. Both axes are logarithmic."

    def alt(self, shown):
        parts = []
        for name, _, mean in self._means(shown):
            four = (mean.iloc[0], mean.index[0], mean.iloc[-1], mean.index[-1])
            parts.append("{}: {} at {}, {} at {}".format(name, *map(brief, four)))
        return told(self.headline(shown), parts, "; ")

    def _means(self, shown):
        """List (name, value of hue, geometric mean of its seeds) of every line."""
        found = []
        for panel, drawn in self._panels(shown):
            for value, line in drawn:
                parts = [shown.value(self.hue, value)]
                if self.panels:
                    parts.append(shown.value(self.panels, panel))
                found.append((", ".join(parts), value, _mean(line)))
        return found

    def _draw(self, shown):
        from study.lab.figures import style

        panels = self._panels(shown)
        figure, grid = lines.grid(len(panels))
        rows = self._rows(shown)
        hues = [
            each for each in shown.levels(rows, self.hue) if each not in self.dashed
        ]
        colors = style.colors([str(each) for each in hues])
        colors |= dict.fromkeys(self.dashed, style.INK)
        marker = "o" if rows[self.x].nunique() <= FEW else None
        low = self.lower or rows[self.y].min()
        high = self.upper or rows[self.y].max()
        for axes, (panel, drawn) in zip(grid, panels, strict=True):
            axes.set(xscale="log", yscale="log")
            axes.set_xlim(
                Focus(rows[self.x].min(), rows[self.x].max(), True).limits(0.02)
            )
            axes.set_ylim(Focus(low, high, True).limits(0.04))
            title = "" if panel is None else shown.value(self.panels, panel)
            lines.title(axes, title, len(panels))
            for value, line in drawn:
                _plot(axes, line, colors[str(value)], value in self.dashed, marker)
            style.ticks(axes.xaxis)
            style.ticks(axes.yaxis)
            named = [
                (
                    shown.value(self.hue, value),
                    _end(line, low, high),
                    colors[str(value)],
                )
                for value, line in drawn
            ]
            lines.beside(axes, named)
        x, y = (f"{shown.label(each)}, logarithmic" for each in (self.x, self.y))
        figure.supxlabel(textwrap.fill(x, 52), size=style.TEXT)
        figure.supylabel(textwrap.fill(y, 34), size=style.TEXT)
        return figure

    def _rows(self, shown):
        rows = select(shown.table, self.where)
        places = rows[[self.x, self.y]]
        return rows[((places > 0) & finite(places)).all(axis=1)]

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
            drawn = [
                (value, _line(select(chosen, {self.hue: value}), self.x, self.y))
                for value in shown.levels(chosen, self.hue)
            ]
            panels.append((name, drawn))
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


def _end(line, low, high):
    """Return where a line ends that is inside the axes, last of all its points."""
    mean = _mean(line)
    inside = mean[(mean >= low) & (mean <= high)]
    mean = inside if len(inside) else mean
    return mean.index[-1], mean.iloc[-1]
