"""Draw every seed beside the mean of its cell."""

import textwrap
from dataclasses import dataclass

import numpy as np

from study.lab.errors import StudyError
from study.lab.figures import diverged
from study.lab.figures.base import Figure, listing, select, sentence
from study.lab.rules.summaries import brief, finite, interval, summarise

# Beyond this ratio of the largest to the smallest value the axis is logarithmic.
WIDE = 5
SPREAD = 0.2
MANY = 10  # names side by side, beyond which they are written smaller


@dataclass(frozen=True)
class Strip(Figure):
    """Show every run as a point, and the mean and its 95 % interval beside.

    Runs of the same replicate are joined: they share seed, data and order.

    Args:
        measure: What is shown.
        by: The swept name along the horizontal axis.
    """

    measure: str
    by: str

    def measures(self):
        return {self.measure}

    def needs(self):
        columns = (self.measure, self.by, "replicate", "diverged")
        return tuple(("table", each) for each in columns)

    def caption(self, shown):
        return (
            f"{sentence(shown.label(self.measure))} of every seed, by {self.by}; lines "
            "join the runs that share a seed. Beside: the mean and its 95 % interval."
            + diverged.crosses(_lost(shown))
        )

    def alt(self, shown):
        means = (
            f"{_told(each)} with {self.by} {level}"
            for level, each in self._summaries(shown).items()
        )
        return (
            f"{sentence(shown.label(self.measure))}, mean and 95 % interval: "
            f"{listing(means)}." + diverged.sentence(_lost(shown))
        )

    def _draw(self, shown):
        from matplotlib.ticker import LogLocator

        from study.lab.figures import style

        if shown.table.duplicated([self.by, "replicate"]).any():
            raise StudyError(
                f"{self._named(shown)}: expected one run of each seed for a "
                f"value of {self.by!r}, to join them. Received: several; more is swept"
            )
        summaries = self._summaries(shown)
        colors, markers = style.colors([*summaries]), style.markers([*summaries])
        figure = style.canvas(3.8)
        axes = figure.add_subplot(yscale=self._scale(shown))
        # every seed has its own place, so that none hides another
        seeds = sorted(set(shown.table["replicate"]))
        places = np.linspace(-0.5, 0.5, len(seeds)) * SPREAD
        shift = dict(zip(seeds, places, strict=True))
        for seed, runs in shown.table.groupby("replicate"):
            x = [[*summaries].index(level) + shift[seed] for level in runs[self.by]]
            axes.plot(x, runs[self.measure], color=style.MUTED, alpha=0.3, lw=0.7)
        for i, (level, found) in enumerate(summaries.items()):
            runs = select(shown.table, {self.by: level})
            lost = runs["diverged"].notna()
            for chosen, marker in ((runs[~lost], markers[level]), (runs[lost], "X")):
                x = i + chosen["replicate"].map(shift)
                axes.plot(
                    x, chosen[self.measure], marker, color=colors[level], markersize=5
                )
                style.crosses(axes, x[~finite(chosen[self.measure])], colors[level])
            if not found.runs:
                continue
            axes.errorbar(
                i + SPREAD,
                found.center,
                yerr=[[found.center - found.lower], [found.upper - found.center]],
                color=style.INK,
                marker="_",
                markersize=12,
                capsize=4,
                linewidth=1.4,
            )
            axes.annotate(
                brief(found.center),
                (i + SPREAD, found.center),
                xytext=(12, 0),
                textcoords="offset points",
                va="center",
                bbox=style.BACKED,
            )
        scale = ", logarithmic" if self._scale(shown) == "log" else ""
        axes.set(
            xlim=(-0.3, len(summaries) - 1 + 0.5),
            xticks=range(len(summaries)),
            xticklabels=[_folded(each, len(summaries)) for each in summaries],
            xlabel=self.by,
            ylabel=textwrap.fill(shown.label(self.measure) + scale, 36),
        )
        if scale:
            axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axes.yaxis.set_major_formatter(lambda value, _: brief(value))
            axes.minorticks_off()
        axes.grid(False, axis="x")
        if len(summaries) > MANY:
            axes.tick_params("x", labelsize=8)
        axes.margins(y=0.12)
        return figure

    def _scale(self, shown):
        values = shown.table[self.measure]
        values = values[finite(values)]
        wide = values.min() > 0 and values.max() > WIDE * values.min()
        return "log" if wide else "linear"

    def _summaries(self, shown):
        return {
            level: summarise(shown, self.measure, select(shown.table, {self.by: level}))
            for level in shown.levels(shown.table, self.by)
        }


def _lost(shown):
    return int(shown.table["diverged"].notna().sum())


def _told(found):
    """Say a mean and its interval, or why there is none."""
    if not found.runs:
        return found.short
    return interval(found.center, found.lower, found.upper)


def _folded(level, count):
    """Break a name into lines, so that `count` of them fit side by side."""
    lines = textwrap.wrap(str(level), max(80 // count, 6), break_long_words=False)
    return "\n".join(lines)
