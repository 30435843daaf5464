"""Draw a random search of hyperparameters, and its best trials in every seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from study.lab.figures import layout
from study.lab.figures.base import Figure
from study.lab.figures.focus import Focus, wide
from study.lab.figures.wording import measured, sentence, told

FEWEST = 3  # trials of which a correlation is taken
GAP = 0.07  # of the width between two numbers
MARGIN, NUMBERS = 0.06, 0.14  # of the height beyond the values, and for numbers below
SPREAD = 0.4  # of the width between two trials, over which the seeds are spread


@dataclass(frozen=True)
class Search(Figure):
    """Show a measure over each hyperparameter, and the best trials in all seeds.

    The first seed is the search. Its best trials, those with the smallest measure, are
    numbered, and a panel of their own shows them in every seed. Each panel tells
    Spearman's rank correlation of the measure with the hyperparameter.

    Args:
        measure: What is shown.
        by: The swept name that tells the trials apart.
        trials: Its labels that are the search's, to tuples of hyperparameters.
        names: What the entries of these tuples are.
        best: How many of the trials are numbered.
        chosen: The measure by which they are the best; None for `measure`.
        title: What the figure shows.
    """

    measure: str
    by: str
    trials: Mapping[Any, tuple[float, ...]]
    names: tuple[str, ...]
    best: int
    chosen: str | None = None
    title: str = ""

    def measures(self):
        return {self.measure, self.chosen or self.measure}

    def needs(self):
        columns = (*sorted(self.measures()), self.by, "replicate")
        return tuple(("table", each) for each in columns)

    def in_numbers(self, shown):
        grid, (best, *_) = self._grid(shown, self.measure), self._best(shown)
        unit = shown.units.get(self.measure, "")
        first, mean = grid[best].iloc[0], grid[best].mean()
        label = sentence(shown.label(self.measure, unit=False))
        return (
            f"{label} of the first seed's best trial: {measured(first, unit)}, and "
            f"{measured(mean, unit)} over all seeds"
        )

    def caption(self, shown):
        return (
            f"{self.title or sentence(shown.label(self.measure))}. Blue: the first "
            f"seed, whose best {self.best} are numbered; gray: the others. Last: "
            "these best in every seed, a bar for their mean. ρ: Spearman's rank "
            "correlation within a seed, mean and range over the seeds."
        )

    def alt(self, shown):
        grid = self._grid(shown, self.measure)
        parts = (f"{name} {_told(found)}" for name, found in self._correlations(grid))
        return told(f"{self.headline(shown)}. Rank correlations", parts)

    def _draw(self, shown):
        from study.lab.figures import style

        grid, best = self._grid(shown, self.measure), self._best(shown)
        figure, (*panels, last) = layout.grid(len(self.names) + 1, together=False)
        near = _whole(grid.to_numpy())
        found = self._correlations(grid)
        for axes in panels:
            axes.set_yscale("log" if near.log else "linear")
        panels[0].set_ylim(_low(near), near.limits(MARGIN)[1])
        for i, (axes, (name, rho)) in enumerate(zip(panels, found, strict=True)):
            x = self._values(grid)[:, i]
            axes.set_xscale("log")
            axes.set_xlim(Focus(x.min(), x.max(), True).limits(MARGIN))
            _scatter(style, axes, x, grid)
            style.ticks(axes.xaxis)
            axes.set_title(f"{name}: ρ = {_told(rho)}")
            axes.set_xlabel(f"{name}, logarithmic")
            places = [x[grid.columns.get_loc(each)] for each in best]
            values = [grid[each].iloc[0] for each in best]
            _number(style, axes, places, values)
        self._again(style, last, grid[best])
        style.ticks(last.yaxis)
        label = shown.label(self.measure) + (", logarithmic" if near.log else "")
        figure.supylabel(label, size=style.TEXT)
        return figure

    def _again(self, style, axes, grid):
        """Draw the best trials in all seeds, side by side."""
        places = np.linspace(-0.5, 0.5, len(grid)) * SPREAD
        for rank, each in enumerate(grid, 1):
            axes.plot(rank + places, grid[each], "o", color=style.MUTED, markersize=3.5)
            first = (rank + places[0], grid[each].iloc[0])
            axes.plot(*first, "o", color=style.VERMILLION, markersize=5)
            middle = [grid[each].mean()] * 2
            axes.plot([rank - 0.35, rank + 0.35], middle, color=style.INK, lw=1.8)
        axes.set(xticks=range(1, len(grid.columns) + 1), xlabel="the first seed's best")
        axes.set_title("The same trials in every seed")
        axes.grid(False, axis="x")

    def _grid(self, shown, measure):
        """Return the search's runs: a row a seed, a column a trial."""
        there = {*shown.table[self.by]}
        tried = [each for each in self.trials if each in there]
        runs = shown.table[shown.table[self.by].isin(tried)]
        grid = runs.pivot(index="replicate", columns=self.by, values=measure)[tried]
        return grid.astype(float).replace([np.inf, -np.inf], np.nan)

    def _values(self, grid):
        """Return the trials' hyperparameters, (trials, names)."""
        return np.array([self.trials[each] for each in grid.columns])

    def _best(self, shown):
        first = self._grid(shown, self.chosen or self.measure).iloc[0]
        return list(first.sort_values(kind="stable").index[: self.best])

    def _correlations(self, grid):
        """List (name, Spearman's correlation in each seed)."""
        values = self._values(grid)
        return [
            (name, [_correlation(values[:, i], run) for run in grid.to_numpy()])
            for i, name in enumerate(self.names)
        ]


