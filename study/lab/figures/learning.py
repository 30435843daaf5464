"""Draw how the errors of every seed go on the splits that were watched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from study.lab.figures.base import Figure, levels, listing, select

COLUMNS = 4


@dataclass(frozen=True)
class Learning(Figure):
    """Show each run's training and validation error as thin lines, their means on top.

    Args:
        panels: The swept name that makes the panels; None for a single one.
        where: Swept name to the value of the runs shown.
        title: What the figure shows.
    """

    panels: str | None = None
    where: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""

    def measures(self):
        return set()

    def needs(self):
        swept = {*self.where, *([self.panels] if self.panels else ())}
        return tuple(("errors", name) for name in ("split", *sorted(swept)))

    def caption(self, page):
        shown = select(page.errors, self.where)
        runs = len(shown) // shown["split"].nunique()
        return (
            f"{self.title or 'Errors while training'}. Thin: each of {runs} runs; "
            "thick: their mean."
        )

    def alt(self, page):
        parts = []
        for name, groups in self._panels(page):
            ends = [
                f"{split} error {100 * errors.iloc[:, -1].mean():.1f} %"
                for split, errors in groups.items()
            ]
            parts.append(f"{name}: {listing(ends)}" if name else listing(ends))
        return f"Mean at the end: {'; '.join(parts)}."

    def _draw(self, page):
        from matplotlib.figure import Figure as Canvas

        from study.lab.figures import style

        panels = self._panels(page)
        columns = min(len(panels), COLUMNS)
        rows = -(-len(panels) // columns)
        canvas = Canvas(figsize=(8, 0.7 + 2.3 * rows), layout="constrained")
        ends = {errors.columns[-1] for _, each in panels for errors in each.values()}
        grid = canvas.subplots(
            rows, columns, sharex=len(ends) == 1, sharey=True, squeeze=False
        )
        colors = {"train": style.BLUE, "validation": style.VERMILLION}
        canvas.supxlabel("training step", size=10)
        canvas.supylabel("error (%)", size=10)
        for axes in grid.flat[len(panels) :]:
            axes.set_visible(False)
        for axes, (name, groups) in zip(grid.flat, panels, strict=False):
            axes.set_title(name)
            axes.locator_params("x", nbins=3)
            axes.xaxis.set_major_formatter("{x:,.0f}")
            for split, errors in groups.items():
                look = {"color": colors[split]}
                axes.plot(100 * errors.T, lw=0.6, alpha=0.3, **look)
                axes.plot(100 * errors.mean(), lw=2.2, label=split, **look)
        grid.flat[0].set_ylim(bottom=0)
        handles, labels = grid.flat[0].get_legend_handles_labels()
        labels = [{"train": "training"}.get(each, each) for each in labels]
        canvas.legend(handles, labels, loc="outside upper center", ncols=2)
        return canvas

    def _panels(self, page):
        """List (title, split to errors, a row a run and a column a look) of each panel.

        Runs of fewer steps have other looks, so that columns of others are empty.
        """
        shown = select(page.errors, self.where)
        panels = []
        for value in levels(page, shown, self.panels) if self.panels else [None]:
            rows = select(shown, {self.panels: value}) if self.panels else shown
            groups = {
                split: rows[rows["split"] == split][_steps(rows)].dropna(
                    axis="columns", how="all"
                )
                for split in dict.fromkeys(rows["split"])
            }
            name = value if isinstance(value, str) else f"{self.panels} {value}"
            panels.append((name if self.panels else "", groups))
        return panels


def _steps(errors):
    return sorted(each for each in errors.columns if isinstance(each, int))
