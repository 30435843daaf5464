"""Draw the ways of methods over the contours of a function of two variables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from study.lab.figures import layout
from study.lab.figures.base import Figure, select
from study.lab.figures.wording import ends, sentence, told
from study.lab.rules.summaries import brief

PANELS_A_ROW = 2
CONTOURS = 9
GRID = 61  # heights along each axis
AROUND = 1.0  # of the range, how far outside it a way is still drawn


@dataclass(frozen=True)
class Paths(Figure):
    """Show the points of each method's way, in the order of the steps.

    Without `frames` each method has a panel of its own. With them each panel shows all
    methods up to a step, one picture after the other.

    Args:
        x, y: The measures of the two coordinates.
        hue: The column that names the methods.
        step: The column that counts the steps.
        height: Function of arrays of x and y, for the contours.
        xlim, ylim: The range of the axes.
        title: What the figure shows.
        frames: Steps at which the ways are shown; empty for a panel a method.
        goal: The point that is sought, or None.
        where: Column to the value of the rows shown.
    """

    x: str
    y: str
    hue: str
    step: str
    height: Callable
    xlim: tuple[float, float]
    ylim: tuple[float, float]
    title: str
    frames: tuple[int, ...] = ()
    goal: tuple[float, float] | None = None
    where: Mapping[str, Any] = field(default_factory=dict)

    def measures(self):
        return {self.x, self.y}

    def needs(self):
        columns = (self.x, self.y, self.hue, self.step, *self.where)
        return tuple(("table", each) for each in columns)

    def in_numbers(self, shown):
        if not self.goal:
            return sentence(self.title)
        away = (
            (name, np.hypot(*(way[each].iloc[-1] - at for each, at in self._goal())))
            for name, way in self.ways(shown).items()
        )
        found = ((name, each, brief(each)) for name, each in away)
        return f"Distance from the goal at the end: {ends(found)}"

    def _goal(self):
        return zip((self.x, self.y), self.goal, strict=True)

    def caption(self, shown):
        goal = "; the star is the goal" if self.goal else ""
        how = "up to the step above it" if self.frames else "with a dot a step"
        return f"{self.title}; each way {how}, from the hollow circle on{goal}."

    def alt(self, shown):
        lasts = {name: way.iloc[-1] for name, way in self.ways(shown).items()}
        places = (
            f"{name} ({brief(last[self.x])}, {brief(last[self.y])})"
            for name, last in lasts.items()
        )
        return told(f"{self.headline(shown)}. Ends", places)

    def _draw(self, shown):
        from study.lab.figures import style

        ways = self.ways(shown)
        colors, markers = style.colors([*ways]), style.markers([*ways])
        panels = self._panels(ways)
        rows = -(-len(panels) // PANELS_A_ROW)
        columns = min(len(panels), PANELS_A_ROW)
        figure = style.canvas(0.7 + 2.2 * rows)
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for axes, (title, found) in zip(grid.flat, panels, strict=False):
            axes.set_title(title)
            self.background(axes)
            for name, way in found.items():
                color = colors[name] if self.frames else style.BLUE
                self._way(axes, way, color, markers[name] if self.frames else None)
        for axes in grid.flat[len(panels) :]:
            axes.set_visible(False)
        if self.frames:
            looks = {
                name: {"color": colors[name], "marker": markers[name], "lw": 1.6}
                for name in ways
            }
            layout.legend(figure, looks)
        figure.supxlabel(self.x, size=style.TEXT)
        figure.supylabel(self.y, size=style.TEXT)
        return figure

    def background(self, axes):
        """Draw the contours, with as much of the range between any two neighbors."""
        from study.lab.figures import style

        x, y = np.meshgrid(np.linspace(*self.xlim, GRID), np.linspace(*self.ylim, GRID))
        heights = self.height(x, y)
        shares = np.linspace(0, 1, CONTOURS + 2)[1:-1]
        axes.set(xlim=self.xlim, ylim=self.ylim)
        axes.grid(False)
        axes.contour(
            x,
            y,
            heights,
            levels=np.unique(np.quantile(heights, shares)),
            colors=style.GRID,
            linewidths=0.9,
            linestyles="-",
        )
        if self.goal:
            axes.plot(*self.goal, "*", color=style.INK, markersize=9, zorder=4)

    def _way(self, axes, way, color, marker):
        from study.lab.figures import style

        x, y = self.points(way)
        look = {"color": color, "lw": 1.3, "zorder": 3}
        if marker:
            axes.plot(x, y, **look)
            axes.plot(x[-1:], y[-1:], marker, color=color, markersize=7, zorder=5)
        else:
            axes.plot(x, y, "o-", markersize=2.6, **look)
        axes.plot(x[:1], y[:1], "o", color=color, markerfacecolor=style.PAPER, ms=7)

    def points(self, way):
        """Return both coordinates of a way, held just outside where it runs far off."""
        return tuple(
            _near(way[name].to_numpy(float), limits)
            for name, limits in ((self.x, self.xlim), (self.y, self.ylim))
        )

    def ways(self, shown):
        """Map each method to its rows, step by step."""
        chosen = select(shown.table, self.where)
        return {
            str(name): select(chosen, {self.hue: name}).sort_values(self.step)
            for name in shown.levels(chosen, self.hue)
        }

    def _panels(self, ways):
        """List (title, method to the rows drawn)."""
        if not self.frames:
            return [(name, {name: way}) for name, way in ways.items()]
        return [
            (
                f"step {last:,}",
                {name: way[way[self.step] <= last] for name, way in ways.items()},
            )
            for last in self.frames
        ]


def _near(values, limits):
    """Hold values that run far out of sight just outside of it."""
    lower, upper = limits
    far = AROUND * (upper - lower)
    return np.clip(values, lower - far, upper + far)
