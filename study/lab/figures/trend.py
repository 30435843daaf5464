"""Draw how a measure changes with a number, every seed a line."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from study.lab.errors import StudyError
from study.lab.figures import diverged, lines
from study.lab.figures.base import Figure, select
from study.lab.figures.focus import Focus
from study.lab.figures.wording import ends, measured, sentence, told
from study.lab.rules.summaries import brief, finite

MARKS = 5  # along a mean, the second cue beside its color, and along the axis
MARGIN = 0.06  # of the vertical axis beyond the values


@dataclass(frozen=True)
class Group:
    """The lines of one color in one panel.

    Args:
        runs: A row a seed and a column an x; empty where a seed has no run.
        lost: The x of each run that diverged and so has no number.
    """

    runs: pd.DataFrame
    lost: np.ndarray

    @property
    def mean(self) -> pd.Series:
        """The mean of the seeds at each x, where there is any."""
        return self.runs.mean().dropna()

    @property
    def ends(self) -> str:
        """The means at both ends, in words."""
        return f"{self._at(0)} and {self._at(-1)}"

    def _at(self, place):
        mean, x = self.runs.mean().iloc[place], self.runs.columns[place]
        lost, known = int((self.lost == x).sum()), int(self.runs[x].notna().sum())
        return diverged.beside(brief(mean), lost, lost + known)


@dataclass(frozen=True)
class Trend(Figure):
    """Show a measure against a number: a thin line a seed, a thick one their mean.

    Args:
        measure: What is shown.
        x: The column of numbers along the horizontal axis.
        hue: The column told apart by color and marker.
        panels: The column that makes the panels; None for a single one.
        where: Column to the value of the rows shown.
        log: Whether the horizontal axis is logarithmic.
        limits: Where the vertical axis ends; None for where most values are.
        title: What the figure shows.
    """

    measure: str
    x: str
    hue: str
    panels: str | None = None
    where: Mapping[str, Any] = field(default_factory=dict)
    log: bool = False
    limits: tuple[float, float] | None = None
    title: str = ""

    def measures(self):
        return {self.measure}

    def needs(self):
        columns = [self.measure, self.x, self.hue, *self.where, "replicate"]
        if self.panels:
            columns.append(self.panels)
        return tuple(("table", each) for each in columns)

    def finding(self, shown):
        named, unit = self._named(shown, self._panels(shown)), shown.units
        unit = unit.get(self.measure, "")
        means = pd.DataFrame({name: group.mean for name, group in named}).T
        x = means.columns[-1]
        if np.ptp(means[x].dropna()) == 0:  # there all are alike
            x = (means.max() - means.min()).idxmax()
        label = sentence(shown.label(self.measure, unit=False))
        where = f"at {shown.called(self.x)} {brief(x)}"
        found = (
            (name, value, measured(value, unit)) for name, value in means[x].items()
        )
        return f"{label} {where}: {ends(found)}"

    def caption(self, shown):
        label = sentence(shown.label(self.measure, unit=False))
        title = self.title or f"{label} by {shown.called(self.x)}"
        text = f"{sentence(title)}; a thin line a seed, thick: their mean."
        panels = self._panels(shown)
        shared, near = self._focus(panels)
        if not shared:
            text += " Each panel has a vertical axis of its own."
        if any(
            each.outside(_values(groups)).any()
            for each, groups in zip(near, panels.values(), strict=True)
        ):
            text += " An arrow and its number mark what lies beyond the axis."
        lost = sum(len(x.lost) for each in panels.values() for x in each.values())
        return text + diverged.crosses(lost)

    def alt(self, shown):
        first, *_, last = map(brief, self._x(shown))
        parts = (
            f"{name} {group.ends}"
            for name, group in self._named(shown, self._panels(shown))
        )
        where = f"Means at {shown.called(self.x)} {first} and {last}"
        return told(f"{self.headline(shown)}. {where}", parts, "; ")

    def _draw(self, shown):
        from matplotlib.lines import Line2D

        from study.lab.figures import style

        panels = self._panels(shown)
        hues = list(dict.fromkeys(hue for groups in panels.values() for hue in groups))
        colors, markers = style.colors(hues), style.markers(hues)
        shared, focuses = self._focus(panels)
        figure, grid = lines.grid(len(panels), share=shared)
        apart = self.hue == self.panels  # the title of a panel names its line
        for axes, near, (panel, groups) in zip(
            grid, focuses, panels.items(), strict=True
        ):
            if self.panels:
                lines.title(axes, shown.value(self.panels, panel), len(panels))
            axes.set_yscale("log" if near.log else "linear")
            axes.set_ylim(self.limits or near.limits(MARGIN))
            self._horizontal(style, axes, shown)
            style.ticks(axes.yaxis)
            for hue, group in groups.items():
                self._lines(style, axes, group, colors[hue], markers[hue])
            if lines.direct(len(panels)) and not apart:
                named = [
                    (
                        shown.value(self.hue, hue),
                        (group.mean.index[-1], group.mean.iloc[-1]),
                        colors[hue],
                    )
                    for hue, group in groups.items()
                    if len(group.mean)
                ]
                lines.beside(axes, named)
        if not lines.direct(len(panels)) and not apart:
            handles = [
                Line2D([], [], color=colors[hue], lw=2.2, marker=markers[hue], ms=5)
                for hue in hues
            ]
            lines.legend(figure, handles, hues, shown.called(self.hue))
        log = ", logarithmic" if self.log else ""
        figure.supxlabel(shown.called(self.x) + log, size=style.TEXT)
        log = ", logarithmic" if any(each.log for each in focuses) else ""
        label = shown.label(self.measure) + log
        figure.supylabel(textwrap.fill(label, 34), size=style.TEXT)
        return figure

    def _horizontal(self, style, axes, shown):
        """Put marks at the numbers themselves where there are few."""
        x = self._x(shown)
        if self.log:
            axes.set_xscale("log")
        ends = np.array([x[0], x[-1]], float)
        axes.set_xlim(Focus(*ends, self.log).limits(0.03))
        if len(x) <= MARKS:
            axes.set_xticks(x, map(brief, x))
            axes.set_xticks([], minor=True)
        else:
            style.ticks(axes.xaxis)

    def _lines(self, style, axes, group, color, marker):
        """Draw each seed thinly, and the mean on top."""
        runs, mean = group.runs, group.mean
        for run in runs.to_numpy():
            axes.plot(runs.columns, run, color=color, lw=0.6, alpha=0.35)
        style.crosses(axes, group.lost, color)
        axes.plot(
            mean.index,
            mean,
            color=color,
            lw=2.2,
            marker=marker,
            markersize=5,
            markevery=max(len(mean) // MARKS, 1),
        )
        lines.arrows(axes, mean.index, mean, color)

    def _focus(self, panels):
        """Return whether the panels share a vertical axis, and what each shows."""
        every = [_values(groups) for groups in panels.values()]
        if self.limits:
            return True, [Focus(*self.limits, False)] * len(panels)
        return lines.focuses(every)

    def _x(self, shown):
        return sorted(shown.levels(select(shown.table, self.where), self.x))

    def _named(self, shown, panels):
        """List each group with its name."""
        found = []
        for panel, groups in panels.items():
            for hue, group in groups.items():
                parts = [shown.value(self.hue, hue)]
                if self.panels and self.panels != self.hue:
                    parts.append(shown.value(self.panels, panel))
                found.append((", ".join(parts), group))
        return found

    def _panels(self, shown):
        """Map each panel to its groups, by hue."""
        chosen = select(shown.table, self.where)
        panels = {}
        for panel in shown.levels(chosen, self.panels) if self.panels else [""]:
            rows = select(chosen, {self.panels: panel}) if self.panels else chosen
            panels[panel] = {
                hue: self._group(shown, select(rows, {self.hue: hue}))
                for hue in shown.levels(rows, self.hue)
            }
        return panels

    def _group(self, shown, rows):
        if rows.duplicated([self.x, "replicate"]).any():
            raise StudyError(
                f"{self._where(shown)}: expected one run of each seed for a "
                f"value of {self.x!r}, to join them. Received: several; name in "
                "`where` what else tells them apart"
            )
        known = finite(rows[self.measure])
        known_rows = rows.assign(**{self.measure: rows[self.measure].where(known)})
        runs = known_rows.pivot(index="replicate", columns=self.x, values=self.measure)
        return Group(runs, rows[self.x][~known].to_numpy())


def _values(groups):
    """Return the numbers of all seeds in some groups."""
    return np.concatenate([each.runs.to_numpy().ravel() for each in groups.values()])
