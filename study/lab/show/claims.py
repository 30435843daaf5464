"""The judged claims of a page, with the words that the page and the index print."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from study.lab.declare.definition import Claim
from study.lab.declare.errata import Erratum
from study.lab.declare.registry import LedgerRow
from study.lab.rules.base import Comparison
from study.lab.rules.plain import points
from study.lab.rules.summaries import apart, brief, interval
from study.lab.rules.verdicts import (
    Band,
    Equivalent,
    Exact,
    Level,
    Rate,
    Rule,
    Verdict,
)
from study.lab.rules.words import Word
from study.lab.show.costs import Training, settling
from study.lab.show.outlook import outlook


@dataclass(frozen=True, kw_only=True)
class JudgedClaim:
    """A claim, how it was judged and what came out.

    Args:
        page: The page that it stands on.
        claim: As the definition has it.
        row: As the ledger has it; None for a claim outside it.
        verdict: None where the profile judges nothing.
        left_open: The comparisons that the first seeds left unresolved and later ones
            alone judged.
        smaller: The same claim as runs of the standard size judge it, where larger
            ones did so too.
    """

    page: Any
    claim: Claim
    row: LedgerRow | None
    verdict: Verdict | None
    left_open: tuple[Rule, ...]
    smaller: "JudgedClaim | None" = None

    @property
    def id(self) -> str:
        return self.claim.id

    @property
    def text(self) -> str:
        return self.row.claim if self.row else self.claim.text

    @property
    def lecture(self) -> str:
        return self.row.lecture if self.row else ""

    @property
    def place(self) -> str:
        """Where the lecture says it."""
        return self.row.place if self.row else ""

    @property
    def word(self) -> Word:
        return self.verdict.word if self.verdict else Word.NOT_JUDGED

    @property
    def reason(self) -> str:
        return self.verdict.reason if self.verdict else ""

    @property
    def errata(self) -> tuple[Erratum, ...]:
        """The lecture's errata that concern it, whatever its word."""
        return self.row.errata if self.row else ()

    @property
    def effect(self) -> str:
        """The effect and its interval, or the largest deviation."""
        verdict = self.verdict
        if verdict is None or verdict.effect is None:
            return ""
        if isinstance(verdict.rule, Exact):
            return f"deviation {apart(verdict.effect, verdict.delta)}"
        bounds = (verdict.null, verdict.delta, -verdict.delta)
        if isinstance(verdict.rule, Band):
            bounds = (verdict.rule.low, verdict.rule.high)
        return interval(verdict.effect, verdict.lower, verdict.upper, bounds)

    @property
    def bound(self) -> str:
        """What the effect is held against."""
        verdict = self.verdict
        if verdict is None or verdict.delta is None:
            return ""
        value = brief(verdict.delta)
        match verdict.rule:
            case Exact():
                return f"tolerance {value}"
            case Equivalent():
                return f"margin ±{value}"
            case Rate(than=None) | Level():
                return f"threshold {value}"
            case Band(low=low, high=high):
                return f"band {brief(low)} to {brief(high)}"
        return f"matters from {value}"

    @property
    def unit(self) -> str:
        """The unit of effect and bound; differences of percentages are points."""
        return points(self.verdict.unit) if self.verdict else ""

    @property
    def scaled(self) -> str:
        """What was scaled down from the setting that the claim is tied to."""
        return self.page.definition.scaled(self.claim)

    @property
    def rule(self) -> list[str]:
        """The rule as sentences, one for each part of a shape."""
        first, *rest = self.claim.verdict.sentences()
        return [first[0].upper() + first[1:], *rest]

    @property
    def fresh(self) -> str:
        """What fresh seeds alone judged: the claim, or parts of it; "" for nothing."""
        rule, wanted = self.claim.verdict, set(map(id, self.left_open))
        if not wanted or isinstance(rule, Comparison):
            return "it" if wanted else ""
        numbers = zip(rule.numbers(), rule.parts(), strict=True)
        return ", ".join(i for i, (part, _) in numbers if id(part) in wanted)

    @property
    def measured(self) -> str:
        """The word and what it was held against, in one line."""
        effect = f": {self.effect}, {self.bound}" if self.effect else ""
        unit = f" {self.unit}" if self.effect and self.unit else ""
        return f"{self.word}{effect}{unit}"

    @property
    def outlook(self) -> str:
        """What would change the verdict."""
        if self.verdict is None:
            return ""
        told = [outlook(self.claim.verdict, self.verdict, self.scaled)]
        told += [each.text for each in self.trainings]
        return " ".join(told)

    @cached_property
    def trainings(self) -> list[Training]:
        """What would settle it, of an open or scaled word."""
        if self.verdict is None:
            return []
        return settling(self.page.costs, self.claim, self.verdict)


def level(definition) -> float:
    """Return the level of each interval, in %, simultaneous over the page's claims."""
    judged = [each for each in definition.claims if each.verdict.tables()]
    return 100 - 5 / max(len(judged), 1)


def meanings(definition) -> list[str]:
    """Say of each kind of rule that parts of a page's claims are how it decides."""
    parts = (part for each in definition.claims for part, _ in each.verdict.parts())
    return [*dict.fromkeys(filter(None, (getattr(x, "meaning", "") for x in parts)))]
