"""Draw what trained networks answer on a square of inputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from study.lab.figures import diverged
from study.lab.figures.base import Figure, select
from study.lab.figures.wording import told
from study.lab.rules.summaries import finite, number

# The four examples of the exclusive or: two inputs and the target.
XOR = ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0))
BOUNDARY = "#000000"  # over colors that are light there, in the dark too
COLUMNS = ("replicate", "input_0", "input_1", "output_0")


@dataclass(frozen=True)
class Surface(Figure):
    """Show the output of each kept network over two inputs, with XOR's examples.

    Args:
        per: The measure that tells the kept networks apart.
        names: Its value to the panel's title.
    """

    per: str
    names: Mapping[Any, str]

    def measures(self):
        return {self.per}

    def needs(self):
        return tuple(("outputs", each) for each in (self.per, *COLUMNS))

    def in_numbers(self, shown):
        return "; ".join(
            f"{title}: {_right(rows)}" for title, rows in self._panels(shown)
        )

    def caption(self, shown):
        cell = ", ".join(
            f"{name} {shown.outputs[name].iloc[0]}" for name in shown.sweep
        )
        return (
            f"Output over the two inputs, of the first seed of each kind: {cell}. The "
            "black line is the decision boundary at 0.5; circles should give 0, "
            "squares 1."
        )

    def alt(self, shown):
        parts = (f"{title}: {_told(rows)}" for title, rows in self._panels(shown))
        return told(self.headline(shown), parts, "; ")

    def _draw(self, shown):
        from study.lab.figures import style

        panels = self._panels(shown)
        filled = None
        figure = style.canvas(0.9 + 5 / len(panels))
        grid = figure.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)
        for axes, (title, rows) in zip(grid[0], panels, strict=True):
            if _diverged(rows):
                axes.text(0.5, 0.5, diverged.WORD, ha="center", va="center")
            else:
                filled = _contours(axes, rows)
            for x_0, x_1, target in XOR:
                axes.plot(
                    x_0,
                    x_1,
                    "os"[target],
                    color=style.PAPER,
                    markeredgecolor=style.INK,
                    markersize=9,
                )
            axes.set(title=title, xlabel="input 1", aspect="equal")
            axes.set(xticks=(0, 1), yticks=(0, 1))
            axes.grid(False)
        grid[0][0].set_ylabel("input 2")
        if filled is not None:
            ticks = (0, 0.5, 1)
            figure.colorbar(
                filled, ax=grid, label="output", ticks=ticks, location="bottom"
            )
        return figure

    def _panels(self, shown):
        """List (title, rows) of each kept network, in the order of `names`.

        The last is one that has no number of the measure.
        """
        there = shown.levels(shown.outputs, self.per)
        panels = [
            (self.names[value], select(shown.outputs, {self.per: value}))
            for value in self.names
            if value in there
        ]
        lost = shown.outputs[~finite(shown.outputs[self.per])]
        if len(lost):
            panels.append(("no number", lost))
        return [
            (f"{title} (seed {rows['replicate'].iloc[0]})", rows)
            for title, rows in panels
        ]


def _contours(axes, rows):
    heights = rows.pivot(index="input_1", columns="input_0", values="output_0")
    x, y = heights.columns.to_numpy(), heights.index.to_numpy()
    filled = axes.contourf(
        x, y, heights, levels=[i / 10 for i in range(11)], cmap="PuOr_r"
    )
    axes.contour(x, y, heights, levels=[0.5], colors=BOUNDARY, linewidths=1.6)
    return filled


def _diverged(rows):
    return not finite(rows["output_0"]).all()


def _right(rows):
    """Count the examples of XOR that a network answers right."""
    if _diverged(rows):
        return f"it {diverged.WORD}"
    right = sum((_at(rows, x, y) > 0.5) == target for x, y, target in XOR)
    return f"{right} of {len(XOR)} examples right"


def _told(rows):
    """Say what a network answers to XOR's examples."""
    if _diverged(rows):
        return f"it {diverged.WORD}"
    answers = (f"{number(_at(rows, x, y), 2)} at ({x}, {y})" for x, y, _ in XOR)
    return f"the output is {', '.join(answers)}"


def _at(rows, x, y):
    distances = (rows["input_0"] - x) ** 2 + (rows["input_1"] - y) ** 2
    return rows["output_0"].loc[distances.idxmin()]
