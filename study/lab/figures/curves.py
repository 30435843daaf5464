"""Draw the training loss of every seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from study.lab.figures import diverged
from study.lab.figures.base import Figure, select
from study.lab.rules.summaries import number

PANELS_A_ROW = 4


@dataclass(frozen=True)
class Group:
    """The curves of one colour in one panel, one row a run; one that ended has gaps."""

    value: Any
    name: str
    losses: np.ndarray
    broken: np.ndarray

    @property
    def mean(self):
        """The mean loss of the runs that did not diverge, infinite if all did."""
        calm = self.losses[~self.broken]
        if not len(calm):
            return np.full(calm.shape[1], np.inf)
        known = np.isfinite(calm).any(axis=0)
        return np.append(np.nanmean(calm[:, known], axis=0), calm[0, ~known])

    @property
    def diverged(self) -> int:
        return int(self.broken.sum())


@dataclass(frozen=True)
class Curves(Figure):
    """Show the training loss of every run as a thin line and their mean on top.

    Args:
        panels: The swept name that makes the panels; None for a single one.
        hue: The swept name told apart by colour.
        where: Swept name to the value of the runs shown.
        split: A measure that is 0 or 1 and tells runs apart by colour, in place of
            `hue`.
        title: What the figure shows.
    """

    panels: str | None = None
    hue: str | None = None
    where: Mapping[str, Any] = field(default_factory=dict)
    split: str | None = None
    title: str = "Training loss of each seed and their mean"

    def measures(self):
        return {self.split} if self.split else set()

    def needs(self):
        swept = [each for each in (self.panels, self.hue) if each]
        columns = [("curves", each) for each in (*swept, *self.where, "replicate")]
        read = ("replicate", "diverged", *self.measures())
        return (*columns, *(("table", each) for each in read))

    def caption(self, shown):
        groups = [each for _, groups in self._panels(shown) for each in groups]
        lost = sum(each.diverged for each in groups)
        return (
            f"{self.title}; thick: the mean of those of one colour"
            f"{diverged.left_out(lost)}.{diverged.crosses(lost)}"
        )

    def alt(self, shown):
        parts = []
        for title, groups in self._panels(shown):
            for each in groups:
                name = ", ".join(filter(None, (title, each.name)))
                text = f"{name}: mean of {_runs(each)} from "
                ends = each.mean[~np.isnan(each.mean)]
                text += f"{number(ends[0], 2)} to {number(ends[-1], 2)}"
                if each.diverged:
                    text += f", {diverged.count(each.diverged)}"
                parts.append(text)
        steps = _steps(shown.curves)
        return f"Training loss over {steps[-1]:,} steps. {'; '.join(parts)}."

    def _draw(self, shown):
        from matplotlib.lines import Line2D

        from study.lab.figures import style

        panels = self._panels(shown)
        rows = -(-len(panels) // PANELS_A_ROW)
        columns = -(-len(panels) // rows)
        figure = style.canvas(0.4 + 1.8 * rows if columns > 2 else 3.8)
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        grid = grid.ravel()
        ends = _steps(shown.curves)
        axes = grid[0]
        axes.set(xlim=(0, ends[-1]), ylim=(0, 1.05 * _top(panels)))
        axes.locator_params("x", nbins=2 if columns > 2 else 5)
        axes.xaxis.set_major_formatter("{x:,.0f}")
        figure.supxlabel("training step", size=10)
        figure.supylabel("training loss", size=10)
        colors = style.colors(self._values(shown))
        if self.split:
            colors = {1: style.BLUE, 0: style.VERMILLION}
        for axes, (title, groups) in zip(grid, panels, strict=False):
            axes.set_title(title, pad=18 if self.split else None)
            if self.split:
                _over(style, axes, groups, colors)
            elif not self.panels:
                _beside(style, axes, groups, colors)
        if self.hue and self.panels:
            handles = [Line2D([], [], color=each, lw=2.2) for each in colors.values()]
            figure.legend(
                handles, colors, loc="outside upper center", ncols=5, title=self.hue
            )
        for axes in grid[len(panels) - columns : len(panels)]:
            axes.tick_params(labelbottom=True)
        for axes in grid[len(panels) :]:
            axes.set_visible(False)
        # lines are thinned by what is seen, so everything must have its place first
        figure.draw_without_rendering()
        # a point is the mean of a stretch of steps: it stands in its middle
        x = (ends + np.r_[0, ends[:-1]]) / 2
        for axes, (_, groups) in zip(grid, panels, strict=False):
            for group in groups:
                _lines(style, axes, x, group, colors[group.value])
        return figure

    def _values(self, shown):
        """List what the colours stand for."""
        if self.split:
            return [1, 0]
        return shown.levels(shown.curves, self.hue) if self.hue else [None]

    def _panels(self, shown):
        """List (title, groups) of each panel."""
        chosen = select(shown.curves, self.where)
        swept = [*shown.sweep, "replicate"]
        read = [*swept, "diverged", *([self.split] if self.split else [])]
        chosen = chosen.merge(shown.table[read], on=swept)
        panels = []
        for panel in shown.levels(chosen, self.panels) if self.panels else [None]:
            rows = select(chosen, {self.panels: panel}) if self.panels else chosen
            groups = []
            for value in self._values(shown):
                by = self.split or self.hue
                found = select(rows, {by: value}) if by else rows
                if len(found):
                    losses = found[_steps(shown.curves)].to_numpy(float)
                    broken = found["diverged"].notna().to_numpy()
                    name = self._name(shown, value)
                    groups.append(Group(value, name, losses, broken))
            panels.append((_titled(self.panels, panel), groups))
        return panels

    def _name(self, shown, value):
        if self.split:
            return ("" if value else "not ") + shown.label(self.split)
        return _titled(self.hue, value)


def _titled(name, value):
    """Name a value; a number alone would not tell what it counts."""
    if value is None:
        return ""
    return str(value) if isinstance(value, str) else f"{name} {value}"


def _over(style, axes, groups, colors):
    """Count the runs of each colour over a panel."""
    for group in groups:
        right = group is groups[-1] and len(groups) > 1
        axes.text(
            right,
            1.03,
            f"{len(group.losses)} {group.name}",
            transform=axes.transAxes,
            ha="right" if right else "left",
            color=style.dark(colors[group.value]),
            size=9,
        )


def _beside(style, axes, groups, colors):
    """Name the colours where their lines end."""
    lasts = [each.mean[~np.isnan(each.mean)][-1] for each in groups]
    heights = [min(each / axes.get_ylim()[1], 1) for each in lasts]
    for group, height in zip(groups, style.spread(heights, 0.07), strict=True):
        axes.annotate(
            group.name,
            (1, height),
            xycoords="axes fraction",
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=style.dark(colors[group.value]),
        )


def _lines(style, axes, x, group, color):
    """Draw each run thinly up to where it diverged, and the mean on top."""
    for losses, broken in zip(group.losses, group.broken, strict=True):
        seen = np.isfinite(losses)
        if seen.any():
            line = style.simplified(axes, x[seen], losses[seen])
            axes.plot(*line.T, color=color, lw=0.6, alpha=0.35)
        if broken and not seen.all():
            end = x[~seen][0], np.append(np.inf, losses[seen])[-1]
            top = axes.get_ylim()[1]
            axes.plot(end[0], min(end[1], top), "x", color=color, ms=7, clip_on=False)
    if (known := np.isfinite(group.mean)).any():
        line = style.simplified(axes, x[known], group.mean[known])
        axes.plot(*line.T, color=color, lw=2.2)


def _runs(group):
    return f"{len(group.losses)} run{'s' if len(group.losses) > 1 else ''}"


def _top(panels):
    """The largest loss of the runs that did not diverge: one that does has no bound."""
    every = [group.losses[~group.broken] for _, each in panels for group in each]
    calm = np.concatenate(every)
    return np.nanmax(calm) if len(calm) else 1.0


def _steps(curves):
    return np.array([each for each in curves.columns if isinstance(each, int)])
