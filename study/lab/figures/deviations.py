"""Draw how far each quantity lies from the right one."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from study.lab.errors import DefinitionError
from study.lab.figures.base import Figure, select
from study.lab.figures.wording import told
from study.lab.rules.summaries import brief, number

LETTERS = 30  # of a name in a line
NOTHING = 1_000  # deviations this many times below the limit are drawn as none


@dataclass(frozen=True)
class Deviations(Figure):
    """Show one deviation a row on a logarithmic axis, and the limit they may reach.

    Args:
        measure: The deviation, at least 0. Defaults to "deviation".
        by: The column that names the rows. Defaults to "statement".
        limit: The largest deviation that is still right.
        title: What the figure shows.
        where: Column to the value that the rows shown have.
    """

    measure: str = "deviation"
    by: str = "statement"
    limit: float = field(kw_only=True)
    title: str = field(kw_only=True)
    where: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        if not self.limit > 0:
            raise DefinitionError(
                "figures[Deviations].limit: expected above 0, as the axis is "
                f"logarithmic. Received: limit={self.limit}"
            )

    def measures(self):
        return {self.measure}

    def needs(self):
        return tuple(("table", each) for each in (self.measure, self.by, *self.where))

    def in_numbers(self, shown):
        rows = select(shown.table, self.where)
        beyond = int((~(rows[self.measure] <= self.limit)).sum())
        if not beyond:
            return f"All {len(rows)} deviations are at most {self.limit:g}"
        verb = "deviation is" if beyond == 1 else "deviations are"
        return f"{beyond} of {len(rows)} {verb} above {self.limit:g}"

    def caption(self, shown):
        return f"{self.title}; right of the line at {self.limit:g} it is wrong."

    def alt(self, shown):
        rows = select(shown.table, self.where)
        beyond = rows[~(rows[self.measure] <= self.limit)]
        names = (
            f"{name} ({brief(value)})"
            for name, value in zip(beyond[self.by], beyond[self.measure], strict=True)
        )
        return told(f"{self.headline(shown)}. {self.title}", names, "; ")

    def _draw(self, shown):
        from study.lab.figures import style

        rows = select(shown.table, self.where)
        values = rows[self.measure].to_numpy(float)
        # zero has no place on a logarithmic axis: hollow dots at its left edge
        left = self.limit / NOTHING
        right = 3 * max(self.limit, *values[np.isfinite(values)])
        names = [_folded(each) for each in rows[self.by]]
        # a name that is folded takes a row as much higher
        heights = np.array([0.26 + 0.17 * each.count("\n") for each in names])
        at = heights.cumsum() - heights / 2
        figure = style.canvas(0.8 + heights.sum())
        axes = figure.add_subplot(xscale="log")
        axes.axvline(self.limit, color=style.INK, lw=1)
        axes.annotate(
            f"limit {style.plain(self.limit)}",
            (self.limit, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
        )
        for y, value in zip(at, values, strict=True):
            wrong = not value <= self.limit
            color = style.VERMILLION if wrong else style.BLUE
            place = max(value, left) if np.isfinite(value) else right
            axes.plot([left, place], [y, y], color=color, lw=1.2, alpha=0.5)
            axes.plot(
                place,
                y,
                "D" if wrong else "o",
                color=color,
                markerfacecolor=color if place > left else style.PAPER,
                markersize=6,
                clip_on=False,
            )
            axes.annotate(
                style.plain(value) if np.isfinite(value) else number(value),
                (1, y),
                (6, 0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                va="center",
                color=style.dark(color) if wrong else style.MUTED,
                weight="bold" if wrong else "normal",
            )
        axes.set(
            xlim=(left, right),
            ylim=(heights.sum(), 0),
            yticks=at,
            yticklabels=names,
            xlabel=textwrap.fill(f"{shown.label(self.measure)}, logarithmic", 44),
        )
        style.ticks(axes.xaxis)
        axes.grid(False, axis="y")
        return figure


def _folded(name):
    return textwrap.fill(str(name), LETTERS, break_long_words=False)
