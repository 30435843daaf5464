"""Draw a random search of hyperparameters, and its best trials in every seed."""

from dataclasses import dataclass

import numpy as np

from study.lab.figures.base import Figure, label, levels, listing, sentence
from study.lab.summaries import brief

FEWEST = 3  # trials of which a correlation is taken
SPREAD = 0.4  # of the width between two trials, over which the seeds are spread


@dataclass(frozen=True)
class Search(Figure):
    """Show a measure over each hyperparameter, and the best trials in all seeds.

    The first seed is the search. Its best trials, those with the smallest measure, are
    numbered, and a panel of their own shows them in every seed. Each panel tells
    Spearman's rank correlation of the measure with the hyperparameter.

    Args:
        measure: What is shown.
        by: The swept name whose values are tuples of hyperparameters.
        names: What the entries of these tuples are.
        trials: How many of the values, from the first on, are the search's.
        best: How many of them are numbered.
        chosen: The measure by which they are the best; None for `measure`.
        title: What the figure shows.
    """

    measure: str
    by: str
    names: tuple[str, ...]
    trials: int
    best: int
    chosen: str | None = None
    title: str = ""

    def measures(self):
        return {self.measure, self.chosen or self.measure}

    def needs(self):
        columns = (*sorted(self.measures()), self.by, "replicate")
        return tuple(("table", each) for each in columns)

    def caption(self, page):
        return (
            f"{self.title or sentence(label(page, self.measure))}. Blue: the first "
            f"seed, whose best {self.best} are numbered; grey: the others. Right: "
            "these best in every seed, a bar for their mean. ρ: Spearman's rank "
            "correlation within a seed, mean and range over the seeds."
        )

    def alt(self, page):
        grid = self._grid(page, self.measure)
        correlations = listing(
            f"{name} {_told(found)}" for name, found in self._correlations(page, grid)
        )
        best = (
            f"{_number(grid[each].iloc[0])} in the first seed and "
            f"{_number(grid[each].mean())} on average"
            for each in self._best(page)
        )
        return (
            f"{sentence(label(page, self.measure))}. Rank correlation with "
            f"{correlations}. The best of the first seed: {listing(best)}."
        )

    def _draw(self, page):
        from study.lab.figures import style

        grid, best = self._grid(page, self.measure), self._best(page)
        figure = style.canvas(3.9)
        *panels, last = figure.subplots(1, len(self.names) + 1, sharey=True)
        found = self._correlations(page, grid)
        for i, (axes, (name, rho)) in enumerate(zip(panels, found, strict=True)):
            x = self._values(page, grid)[:, i]
            _scatter(style, axes, x, grid)
            axes.set_xscale("log")
            axes.set_title(f"ρ = {_told(rho)}")
            axes.set_xlabel(f"{name}, logarithmic")
            for rank, each in enumerate(best, 1):
                at = (x[grid.columns.get_loc(each)], grid[each].iloc[0])
                axes.plot(*at, "o", color=style.VERMILLION, markersize=5)
                axes.annotate(
                    rank,
                    at,
                    xytext=(0, -12),
                    textcoords="offset points",
                    ha="center",
                    color=style.dark(style.VERMILLION),
                )
        self._again(style, last, grid[best])
        panels[0].set_ylabel(label(page, self.measure))
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
        axes.set_title("again in every seed")
        axes.grid(False, axis="x")

    def _grid(self, page, measure):
        """Return the search's runs: a row a seed, a column a trial."""
        tried = levels(page, page.table, self.by)[: self.trials]
        runs = page.table[page.table[self.by].isin(tried)]
        grid = runs.pivot(index="replicate", columns=self.by, values=measure)[tried]
        return grid.astype(float).replace([np.inf, -np.inf], np.nan)

    def _values(self, page, grid):
        """Return the trials' hyperparameters, (trials, names)."""
        swept = page.definition.vary[self.by]
        return np.array([swept[each] for each in grid.columns])

    def _best(self, page):
        first = self._grid(page, self.chosen or self.measure).iloc[0]
        return list(first.sort_values(kind="stable").index[: self.best])

    def _correlations(self, page, grid):
        """List (name, Spearman's correlation in each seed)."""
        values = self._values(page, grid)
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


def _scatter(style, axes, x, grid):
    first, *others = grid.to_numpy()
    for each in others:
        axes.plot(x, each, "o", color=style.MUTED, markersize=2, alpha=0.3)
    axes.plot(x, first, "o", color=style.BLUE, markersize=3.5)


def _number(value):
    return "diverged" if np.isnan(value) else brief(value)


def _told(correlations):
    correlations = [each for each in correlations if not np.isnan(each)]
    if not correlations:
        return "unknown"
    text = f"{np.mean(correlations):.2f}"
    if len(correlations) > 1:
        text += f" ({min(correlations):.2f} to {max(correlations):.2f})"
    return text.replace("-", "−")
