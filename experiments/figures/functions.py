"""Draw functions of one variable in small panels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from study.lab.figures import layout
from study.lab.figures.base import Figure, select
from study.lab.figures.wording import sentence, told
from study.lab.rules.summaries import number

PANELS_A_ROW = 3
STYLES = ("-", (0, (4, 1.5)))  # a second cue beside the color


@dataclass(frozen=True)
class Functions(Figure):
    """Show one function a panel, or two, such as a function and its slope.

    Args:
        panels: The column that names the panels.
        x: The column of the argument.
        lines: Measure to the name of its line, one or two.
        title: What the figure shows.
        bottom, top: The range of the vertical axis, the same in every panel.
        xlabel, ylabel: The names of the axes.
        where: Column to the value of the rows shown.
        jump: Neighbors further apart than this are not joined.
    """

    panels: str
    x: str
    lines: Mapping[str, str]
    title: str
    bottom: float
    top: float
    xlabel: str
    ylabel: str
    where: Mapping[str, Any] = field(default_factory=dict)
    jump: float = np.inf

    def measures(self):
        return {*self.lines}

    def needs(self):
        columns = (self.panels, self.x, *self.lines, *self.where)
        return tuple(("table", each) for each in columns)

    def in_numbers(self, shown):
        return sentence(self.title)

    def caption(self, shown):
        rows = select(shown.table, self.where)
        values = rows[[*self.lines]].to_numpy(float)
        cut = ((values < self.bottom) | (values > self.top)).any()
        ends = f"; panels are cut off at {self.bottom:g} and {self.top:g}"
        return f"{self.title}{ends if cut else ''}."

    def alt(self, shown):
        parts = (
            f"{title}: {', '.join(self._ranges(rows).values())}"
            for title, rows in self._panels(shown)
        )
        return told(self.headline(shown), parts, "; ")

    def _draw(self, shown):
        from study.lab.figures import style

        panels = self._panels(shown)
        columns = PANELS_A_ROW if len(panels) > 2 * PANELS_A_ROW else 2
        columns = min(columns, len(panels))
        rows = -(-len(panels) // columns)
        figure = style.canvas(0.9 + 1.5 * rows)
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        looks = dict(
            zip(
                self.lines,
                zip((style.BLUE, style.VERMILLION), STYLES, strict=True),
                strict=False,
            )
        )
        for axes, (title, found) in zip(grid.flat, panels, strict=False):
            axes.set_title(title)
            for measure, (color, dashes) in looks.items():
                values = broken(found[measure].to_numpy(float), self.jump)
                axes.plot(found[self.x], values, color=color, ls=dashes, lw=1.8)
            # what is named last in the panel is the range of the last line
            axes.text(
                0.97,
                0.04,
                [*self._ranges(found).values()][-1],
                transform=axes.transAxes,
                ha="right",
                color=style.dark(color),
                bbox=style.BACKED,
            )
        axes.set(ylim=(self.bottom, self.top))
        axes.margins(x=0)
        for axes in grid.flat[len(panels) - columns : len(panels)]:
            axes.tick_params(labelbottom=True)
        for axes in grid.flat[len(panels) :]:
            axes.set_visible(False)
        figure.supxlabel(self.xlabel, size=style.TEXT)
        figure.supylabel(self.ylabel, size=style.TEXT)
        if len(self.lines) > 1:
            drawn = {
                self.lines[measure]: {"color": color, "ls": dashes, "lw": 1.8}
                for measure, (color, dashes) in looks.items()
            }
            layout.legend(figure, drawn)
        return figure

    def _panels(self, shown):
        """List (title, rows) of each panel."""
        chosen = select(shown.table, self.where)
        return [
            (str(each), select(chosen, {self.panels: each}).sort_values(self.x))
            for each in shown.levels(chosen, self.panels)
        ]

    def _ranges(self, rows):
        """Say from where to where each line of a panel goes."""
        return {
            measure: f"{name} from {number(rows[measure].min(), 2)} to "
            f"{number(rows[measure].max(), 2)}"
            for measure, name in self.lines.items()
        }


def broken(values, jump):
    """Return the values with a gap in place of the first one after each jump.

    The value before a jump stays, so that of two flat pieces nothing is lost but the
    line that would join them.
    """
    values = values.copy()
    values[1:][np.abs(np.diff(values)) > jump] = np.nan
    return values
