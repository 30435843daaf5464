"""Draw a source's differences between single runs with the noise they carry."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from study.lab.figures import diverged
from study.lab.figures.base import Figure
from study.lab.figures.wording import told
from study.lab.rules import arms
from study.lab.rules.summaries import finite, number

NORMAL = 1.96
LETTERS = 22  # of a name in a line
SPREAD = 0.22  # of a row, over which our seeds are spread


@dataclass(frozen=True)
class Pair:
    """Two single runs of a source: their arms here and the accuracies it prints."""

    arm: Mapping[str, Any]
    than: Mapping[str, Any]
    accuracy: float
    reference: float

    @property
    def name(self) -> str:
        one, other = (", ".join(map(str, x.values())) for x in (self.arm, self.than))
        return f"{one} − {other}"

    @property
    def gain(self) -> float:
        """The difference in percentage points."""
        return 100 * (self.accuracy - self.reference)

    def noise(self, images: int) -> float:
        """Return the standard error of the gain if both accuracies were the same.

        Formula: `100 * sqrt(2 * p * (1 - p) / images)` with their mean `p`.
        """
        mean = (self.accuracy + self.reference) / 2
        return 100 * (2 * mean * (1 - mean) / images) ** 0.5

    def z(self, images: int) -> float:
        """Return the gain in standard errors."""
        return self.gain / self.noise(images)


@dataclass(frozen=True)
class SingleRuns(Figure):
    """Show each difference of a source between what its test set leaves open, and ours.

    Args:
        measure: The error of each run, in percent.
        pairs: The differences, from top to bottom.
        images: Test images behind the source's accuracies.
        title: What the figure shows.
        ours: Whether runs of the same kind are on the page.
    """

    measure: str
    pairs: tuple[Pair, ...]
    images: int
    title: str
    ours: bool = True

    @property
    def name(self):
        return super().name + ("" if self.ours else "-source")

    def measures(self):
        return {self.measure}

    def needs(self):
        swept = sorted({name for each in self.pairs for name in each.arm})
        return tuple(("table", each) for each in (self.measure, *swept, "replicate"))

    def in_numbers(self, shown):
        within = [each for each in self.pairs if abs(each.z(self.images)) < NORMAL]
        return (
            f"{len(within)} of {len(self.pairs)} differences of single runs are within "
            f"the noise of {self.images:,} test images"
        )

    def caption(self, shown):
        text = (
            f"{self.title}. Diamond: the source's single runs, z the gain in standard "
            f"errors; gray: what {self.images:,} test images leave open (95 %) if the "
            "two were equal, before any noise of the seed."
        )
        if not self.ours:
            return text
        lost = sum((~finite(self._gains(shown, each))).sum() for each in self.pairs)
        return f"{text} Dots: our seeds, bar: their mean.{diverged.crosses(lost)}"

    def alt(self, shown):
        parts = []
        for pair in self.pairs:
            text = f"{pair.name} {_points(pair.gain)} points"
            if self.ours:
                text += f", ours {diverged.mean(self._gains(shown, pair), _points)}"
            parts.append(text)
        return told(self.headline(shown), parts, "; ")

    def _draw(self, shown):
        from study.lab.figures import style

        figure = style.canvas(0.7 + 0.6 * len(self.pairs))
        axes = figure.add_subplot()
        axes.axvline(0, color=style.INK, lw=0.8)
        for i, pair in enumerate(self.pairs):
            half = NORMAL * pair.noise(self.images)
            axes.barh(i, 2 * half, left=-half, height=0.6, color=style.GRID)
            within = abs(pair.gain) < half
            color = style.MUTED if within else style.VERMILLION
            axes.plot(pair.gain, i, "D", color=color, markersize=7, zorder=3)
            if self.ours:
                every = self._gains(shown, pair)
                gains, lost = every[finite(every)], every[~finite(every)]
                places = i + np.linspace(-1, 1, len(gains)) * SPREAD
                axes.plot(gains, places, "o", color=style.BLUE, ms=4, alpha=0.7)
                style.crosses_beside(axes, [i] * len(lost), style.BLUE)
                if len(gains):
                    mean = gains.mean()
                    axes.plot([mean] * 2, [i - 0.3, i + 0.3], color=style.INK, lw=1.8)
            text = f"z = {self._z(pair)}" + ("\nwithin noise" if within else "")
            axes.annotate(
                text,
                (1, i),
                (6, 0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                va="center",
                color=style.dark(color),
            )
        axes.set(
            yticks=range(len(self.pairs)),
            yticklabels=[_folded(each.name) for each in self.pairs],
            xlabel="gain in test accuracy (percentage points)",
            ylim=(len(self.pairs) - 0.5, -0.5),
        )
        axes.margins(x=0.05)
        axes.grid(False, axis="y")
        return figure

    def _z(self, pair):
        return f"{pair.z(self.images):.1f}".replace("-", "\N{MINUS SIGN}")

    def _gains(self, shown, pair):
        """Return the gains of our seeds; one of which a run diverged is no number."""
        one, other = arms.pairs(
            shown.table, self.measure, pair.arm, pair.than, arms.in_order
        )
        return other - one


def _folded(name):
    return textwrap.fill(name, LETTERS, break_long_words=False)


def _points(gain):
    return number(gain, 2)
