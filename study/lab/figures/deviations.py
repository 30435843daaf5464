"""Draw how far each quantity lies from the right one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from study.lab.errors import DefinitionError
from study.lab.figures.base import Figure, listing, select
from study.lab.rules.summaries import brief, number

NOTHING = 1_000  # deviations this many times below the limit are drawn as none


@dataclass(frozen=True)
class Deviations(Figure):
    """Show one deviation a row on a logarithmic axis, and the limit they may reach.

    Args:
        measure: The deviation, at least 0.
        by: The column that names the rows.
        limit: The largest deviation that is still right.
        title: What the figure shows.
        where: Column to the value that the rows shown have.
    """

    measure: str
    by: str
    limit: float
    title: str
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

    def caption(self, shown):
        return f"{self.title}; right of the line at {self.limit:g} it is wrong."

    def alt(self, shown):
        rows = select(shown.table, self.where)
        beyond = rows[~(rows[self.measure] <= self.limit)]
        names = (
            f"{name} ({brief(value)})"
            for name, value in zip(beyond[self.by], beyond[self.measure], strict=True)
        )
        return (
            f"{len(beyond)} of {len(rows)} lie beyond the limit of {self.limit:g}"
            + (f": {listing(names)}." if len(beyond) else ".")
        )

    def _draw(self, shown):
        from study.lab.figures import style

        rows = select(shown.table, self.where)
        values = rows[self.measure].to_numpy(float)
        # zero has no place on a logarithmic axis: hollow dots at its left edge
        left = self.limit / NOTHING
        right = 3 * max(self.limit, *values[np.isfinite(values)])
        figure = style.canvas(0.8 + 0.24 * len(rows))
        axes = figure.add_subplot(xscale="log")
        axes.axvline(self.limit, color=style.INK, lw=1)
        axes.annotate(
            f"limit {self.limit:g}",
            (self.limit, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
        )
        for i, value in enumerate(values):
            wrong = not value <= self.limit
            color = style.VERMILLION if wrong else style.BLUE
            place = max(value, left) if np.isfinite(value) else right
            axes.plot([left, place], [i, i], color=color, lw=1.2, alpha=0.5)
            axes.plot(
                place,
                i,
                "D" if wrong else "o",
                color=color,
                markerfacecolor=color if place > left else style.PAPER,
                markersize=6,
                clip_on=False,
            )
            axes.annotate(
                brief(value) if place > left else "0",
                (place, i),
                xytext=(8, 0),
                textcoords="offset points",
                va="center",
                color=color if wrong else style.MUTED,
                weight="bold" if wrong else "normal",
                bbox=style.BACKED,
            )
        axes.set(
            xlim=(left, right),
            ylim=(len(rows) - 0.4, -0.6),
            yticks=range(len(rows)),
            yticklabels=rows[self.by],
            xlabel=shown.label(self.measure),
        )
        axes.xaxis.set_major_formatter(lambda value, _: number(value))
        axes.grid(False, axis="y")
        axes.minorticks_off()
        return figure
