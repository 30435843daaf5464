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
            f"thick: their mean{self._lost(page)}."
        )

    def _lost(self, page):
        groups = [each for _, found in self._panels(page) for each in found.values()]
        any_lost = any(broken.any() for _, broken in groups)
        return ", but for those that diverged" if any_lost else ""

    def alt(self, page):
        parts = []
        for name, groups in self._panels(page):
            ends = [f"{split} error {_end(*runs)}" for split, runs in groups.items()]
            parts.append(f"{name}: {listing(ends)}" if name else listing(ends))
        return f"Mean at the end: {'; '.join(parts)}."

    def _draw(self, page):
        from matplotlib.figure import Figure as Canvas

        from study.lab.figures import style

        panels = self._panels(page)
        columns = min(len(panels), COLUMNS)
        rows = -(-len(panels) // columns)
        canvas = Canvas(figsize=(8, 0.7 + 2.3 * rows), layout="constrained")
        ends = {errors.columns[-1] for _, each in panels for errors, _ in each.values()}
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
            for split, (errors, broken) in groups.items():
                look = {"color": colors[split]}
                axes.plot(100 * errors.T, lw=0.6, alpha=0.3, **look)
                calm = errors[~broken]
                axes.plot(100 * calm.mean(), lw=2.2, label=split, **look)
        grid.flat[0].set_ylim(bottom=0)
        handles, labels = grid.flat[0].get_legend_handles_labels()
        labels = [{"train": "training"}.get(each, each) for each in labels]
        canvas.legend(handles, labels, loc="outside upper center", ncols=2)
        return canvas

    def _panels(self, page):
        """List (title, split to errors and which runs diverged) of each panel.

        Errors have a row a run and a column a look. Runs of fewer steps have other
        looks, so that columns of others are empty.
        """
        swept = [*page.definition.vary, "replicate"]
        shown = select(page.errors, self.where)
        shown = shown.merge(page.table[[*swept, "diverged"]], on=swept)
        panels = []
        for value in levels(page, shown, self.panels) if self.panels else [None]:
            rows = select(shown, {self.panels: value}) if self.panels else shown
            groups = {
                split: _runs(rows[rows["split"] == split])
                for split in dict.fromkeys(rows["split"])
            }
            name = value if isinstance(value, str) else f"{self.panels} {value}"
            panels.append((name if self.panels else "", groups))
        return panels


def _runs(rows):
    """Return the errors of runs, and which of them diverged."""
    errors = rows[_steps(rows)]
    there = errors.notna().any()
    return errors[there.index[there | ~there.any()]], rows["diverged"].notna()


def _end(errors, broken):
    """Say the mean of the last looks at runs, and how many of them diverged."""
    last = errors[~broken].ffill(axis=1).iloc[:, -1]
    if last.empty:
        return "diverged"
    lost = f" ({broken.sum()} diverged)" if broken.any() else ""
    return f"{100 * last.mean():.1f} %{lost}"


def _steps(errors):
    return sorted(each for each in errors.columns if isinstance(each, int))