def _correlation(values, run):
    """Return Spearman's correlation over the trials that have a number, or NaN."""
    from scipy.stats import spearmanr

    known = np.isfinite(run)
    if known.sum() < FEWEST:
        return np.nan
    return float(spearmanr(values[known], run[known])[0])


def _whole(values):
    """Show all values: the few that are far, and low, are what is sought."""
    values = values[np.isfinite(values)]
    return Focus(values.min(), values.max(), wide(values))


def _low(near):
    """Return where the axis ends below, with room for the numbers of the best."""
    lower, upper = near.limits(MARGIN)
    if near.log:
        return lower * (lower / upper) ** NUMBERS
    return lower - NUMBERS * (upper - lower)


def _number(style, axes, x, y):
    """Number points along the bottom of the axes, with thin lines to them."""
    change = axes.transData + axes.transAxes.inverted()
    ends = change.transform(np.column_stack([x, y]))
    placed = style.spread(ends[:, 0], GAP)
    over = max(max(placed) - 1, 0)
    for rank, (point, end, place) in enumerate(
        zip(zip(x, y, strict=True), ends, placed, strict=True), 1
    ):
        axes.plot(*point, "o", color=style.VERMILLION, markersize=5)
        axes.annotate(
            rank,
            end,
            (place - over, 0.05),
            xycoords="axes fraction",
            ha="center",
            va="center",
            color=style.dark(style.VERMILLION),
            arrowprops={
                "arrowstyle": "-",
                "color": style.VERMILLION,
                "lw": 0.6,
                "shrinkA": 1,
                "shrinkB": 3,
            },
        )


def _scatter(style, axes, x, grid):
    first, *others = grid.to_numpy()
    for each in others:
        axes.plot(x, each, "o", color=style.MUTED, markersize=2, alpha=0.3)
    axes.plot(x, first, "o", color=style.BLUE, markersize=3.5)


def _told(correlations):
    correlations = [each for each in correlations if not np.isnan(each)]
    if not correlations:
        return "unknown"
    text = f"{np.mean(correlations):.2f}"
    if len(correlations) > 1:
        text += f" ({min(correlations):.2f} to {max(correlations):.2f})"
    return text.replace("-", "−")
