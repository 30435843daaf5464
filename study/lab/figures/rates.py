"""Draw how often something happened, with exact intervals."""

from dataclasses import dataclass

from study.lab.figures.base import Figure, label, levels, listing, select
from study.lab.summaries import number, summarise


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

    def caption(self, page):
        return (
            f"Share of the runs of a cell that are {label(page, self.measure)}, by "
            f"{self.rows} and {self.hue}, with exact 95 % intervals."
        )

    def alt(self, page):
        rows = levels(page, page.table, self.rows)
        shares = (
            f"{row}: "
            + listing(
                f"{number(each.center, 2) if each.runs else each.short} with {hue}"
                for hue, each in self._summaries(page, row).items()
            )
            for row in rows
        )
        return f"Share of runs {label(page, self.measure)}. {'; '.join(shares)}."

    def _draw(self, page):
        from study.lab.figures import style

        rows = levels(page, page.table, self.rows)
        hues = levels(page, page.table, self.hue)
        colors, markers = style.colors(hues), style.markers(hues)
        figure = style.canvas(0.9 + 0.14 * len(rows) * (len(hues) + 1))
        axes = figure.add_subplot()
        for i, row in enumerate(rows):
            if i % 2:
                axes.axhspan(i - 0.5, i + 0.5, color=style.GRID, alpha=0.3, lw=0)
            for hue, found in self._summaries(page, row).items():
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
            xlabel=f"share of runs {label(page, self.measure)}, 95 % interval",
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

    def _summaries(self, page, row):
        rows = select(page.table, {self.rows: row})
        return {
            hue: summarise(
                page.definition, page.table, self.measure, select(rows, {self.hue: hue})
            )
            for hue in levels(page, rows, self.hue)
        }
