"""Draw how the errors of every seed go on the splits that were watched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from study.lab.figures import diverged, layout
from study.lab.figures.base import Figure, once, select
from study.lab.figures.focus import wide
from study.lab.figures.wording import ends, told
from study.lab.rules.summaries import brief

NAMES = {"train": "training"}  # of splits that are not called what they are
MARGIN = 0.06  # of the vertical axis beyond the errors


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
        errors = (("errors", each) for each in ("split", *sorted(swept)))
        return (*errors, ("table", "replicate"), ("table", "diverged"))

    def in_numbers(self, shown):
        panels = self._panels(shown)
        splits = dict.fromkeys(split for _, groups in panels for split in groups)
        split = "validation" if "validation" in splits else next(iter(splits))
        found = []
        for name, groups in panels:
            if split in groups:
                end = _end(*groups[split])
                found.append((name or "all runs", end, f"{brief(end)} %"))
        return f"{_called(split).capitalize()} error at the end: {ends(found)}"

    def caption(self, shown):
        chosen = select(shown.errors, self.where)
        runs = len(chosen) // chosen["split"].nunique()
        panels = self._panels(shown)
        shared, focuses = self._focus(panels)
        own = "" if shared else " Each panel has a vertical axis of its own."
        nothing = any(
            near.log and (errors == 0).any(axis=None)
            for near, (_, groups) in zip(focuses, panels, strict=True)
            for errors, _ in groups.values()
        )
        own += " 0 % stands at the lower edge." if nothing else ""
        return (
            f"{self.title or 'Errors while training'}. Thin: each of {runs} runs; "
            f"thick: their mean{diverged.left_out(self._lost(shown))}.{own}"
        )

    def _lost(self, shown):
        groups = [each for _, found in self._panels(shown) for each in found.values()]
        return sum(broken.sum() for _, broken in groups)

    def alt(self, shown):
        parts = (
            f"{name} {_called(split)} {_said(*runs)}".strip()
            for name, groups in self._panels(shown)
            for split, runs in groups.items()
        )
        return told(f"{self.headline(shown)}. Means at the end", parts)

    def _draw(self, shown):
        from study.lab.figures import style

        panels = self._panels(shown)
        shared, focuses = self._focus(panels)
        last = max(_last(groups) for _, groups in panels)
        splits = dict.fromkeys(split for _, groups in panels for split in groups)
        together = all(_last(groups) == last for _, groups in panels)
        canvas, grid = layout.grid(len(panels), share=shared, together=together)
        colors = {"train": style.BLUE, "validation": style.VERMILLION}
        for axes, near, (name, groups) in zip(grid, focuses, panels, strict=True):
            layout.title(axes, name, len(panels))
            axes.set_yscale("log" if near.log else "linear")
            axes.set_ylim(near.limits(MARGIN))
            axes.set_xlim(0, last if together else _last(groups))
            axes.locator_params("x", nbins=5 if layout.direct(len(panels)) else 3)
            axes.xaxis.set_major_formatter("{x:,.0f}")
            style.ticks(axes.yaxis)
            named = []
            for split, (errors, broken) in groups.items():
                look = {"color": colors[split]}
                least = near.lower if near.log else 0.0
                axes.plot((100 * errors.T).clip(least), lw=0.6, alpha=0.3, **look)
                mean = (100 * errors[~broken].mean()).clip(least)
                axes.plot(mean, lw=2.2, **look)
                if len(known := mean.dropna()):
                    end = known.index[-1], known.iloc[-1]
                    named.append((_called(split), end, colors[split]))
                    layout.arrows(axes, *zip(end, strict=True), colors[split])
            if not named:
                middle = {"ha": "center", "transform": axes.transAxes}
                axes.text(0.5, 0.5, diverged.WORD, **middle)
            if layout.direct(len(panels)) and len(splits) > 1:
                layout.beside(axes, named)
        if not layout.direct(len(panels)) and len(splits) > 1:
            looks = {_called(x): {"color": colors[x], "lw": 2.2} for x in splits}
            layout.legend(canvas, looks)
        log = ", logarithmic" if any(each.log for each in focuses) else ""
        of = "" if len(splits) > 1 else f"{_called(*splits)} "
        canvas.supxlabel("training step", size=style.TEXT)
        canvas.supylabel(f"{of}error (%){log}", size=style.TEXT)
        return canvas

    def _focus(self, panels):
        """Return whether the panels share a vertical axis, and what each shows.

        A logarithmic axis begins at the smallest error above 0.
        """
        every = [
            np.concatenate(
                [100 * each.to_numpy().ravel() for each, _ in found.values()]
            )
            for _, found in panels
        ]
        whole = np.concatenate(every)
        least = whole[whole > 0].min(initial=100)
        every = [np.maximum(each, least) for each in every]
        return layout.focuses(every, log=wide(np.concatenate(every)))

    @once
    def _panels(self, shown):
        """List (title, split to errors and which runs diverged) of each panel.

        Errors have a row a run and a column a look. Runs of fewer steps have other
        looks, so that columns of others are empty.
        """
        swept = [*shown.sweep, "replicate"]
        chosen = select(shown.errors, self.where)
        chosen = chosen.merge(shown.table[[*swept, "diverged"]], on=swept)
        panels = []
        for value in shown.levels(chosen, self.panels) if self.panels else [None]:
            rows = select(chosen, {self.panels: value}) if self.panels else chosen
            groups = {
                split: _runs(rows[rows["split"] == split])
                for split in dict.fromkeys(rows["split"])
            }
            name = shown.value(self.panels, value) if self.panels else ""
            panels.append((name, groups))
        return panels


def _runs(rows):
    """Return the errors of runs, and which of them diverged."""
    errors = rows[_steps(rows)]
    there = errors.notna().any()
    return errors[there.index[there | ~there.any()]], rows["diverged"].notna()


def _end(errors, broken):
    """Return the mean of the last looks at runs, in percent."""
    last = errors[~broken].ffill(axis=1).iloc[:, -1]
    return 100 * last.mean()


def _said(errors, broken):
    """Say the mean of the last looks at runs, and how many of them diverged."""
    if broken.all():
        return diverged.WORD
    lost = f" ({diverged.count(broken.sum())})" if broken.any() else ""
    return f"{_end(errors, broken):.1f} %{lost}"


def _called(split):
    return NAMES.get(split, split)


def _last(groups):
    """Return the last step at which a panel's runs were looked at."""
    return max(errors.columns[-1] for errors, _ in groups.values())


def _steps(errors):
    return sorted(each for each in errors.columns if isinstance(each, int))
