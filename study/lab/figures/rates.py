"""Draw how often something happened, with exact intervals."""

from dataclasses import dataclass

from study.lab.figures.base import Figure, listing, select
from study.lab.rules.summaries import number, summarise


@dataclass(frozen=True)
class Rates(Figure):
    """Show the share of a cell's runs in which `measure` is 1.

    Args:
        measure: A measure that is 0 or 1.
        rows: The swept name that makes the rows.
        hue: The swept name told apart by colour and marker.
    """

    measure: str
    rows: str
    hue: str

    def measures(self):
        return {self.measure}

    def needs(self):
        return tuple(("table", each) for each in (self.measure, self.rows, self.hue))

    def caption(self, shown):
        return (
            f"Share of the runs of a cell that are {shown.label(self.measure)}, by "
            f"{self.rows} and {self.hue}, with exact 95 % intervals."
        )

    def alt(self, shown):
        rows = shown.levels(shown.table, self.rows)
        shares = (
            f"{row}: "
            + listing(
                f"{number(each.center, 2) if each.runs else each.short} with {hue}"
                for hue, each in self._summaries(shown, row).items()
            )
            for row in rows
        )
        return f"Share of runs {shown.label(self.measure)}. {'; '.join(shares)}."

    def _draw(self, shown):
        from study.lab.figures import style

        rows = shown.levels(shown.table, self.rows)
        hues = shown.levels(shown.table, self.hue)
        colors, markers = style.colors(hues), style.markers(hues)
        figure = style.canvas(0.9 + 0.14 * len(rows) * (len(hues) + 1))
        axes = figure.add_subplot()
        for i, row in enumerate(rows):
            if i % 2:
                axes.axhspan(i - 0.5, i + 0.5, color=style.GRID, alpha=0.3, lw=0)
            for hue, found in self._summaries(shown, row).items():
                y = i + (hues.index(hue) - (len(hues) - 1) / 2) / (len(hues) + 1)
                ends = [[found.center - found.lower], [found.upper - found.center]]
                if not found.runs:
                    axes.text(0, y, found.short, color=style.dark(colors[hue]))
                axes.errorbar(
                    found.center,
                    y,
                    xerr=ends,
                    color=colors[hue],
                    marker=markers[hue],
                    markersize=6,
                    linewidth=1.6,
                    linestyle="none",
                    label=hue if i == 0 else None,
                    zorder=3,
                )
        axes.set(
            xlim=(-0.02, 1.02),
            ylim=(len(rows) - 0.5, -0.5),
            yticks=range(len(rows)),
            yticklabels=rows,
            xlabel=f"share of runs {shown.label(self.measure)}, 95 % interval",
            ylabel=self.rows,
        )
        axes.grid(False, axis="y")
        figure.legend(
            *axes.get_legend_handles_labels(),
            loc="outside upper center",
            ncols=min(len(hues), 5),
            title=self.hue,
        )
        return figure

    def _summaries(self, shown, row):
        rows = select(shown.table, {self.rows: row})
        return {
            hue: summarise(shown, self.measure, select(rows, {self.hue: hue}))
            for hue in shown.levels(rows, self.hue)
        }
