"""Draw the training loss of every seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from study.lab.figures import diverged, layout
from study.lab.figures.base import Figure, once, select
from study.lab.figures.focus import wide
from study.lab.figures.wording import ends, told
from study.lab.rules.summaries import brief

MARGIN = 0.05  # of the vertical axis beyond the losses


@dataclass(frozen=True)
class Group:
    """The curves of one color in one panel, one row a run; one that ended has gaps."""

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
    def end(self) -> float:
        """The mean at the last step; infinite if all diverged."""
        return float(self.mean[~np.isnan(self.mean)][-1])

    @property
    def diverged(self) -> int:
        return int(self.broken.sum())


@dataclass(frozen=True)
class Curves(Figure):
    """Show the training loss of every run as a thin line and their mean on top.

    Args:
        panels: The swept name that makes the panels; None for a single one.
        hue: The swept name told apart by color.
        where: Swept name to the value of the runs shown.
        split: A measure that is 0 or 1 and tells runs apart by color, in place of
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

    def in_numbers(self, shown):
        panels = self._panels(shown)
        if self.split:
            every = [each for _, groups in panels for each in groups]
            runs = sum(len(each.losses) for each in every)
            yes = sum(len(each.losses) for each in every if each.value == 1)
            return f"{yes} of {runs} runs {shown.label(self.split)}"
        found = ((name, group.end, brief(group.end)) for name, group in _named(panels))
        return f"Training loss at the end: {ends(found)}"

    def caption(self, shown):
        panels = self._panels(shown)
        groups = [each for _, groups in panels for each in groups]
        lost = sum(each.diverged for each in groups)
        shared, focuses = self._focus(panels)
        own = "" if shared else " Each panel has a vertical axis of its own."
        log = " Logarithmic." if any(each.log for each in focuses) else ""
        return (
            f"{self.title}; thick: the mean of those of one color"
            f"{diverged.left_out(lost)}.{log}{own}{diverged.crosses(lost)}"
        )

    def alt(self, shown):
        parts = []
        for name, each in _named(self._panels(shown)):
            text = f"{name} {len(each.losses)} runs from {brief(each.mean[0])} to "
            text += brief(each.end)
            if each.diverged:
                text += f", {diverged.count(each.diverged)}"
            parts.append(text.strip())
        steps = _steps(shown.curves)
        return told(
            f"{self.headline(shown)}. Means over {steps[-1]:,} steps", parts, "; "
        )

    def _draw(self, shown):
        from study.lab.figures import style

        panels = self._panels(shown)
        steps = _steps(shown.curves)
        shared, focuses = self._focus(panels)
        figure, grid = layout.grid(len(panels), share=shared)
        colors = style.colors(self._values(shown))
        if self.split:
            colors = {1: style.BLUE, 0: style.VERMILLION}
        direct = layout.direct(len(panels)) and not self.split
        for axes, near, (title, groups) in zip(grid, focuses, panels, strict=True):
            axes.set_yscale("log" if near.log else "linear")
            axes.set(xlim=(0, steps[-1]), ylim=near.limits(MARGIN))
            layout.title(axes, title, len(panels), pad=18 if self.split else None)
            axes.locator_params("x", nbins=5 if len(panels) <= layout.STACKED else 3)
            axes.xaxis.set_major_formatter("{x:,.0f}")
            style.ticks(axes.yaxis)
            if self.split:
                _over(style, axes, groups, colors)
            elif direct and self.hue:
                named = [
                    (each.name, (steps[-1], each.end), colors[each.value])
                    for each in groups
                    if np.isfinite(each.end)
                ]
                layout.beside(axes, named)
        if self.hue and not direct:
            looks = {name: {"color": each, "lw": 2.2} for name, each in colors.items()}
            layout.legend(figure, looks, shown.called(self.hue))
        log = ", logarithmic" if any(each.log for each in focuses) else ""
        figure.supxlabel("training step", size=style.TEXT)
        figure.supylabel(f"training loss{log}", size=style.TEXT)
        # lines are thinned by what is seen, so everything must have its place first
        figure.draw_without_rendering()
        # a point is the mean of a stretch of steps: it stands in its middle
        x = (steps + np.r_[0, steps[:-1]]) / 2
        for axes, (_, groups) in zip(grid, panels, strict=True):
            for group in groups:
                _lines(style, axes, x, group, colors[group.value])
                layout.arrows(axes, x[-1:], [group.end], colors[group.value])
        return figure

    def _focus(self, panels):
        """Return whether the panels share a vertical axis, and what each shows."""
        every = [_calm(groups).ravel() for _, groups in panels]
        means = [each.mean for _, groups in panels for each in groups]
        return layout.focuses(every, log=wide(np.concatenate(means)))

    def _values(self, shown):
        """List what the colors stand for."""
        if self.split:
            return [1, 0]
        return shown.levels(shown.curves, self.hue) if self.hue else [None]

    @once
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
            title = "" if panel is None else shown.value(self.panels, panel)
            panels.append((title, groups))
        return panels

    def _name(self, shown, value):
        if self.split:
            return ("" if value else "not ") + shown.label(self.split)
        return "" if value is None else shown.value(self.hue, value)


def _over(style, axes, groups, colors):
    """Count the runs of each color over a panel."""
    for group in groups:
        right = group is groups[-1] and len(groups) > 1
        axes.text(
            right,
            1.03,
            f"{len(group.losses)} {group.name}",
            transform=axes.transAxes,
            ha="right" if right else "left",
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


def _named(panels):
    """List each group with its name."""
    return [
        (", ".join(filter(None, (title, each.name))), each)
        for title, groups in panels
        for each in groups
    ]


def _calm(groups):
    """Return the losses of the runs that did not diverge, which alone have a bound."""
    return np.concatenate([each.losses[~each.broken] for each in groups])


def _steps(curves):
    return np.array([each for each in curves.columns if isinstance(each, int)])
