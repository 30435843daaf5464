"""Draw cells as rows: every run a dot, below them what they come to, beside it as text.

What never came, a count that is censored, stands hollow on a line of its own. A value
far from the others is an arrow at the edge with its number, and flattens nothing.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from study.lab.figures import diverged
from study.lab.figures.base import select
from study.lab.figures.focus import focus
from study.lab.figures.shown import printed
from study.lab.figures.wording import ends, measured, sentence
from study.lab.rules.summaries import Summary, brief, finite, summarise

ROW = 0.36  # inches
ABOVE = 0.95  # inches for the axis, its label and what stands over the rows
SPREAD = (-0.34, 0.08)  # of a row, over which the seeds are spread, from its middle
BELOW = 0.28  # of a row, where the summary stands
LETTERS = 20  # of a name in a line
NEVER = 0.13  # of the axis, kept for what never came
MARGIN = 0.06  # of the axis beyond the values


@dataclass(frozen=True)
class Row:
    """A cell: its name, a number a run, which runs diverged, and the summary."""

    name: str
    seeds: np.ndarray
    values: np.ndarray
    broken: np.ndarray
    summary: Summary

    @property
    def never(self) -> np.ndarray:
        """Mark the runs in which what is counted never came."""
        return finite(self.values) & (self.values >= self.summary.budget)

    @property
    def known(self) -> np.ndarray:
        """Mark the runs that have a number."""
        return finite(self.values) & ~self.never

    @property
    def text(self) -> str:
        """The middle of the runs, and in how many it never came or there is none."""
        found = self.summary
        if not found.runs:
            return found.short
        late, lost = int(self.never.sum()), int((~finite(self.values)).sum())
        broken = int((self.broken & finite(self.values)).sum())
        text = "never" if found.center >= found.budget else brief(found.center)
        if late and late < found.runs:
            text += f"; never in {late} of {found.runs}"
        text += f"; {diverged.count(broken)}" if broken else ""
        return text + (f"; {found.why} in {lost} of {found.all}" if lost else "")


def height(rows: Sequence[Row]) -> float:
    """Return how high a figure of some rows is, in inches."""
    return ABOVE + sum(ROW * (1 + 0.4 * _named(each).count("\n")) for each in rows)


def draw(axes, rows: Sequence[Row], *, label: str, by: str, joined: bool) -> None:
    """Draw rows from top to bottom.

    Args:
        axes: Where to.
        rows: The cells.
        label: What the numbers are, with their unit.
        by: What tells the rows apart.
        joined: Whether the rows have an order, so that lines join the runs of a seed.
    """
    from study.lab.figures import style

    shown = _focus(rows)
    never = any(each.never.any() for each in rows)
    axes.set_xscale("log" if shown.log else "linear")
    axes.set_xlim(shown.limits(MARGIN, NEVER if never else 0.0))
    place = _Places(axes, shown, 1 - NEVER / 3)
    if never:
        axes.axvline(place.never, color=style.MUTED, lw=0.8, ls=(0, (2, 2)))
        text = axes.get_xaxis_transform()
        axes.text(place.never, 1.01, "never", transform=text, ha="center", va="bottom")
    if joined:
        for path in _paths(rows, place):
            axes.plot(*path, color=style.MUTED, lw=0.6, alpha=0.3)
    for i, row in enumerate(rows):
        _dots(style, axes, place, i, row)
        _summary(style, axes, place, i, row)
    axes.set(
        yticks=range(len(rows)),
        yticklabels=[_named(each) for each in rows],
        ylim=(len(rows) - 0.4, -0.6),
        xlabel=textwrap.fill(label + (", logarithmic" if shown.log else ""), 52),
    )
    axes.grid(False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.tick_params("y", length=0)
    style.ticks(axes.xaxis, shown.upper if never else None)
    edges = {"xycoords": "axes fraction", "textcoords": "offset points"}
    above = {"va": "bottom", "color": style.MUTED}
    axes.annotate(by, (0, 1), (-4, 3), ha="right", **edges, **above)
    kinds = {each.summary.kind for each in rows if each.summary.runs}
    axes.annotate("/".join(sorted(kinds)), (1, 1), (6, 3), ha="left", **edges, **above)


def _focus(rows):
    return focus([value for each in rows for value in each.values[each.known]])


class _Places:
    """Where values stand along the axis."""

    def __init__(self, axes, shown, share):
        self.shown = shown
        limits = axes.get_xlim()
        lower, upper = np.log10(limits) if shown.log else limits
        never = lower + share * (upper - lower)
        self.never = 10**never if shown.log else never

    def __call__(self, values, never):
        """Return places: at the edge what is far, on its line what never came."""
        held = np.clip(values, self.shown.lower, self.shown.upper)
        return np.where(never, self.never, held)


def _dots(style, axes, place, i, row):
    """Draw the runs of a row."""
    heights = i + _spread(len(row.values))
    outside = place.shown.outside(row.values) * row.known
    inside = row.known & (outside == 0)
    at = place(row.values, row.never)
    hollow = {"color": style.BLUE, "markerfacecolor": style.PAPER}
    far = {"color": style.VERMILLION}
    seen = {"color": style.BLUE, "alpha": 0.75}
    for chosen, marker, look in (
        (outside > 0, ">", far),
        (outside < 0, "<", far),
        (inside & ~row.broken, "o", seen),
        (inside & row.broken, "X", far),
        (row.never, "o", hollow),
    ):
        if chosen.any():  # what is drawn of nothing has a place all the same
            axes.plot(
                at[chosen],
                heights[chosen],
                marker,
                ms=4 if marker == "o" else 5,
                clip_on=False,
                **look,
            )
    lost = row.broken & ~finite(row.values)
    if lost.any():
        style.crosses_beside(axes, heights[lost], style.VERMILLION)
    if inside.any():  # else what is far is what is written beside the row
        for side, farthest, align in ((1, np.argmax, "right"), (-1, np.argmin, "left")):
            if (outside == side).any():
                there = np.flatnonzero(outside == side)
                far = there[farthest(row.values[there])]
                axes.annotate(
                    brief(row.values[far]),
                    (at[far], heights[far]),
                    (-5 * side, 0),
                    textcoords="offset points",
                    ha=align,
                    va="center",
                    color=style.dark(style.VERMILLION),
                    bbox=style.BACKED,
                )


def _summary(style, axes, place, i, row):
    """Draw the middle of a row's runs with its interval, and write it beside."""
    found = row.summary
    if found.runs:
        three = np.array([found.lower, found.center, found.upper])
        never = three >= found.budget
        three = np.where(np.isfinite(three), three, found.center)
        lower, center, upper = place(three, never)
        axes.plot([lower, upper], [i + BELOW] * 2, color=style.INK, lw=1.4)
        axes.plot(
            center,
            i + BELOW,
            "D",
            color=style.INK,
            markerfacecolor=style.PAPER if never[1] else style.INK,
            ms=4.5,
            clip_on=False,
        )
    axes.annotate(
        textwrap.fill(row.text, 14),
        (1, i),
        (6, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
    )


def _paths(rows, place):
    """Return the way of each seed from row to row, as (x, y)."""
    ways: dict = {}
    for i, row in enumerate(rows):
        at = place(row.values, row.never)
        for seed, *point in zip(row.seeds, at, i + _spread(len(at)), strict=True):
            ways.setdefault(seed, []).append(point)
    return [np.transpose(each) for each in ways.values()]


def _spread(count):
    """Return a place for each seed, so that none hides another."""
    return np.linspace(*SPREAD, count) if count > 1 else np.array([0.0])


def _named(row):
    return textwrap.fill(row.name, LETTERS, break_long_words=False)


def collect(shown, table, measure: str, by: str) -> list[Row]:
    """List the rows of a table for each value of a column.

    Args:
        shown: What the figure gets.
        table: Its rows that are shown.
        measure: The column of the numbers.
        by: The column that tells the rows apart.
    """
    found = []
    for level in shown.levels(table, by):
        runs = select(table, {by: level})
        if "replicate" in runs:
            runs = runs.sort_values("replicate", kind="stable")
        values = runs[measure].to_numpy(float)
        broken = np.zeros(len(runs), bool)
        if "diverged" in runs:
            broken = runs["diverged"].notna().to_numpy()
        found.append(
            Row(
                printed(level),
                runs["replicate"].to_numpy() if "replicate" in runs else runs.index,
                values,
                broken,
                summarise(shown, measure, runs),
            )
        )
    return found


def in_numbers(named: Sequence[tuple[str, Row]], shown, measure: str) -> str:
    """Say where a measure is lowest and highest, or that rows cannot be told apart."""
    rows = [row for _, row in named]
    unit = shown.units.get(measure, "")
    unit = "" if unit == "share" else unit
    summaries = [each.summary for each in rows if each.summary.runs]
    kinds = {each.kind for each in summaries}
    label = shown.label(measure, unit=False)
    if kinds == {"median"}:
        label = f"median {label}"
    if kinds == {"share"}:
        label = f"share of runs {label}"
    lower, upper = (
        choose([getattr(each, end) for each in summaries], default=np.nan)
        for choose, end in ((max, "lower"), (min, "upper"))
    )
    centers = [each.center for each in summaries]
    if len(centers) > 1 and lower <= upper and min(centers) < max(centers):
        low, high = brief(min(centers)), _text(max(summaries, key=_center), unit)
        return f"{sentence(label)}: {low} to {high}, and all intervals overlap"
    found = (
        (name, row.summary.center, _text(row.summary, unit)) for name, row in named
    )
    return f"{sentence(label)}: {ends(found)}"


def _center(summary):
    return summary.center


def _text(summary, unit):
    if summary.center >= summary.budget:
        return "never"
    return measured(summary.center, unit)


def numbers(levels) -> bool:
    """Tell whether values of a column have an order: all are numbers."""
    return all(_number(each) for each in levels)


def _number(value):
    try:
        float(str(value).replace(",", ""))
    except ValueError:
        return False
    return True


def caption(rows: Sequence[Row], joined: bool) -> str:
    """Say how rows are read."""
    shown = _focus(rows)
    kinds = {each.summary.kind for each in rows if each.summary.runs}
    text = "A dot a seed"
    text += "; lines join the runs that share a seed" if joined else ""
    if kinds:
        text += f". Diamond: their {' or '.join(sorted(kinds))}, with its 95 % interval"
    if any(each.never.any() for each in rows):
        text += ". Hollow, on a line of its own: never by the end of training"
    if any((shown.outside(each.values) * each.known).any() for each in rows):
        text += ". An arrow marks what lies beyond the axis"
    lost = sum((each.broken & ~each.never).sum() for each in rows)
    return f"{text}.{diverged.crosses(lost)}"
