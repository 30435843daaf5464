"""Draw how often something happened, with exact intervals."""

from dataclasses import dataclass

from study.lab.figures import layout
from study.lab.figures.base import Figure, select
from study.lab.figures.shown import printed
from study.lab.figures.wording import ends, told
from study.lab.rules.summaries import number, summarise


@dataclass(frozen=True)
class Rates(Figure):
    """Show the share of a cell's runs in which `measure` is 1.

    Args:
        measure: A measure that is 0 or 1.
        rows: The swept name that makes the rows.
        hue: The swept name told apart by color and marker.
    """

    measure: str
    rows: str
    hue: str

    def measures(self):
        return {self.measure}

    def needs(self):
        return tuple(("table", each) for each in (self.measure, self.rows, self.hue))

    def in_numbers(self, shown):
        found = (
            (name, each.center, number(each.center, 2))
            for name, each in self._every(shown)
        )
        return f"Share of runs {shown.label(self.measure)}: {ends(found)}"

    def caption(self, shown):
        return (
            f"Share of the runs of a cell that are {shown.label(self.measure)}, by "
            f"{shown.called(self.rows)} and {shown.called(self.hue)}, with exact 95 % "
            "intervals."
        )

    def alt(self, shown):
        parts = (
            f"{number(each.center, 2) if each.runs else each.short} {name}"
            for name, each in self._every(shown)
        )
        return told(self.headline(shown), parts)

    def _draw(self, shown):
        from study.lab.figures import style

        rows = shown.levels(shown.table, self.rows)
        hues = shown.levels(shown.table, self.hue)
        colors, markers = style.colors(hues), style.markers(hues)
        figure = style.canvas(1.2 + 0.14 * len(rows) * (len(hues) + 1))
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
            yticklabels=map(printed, rows),
            xlabel=f"share of runs {shown.label(self.measure)}, 95 % interval",
            ylabel=shown.called(self.rows),
        )
        axes.grid(False, axis="y")
        layout.key(figure, *axes.get_legend_handles_labels(), shown.called(self.hue))
        return figure

    def _every(self, shown):
        """List (name, summary) of every cell."""
        return [
            (f"{shown.value(self.rows, row)}, {shown.value(self.hue, hue)}", each)
            for row in shown.levels(shown.table, self.rows)
            for hue, each in self._summaries(shown, row).items()
        ]

    def _summaries(self, shown, row):
        rows = select(shown.table, {self.rows: row})
        return {
            hue: summarise(shown, self.measure, select(rows, {self.hue: hue}))
            for hue in shown.levels(rows, self.hue)
        }
