"""Judge whether an effect is larger under one condition than under another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from study.lab.rules import arms, margins, pairs
from study.lab.rules.base import Comparison
from study.lab.rules.margins import Margin
from study.lab.rules.moves import Lowers, Raises
from study.lab.scalars import settle


@dataclass(frozen=True, kw_only=True)
class Stronger(Comparison):
    """An effect is larger `where` something is so than where something else is.

    It is a difference of differences, an interaction: with d the effect of `Raises`
    or `Lowers` within a replicate,

        effect = mean(d where ... - d than ...)

    of medians for a censored count, and a factor of factors where the margin is one.
    It is decided as in `Raises`.

    Args:
        effect: A `Raises` or `Lowers` whose arms leave the condition out.
        where, than: The condition, and the one it is held against: swept name to
            label, which complete both arms.
        margin: The smallest difference that matters. Defaults to the effect's.
    """

    effect: Raises
    where: Mapping
    than: Mapping
    margin: Margin | None = None

    sides: ClassVar[int] = 1
    meaning: ClassVar[str] = (
        "Stronger: a difference of two effects, decided as by Raises."
    )

    def __post_init__(self):
        settle(self)
        if not isinstance(self.effect, Raises):
            raise TypeError(
                "`effect` is what is stronger: expected Raises or Lowers. Received: "
                f"{self.effect!r}. Write Lowers(measure=..., arm=..., than=...)."
            )
        arms.check(self.where, self.than)
        if self.margin is None:
            object.__setattr__(self, "margin", self.effect.margin)
        margins.settle(self)
        if (
            self.margin.scale != self.effect.margin.scale
            or self.margin.scale == "share"
        ):
            raise ValueError(
                "An effect is held against another on its own scale: expected a margin "
                f"of {self.effect.margin.scale!r}, and no share. Received: "
                f"scale={self.margin.scale!r}. Give both the same scale."
            )

    @property
    def measure(self):
        """The effect's measure."""
        return self.effect.measure

    @property
    def table(self):
        """The effect's table."""
        return self.effect.table

    @property
    def center(self):
        """The effect's center."""
        return self.effect.center

    def arms(self):
        return tuple(
            {**arm, **condition}
            for condition in (self.where, self.than)
            for arm in (self.effect.arm, self.effect.than)
        )

    def claim(self):
        what = "lowers" if isinstance(self.effect, Lowers) else "raises"
        arm, than = arms.name(self.effect.arm), arms.name(self.effect.than)
        where, other = arms.name(self.where), arms.name(self.than)
        return (
            f"{arm} in place of {than} {what} {self._quantity()} more where {where} "
            f"than where {other}"
        )

    def said(self, plain):
        """Return the claim in plain words."""
        where, other, shared = plain.two(self.where, self.than)
        return f"{self.effect.said(plain)}, and by more {where} than {other}{shared}"

    def sentence(self):
        own = "its own margin, " if margins.departs(self) else ""
        return f"Stronger: {self.claim()}; δ is {own}{self.margin}."

    def read(self, table, reading):
        found = []
        for condition in (self.where, self.than):
            arm, than = ({**each, **condition} for each in self._two)
            runs = arms.pairs(table, self.measure, arm, than)
            sign = self.effect._sign
            found.append(pairs.between(self, arm, than, sign, runs, reading))
        (least, seen, most), (low, other, high) = found
        gains = least - high, seen - other, most - low
        return pairs.summed(self, *gains, reading)

    @property
    def _two(self):
        return self.effect.arm, self.effect.than

    def contradiction(self, found):
        return self.effect.contradiction(found)

    def clearance(self, found):
        return self.effect.clearance(found)
