"""Draw how a measure changes with a number, every seed a line."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from study.lab.errors import StudyError
from study.lab.figures import diverged
from study.lab.figures.base import Figure, listing, select, sentence
from study.lab.rules.summaries import brief, finite

PANELS_A_ROW = 4
MARKS = 5  # along a mean, the second cue beside its colour, and along the axis


@dataclass(frozen=True)
class Group:
    """The lines of one colour in one panel.

    Args:
        runs: A row a seed and a column an x; empty where a seed has no run.
        lost: The x of each run that diverged and so has no number.
    """

    runs: pd.DataFrame
    lost: np.ndarray

    @property
    def ends(self) -> str:
        """The means at both ends, in words."""
        return f"{self._mean(0)} and {self._mean(-1)}"

    def _mean(self, place):
        mean, x = self.runs.mean().iloc[place], self.runs.columns[place]
        lost, known = int((self.lost == x).sum()), int(self.runs[x].notna().sum())
        return diverged.beside(brief(mean), lost, lost + known)


@dataclass(frozen=True)
class Trend(Figure):
    """Show a measure against a number: a thin line a seed, a thick one their mean.

    Args:
        measure: What is shown.
        x: The column of numbers along the horizontal axis.
        hue: The column told apart by colour and marker.
        panels: The column that makes the panels; None for a single one.
        where: Column to the value of the rows shown.
        log: Whether the horizontal axis is logarithmic.
        limits: Where the vertical axis ends; None for all there is.
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

    def caption(self, shown):
        title = self.title or f"{shown.label(self.measure, unit=False)} by {self.x}"
        cut = f" Cut off at {listing(map(brief, self.limits))}." if self.limits else ""
        groups = (x for each in self._panels(shown).values() for x in each.values())
        crosses = diverged.crosses(sum(len(each.lost) for each in groups))
        text = f"{sentence(title)}; a thin line a seed, thick: their mean."
        return text + cut + crosses

    def alt(self, shown):
        parts = (
            (f"{panel}: " if self.panels else "")
            + listing(f"{hue} {each.ends}" for hue, each in groups.items())
            for panel, groups in self._panels(shown).items()
        )
        x = shown.levels(select(shown.table, self.where), self.x)
        return (
            f"{sentence(shown.label(self.measure))}, means at {self.x} {brief(min(x))} "
            f"and {brief(max(x))}: {'; '.join(parts)}."
        )

    def _draw(self, shown):
        from study.lab.figures import style

        panels = self._panels(shown)
        hues = list(dict.fromkeys(hue for groups in panels.values() for hue in groups))
        colors, markers = style.colors(hues), style.markers(hues)
        rows = -(-len(panels) // PANELS_A_ROW)
        figure = style.canvas(0.8 + 3 * rows)
        grid = figure.subplots(
            rows, -(-len(panels) // rows), sharex=True, sharey=True, squeeze=False
        ).ravel()
        for axes, (panel, groups) in zip(grid, panels.items(), strict=False):
            if self.panels:
                axes.set_title(panel)
            if self.log:
                axes.set_xscale("log")
                self._mark(axes, shown)
            for hue, group in groups.items():
                runs = group.runs
                for run in runs.to_numpy():
                    axes.plot(runs.columns, run, color=colors[hue], lw=0.6, alpha=0.35)
                style.crosses(axes, group.lost, colors[hue])
                axes.plot(
                    runs.mean(),
                    color=colors[hue],
                    lw=2.2,
                    marker=markers[hue],
                    markersize=5,
                    markevery=max(runs.shape[1] // MARKS, 1),
                    label=hue,
                )
        grid[0].set_ylim(self.limits)
        for axes in grid[len(panels) :]:
            axes.set_visible(False)
        handles = {
            name: line
            for axes in grid
            for line, name in zip(*axes.get_legend_handles_labels(), strict=True)
        }
        figure.legend(
            [handles[str(hue)] for hue in hues],
            hues,
            loc="outside upper center",
            ncols=6,
            title=self.hue,
        )
        figure.supxlabel(self.x + (", logarithmic" if self.log else ""), size=10)
        figure.supylabel(textwrap.fill(shown.label(self.measure), 40), size=10)
        return figure

    def _mark(self, axes, shown):
        """Put marks at the numbers themselves where there are few."""
        x = shown.levels(select(shown.table, self.where), self.x)
        if len(x) <= MARKS:
            axes.set_xticks(x, map(brief, x))
            axes.minorticks_off()

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
                f"{self._named(shown)}: expected one run of each seed for a "
                f"value of {self.x!r}, to join them. Received: several; name in "
                "`where` what else tells them apart"
            )
        known = finite(rows[self.measure])
        known_rows = rows.assign(**{self.measure: rows[self.measure].where(known)})
        runs = known_rows.pivot(index="replicate", columns=self.x, values=self.measure)
        return Group(runs, rows[self.x][~known].to_numpy())
