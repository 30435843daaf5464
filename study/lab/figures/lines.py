"""Draw how a measure changes with a number, every seed a line."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from study.lab.errors import DefinitionError, StudyError
from study.lab.figures import diverged, layout
from study.lab.figures.base import Figure, once, select
from study.lab.figures.focus import Focus
from study.lab.figures.wording import ends, measured, sentence, told
from study.lab.rules.summaries import brief, finite

AXES = ("", "x", "xy")  # that may be logarithmic
MARKS = 5  # along a mean, the second cue beside its color, and along the axis
FEW = 15  # with at most so many numbers on logarithmic axes, each is marked
MARGINS = (0.03, 0.06)  # of the horizontal and the vertical axis beyond what is shown
LOG_MARGINS = (0.02, 0.04)  # where both are logarithmic


@dataclass(frozen=True)
class Line:
    """The runs of one color in one panel.

    Args:
        value: What the color stands for.
        name: What the line is called, with its panel.
        runs: A row a seed and a column an x; empty where a seed has no number.
        lost: The x of each run that diverged and so has no number.
        mean: The mean of the seeds at each x, where there is any.
    """

    value: Any
    name: str
    runs: pd.DataFrame
    lost: np.ndarray
    mean: pd.Series

    def at(self, place: int) -> str:
        """Say the mean at a place along the axis, and how many runs have no number."""
        x = self.runs.columns[place]
        lost, known = int((self.lost == x).sum()), int(self.runs[x].notna().sum())
        return diverged.beside(brief(self.mean.get(x, np.nan)), lost, lost + known)


@dataclass(frozen=True)
class Lines(Figure):
    """Show a measure against a number: a thin line a seed, a thick one their mean.

    With both axes logarithmic, what is not above 0 or without end has no place and is
    left out, and means are geometric, as the eye takes them.

    Args:
        y: The measure that is shown.
        x: The column of numbers along the horizontal axis.
        hue: The column told apart by color, named beside the end of its line.
        panels: The column that makes the panels; None for a single one.
        where: Column to the value of the rows shown.
        log: The axes that are logarithmic whatever the numbers: `""`, `"x"`, `"xy"`.
        limits: Where the vertical axis ends; None for where most values are.
        dashed: Values of `hue` that theory says, dashed in ink.
        title: What the figure shows; empty to say it by the columns.
    """

    y: str
    x: str
    hue: str
    panels: str | None = None
    where: Mapping[str, Any] = field(default_factory=dict)
    log: str = ""
    limits: tuple[float, float] | None = None
    dashed: tuple[str, ...] = ()
    title: str = ""

    def __post_init__(self):
        if self.log not in AXES:
            raise DefinitionError(
                f"figures[Lines].log: expected one of {', '.join(map(repr, AXES))}. "
                f"Received: log={self.log!r}"
            )

    @property
    def _powers(self) -> bool:
        """Whether both axes are logarithmic."""
        return self.log == "xy"

    def measures(self):
        return {self.y}

    def needs(self):
        columns = (self.y, self.x, self.hue, self.panels, *self.where)
        return tuple(("table", each) for each in columns if each)

    def in_numbers(self, shown):
        drawn = [each for each in self._all(shown) if each.value not in self.dashed]
        if self._powers:  # where lines end at different numbers
            where = f"the largest {shown.label(self.x, unit=False)}"
            found = [(each.name, each.mean.iloc[-1]) for each in drawn]
        else:
            means = pd.DataFrame({each.name: each.mean for each in drawn}).T
            x = means.columns[-1]
            widest = (means.max() - means.min()).idxmax()
            if _mixed(drawn, x) and not _mixed(drawn, widest):
                x = widest
            where = f"{shown.called(self.x)} {brief(x)}"
            found = [*means[x].items()]
        label = sentence(shown.label(self.y, unit=False))
        unit = shown.units.get(self.y, "")
        found = ((name, value, measured(value, unit)) for name, value in found)
        return f"{label} at {where}: {ends(found)}"

    def caption(self, shown):
        label = sentence(shown.label(self.y, unit=False))
        text = sentence(self.title or f"{label} by {shown.called(self.x)}")
        drawn = self._all(shown)
        if any(len(each.runs) > 1 for each in drawn):
            text += "; a thin line a seed, thick: their mean"
        text += "; dashed: what theory says." if self.dashed else "."
        if self._powers:
            return f"{text} Both axes are logarithmic."
        panels = self._panels(shown)
        shared, near = self._focus(panels)
        if not shared:
            text += " Each panel has a vertical axis of its own."
        if any(
            each.outside(_values(found)).any()
            for each, (_, found) in zip(near, panels, strict=True)
        ):
            text += " An arrow and its number mark what lies beyond the axis."
        return text + diverged.crosses(sum(len(each.lost) for each in drawn))

    def alt(self, shown):
        drawn, headline = self._all(shown), self.headline(shown)
        if self._powers:
            parts = (
                "{}: {} at {}, {} at {}".format(
                    each.name, *map(brief, _both(each.mean))
                )
                for each in drawn
            )
            return told(headline, parts, "; ")
        x = [brief(each) for each in self._x(shown)]
        places = (0, -1)[: len(x)]  # a draft may have one
        parts = (f"{each.name} {' and '.join(map(each.at, places))}" for each in drawn)
        where = " and ".join(x[each] for each in places)
        where = f"Means at {shown.called(self.x)} {where}"
        return told(f"{headline}. {where}", parts, "; ")

    def _draw(self, shown):
        from study.lab.figures import style

        panels = self._panels(shown)
        looks = self._looks(style, shown, panels)
        shared, focuses = self._focus(panels)
        figure, grid = layout.grid(len(panels), share=shared)
        apart = self.hue == self.panels  # the title of a panel names its line
        for axes, near, (panel, drawn) in zip(grid, focuses, panels, strict=True):
            if self.panels:
                layout.title(axes, shown.value(self.panels, panel), len(panels))
            axes.set_yscale("log" if near.log else "linear")
            axes.set_ylim(self._ends(near))
            self._horizontal(style, axes, shown)
            style.ticks(axes.yaxis)
            for line in drawn:
                self._line(style, axes, line, looks[line.value])
            if layout.direct(len(panels)) and not apart:
                named = [
                    (
                        shown.value(self.hue, each.value),
                        self._end(each.mean),
                        looks[each.value]["color"],
                    )
                    for each in drawn
                    if len(each.mean)
                ]
                layout.beside(axes, named)
        if not layout.direct(len(panels)) and not apart:
            layout.legend(figure, looks, shown.called(self.hue))
        x = shown.label(self.x) if self._powers else shown.called(self.x)
        x += ", logarithmic" if self.log else ""
        y = shown.label(self.y)
        y += ", logarithmic" if any(each.log for each in focuses) else ""
        figure.supxlabel(textwrap.fill(x, 52), size=style.TEXT)
        figure.supylabel(textwrap.fill(y, 34), size=style.TEXT)
        return figure

    def _horizontal(self, style, axes, shown):
        """Put marks at the numbers themselves where there are few."""
        x = self._x(shown)
        if self.log:
            axes.set_xscale("log")
        near = Focus(float(x[0]), float(x[-1]), bool(self.log))
        axes.set_xlim(near.limits(self._margins[0]))
        if len(x) <= MARKS and not self._powers:
            axes.set_xticks(x, map(brief, x))
            axes.set_xticks([], minor=True)
        else:
            style.ticks(axes.xaxis)

    def _line(self, style, axes, line, look):
        """Draw each seed thinly, and the mean on top."""
        color, mean = look["color"], line.mean
        if len(line.runs) > 1:
            for run in line.runs.to_numpy():
                axes.plot(line.runs.columns, run, color=color, lw=0.6, alpha=0.35)
        style.crosses(axes, line.lost, color)
        every = 1 if self._powers else max(len(mean) // MARKS, 1)
        axes.plot(mean.index, mean, markevery=every, **look)
        if not self._powers:  # there a line may fall for ever
            layout.arrows(axes, mean.index, mean, color)

    def _looks(self, style, shown, panels):
        """Map each value of `hue` to how its mean is drawn."""
        values = dict.fromkeys(each.value for _, drawn in panels for each in drawn)
        free = [each for each in values if each not in self.dashed]
        colors, markers, size = style.colors(free), style.markers(free), 5
        if self._powers:
            few = len(self._x(shown)) <= FEW
            markers, size = dict.fromkeys(free, "o" if few else None), 4
        means = {
            each: {
                "color": colors[each],
                "lw": 2.2,
                "marker": markers[each],
                "ms": size,
            }
            for each in free
        }
        theory = {"color": style.INK, "ls": "--", "lw": 1.4, "zorder": 3}
        return means | {each: theory for each in self.dashed if each in values}

    @property
    def _margins(self):
        return LOG_MARGINS if self._powers else MARGINS

    def _ends(self, near):
        """Return where the vertical axis ends."""
        cut = self.limits and not self._powers
        return self.limits if cut else near.limits(self._margins[1])

    def _end(self, mean):
        """Return where a line ends that is inside the axes, last of all its points."""
        limits = self.limits if self._powers else None
        lower, upper = limits or (-np.inf, np.inf)
        inside = mean[(mean >= lower) & (mean <= upper)]
        mean = inside if len(inside) else mean
        return mean.index[-1], mean.iloc[-1]

    def _focus(self, panels):
        """Return whether the panels share a vertical axis, and what each shows."""
        every = [_values(drawn) for _, drawn in panels]
        if self.limits or self._powers:
            whole = np.concatenate(every)
            limits = self.limits or (np.nanmin(whole), np.nanmax(whole))
            return True, [Focus(*limits, self._powers)] * len(panels)
        return layout.focuses(every)

    def _x(self, shown):
        return sorted({*self._rows(shown)[self.x]})

    def _rows(self, shown):
        """Return the rows that have a place on the axes."""
        rows = select(shown.table, self.where)
        if not self._powers:
            return rows
        places = rows[[self.x, self.y]]
        return rows[((places > 0) & finite(places)).all(axis=1)]

    def _all(self, shown):
        return [each for _, drawn in self._panels(shown) for each in drawn]

    @once
    def _panels(self, shown):
        """List (value of `panels`, its lines)."""
        rows = self._rows(shown)
        if not self.panels:
            return [(None, self._lines(shown, rows, ""))]
        panels = []
        for panel in shown.levels(select(shown.table, self.where), self.panels):
            name = shown.value(self.panels, panel) if self.panels != self.hue else ""
            chosen = select(rows, {self.panels: panel})
            panels.append((panel, self._lines(shown, chosen, name)))
        return panels

    def _lines(self, shown, rows, panel):
        return [
            self._of(shown, value, panel, select(rows, {self.hue: value}))
            for value in shown.levels(rows, self.hue)
        ]

    def _of(self, shown, value, panel, rows):
        """Return the line of a value's rows."""
        seeds = rows.get("replicate", pd.Series(0, rows.index)).fillna(0)
        rows = rows.assign(replicate=seeds)
        if rows.duplicated([self.x, "replicate"]).any():
            raise StudyError(
                f"{self._where(shown)}: expected one run of each seed for a "
                f"value of {self.x!r}, to join them. Received: several; name in "
                "`where` what else tells them apart"
            )
        known = finite(rows[self.y])
        rows = rows.assign(**{self.y: rows[self.y].where(known)})
        runs = rows.pivot(index="replicate", columns=self.x, values=self.y)
        mean = np.exp(np.log(runs).mean()) if self._powers else runs.mean()
        name = ", ".join(filter(None, (shown.value(self.hue, value), panel)))
        lost = rows[self.x][~known].to_numpy()
        return Line(value, name, runs, lost, mean.dropna())


def _mixed(drawn, x):
    """Say whether seeds of the lowest and of the highest line lie among each other."""
    there = [each for each in drawn if x in each.mean]
    low, high = (
        choose(there, key=lambda each: each.mean[x]).runs[x] for choose in (min, max)
    )
    return low.max() >= high.min()


def _both(mean):
    """Return both ends of a mean, each as number and where it stands."""
    return mean.iloc[0], mean.index[0], mean.iloc[-1], mean.index[-1]


def _values(drawn):
    """Return the numbers of all seeds of some lines."""
    runs = [each.runs.to_numpy(float).ravel() for each in drawn]
    return np.concatenate(runs) if runs else np.empty(0)
