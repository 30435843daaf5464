"""The judged claims of a page, with the words that the page and the index print."""

from dataclasses import dataclass
from typing import Any

from study.lab.declare.experiment import Claim, Erratum
from study.lab.declare.registry import LedgerRow
from study.lab.rules.summaries import apart, brief, interval, number, printed
from study.lab.rules.verdicts import (
    Cited,
    Equivalent,
    Exact,
    Rate,
    Rule,
    Shape,
    Verdict,
)
from study.lab.rules.words import Stance, Word


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
        smaller: The same claim as runs of the standard size judge it, where those at
            the source's own size did so too.
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

    def where(self, erratum: Erratum) -> str:
        """Where the lecture says what is wrong."""
        return self.row.lectures.told(erratum.where) if self.row else erratum.where

    @property
    def word(self) -> Word:
        return self.verdict.word if self.verdict else Word.NOT_JUDGED

    @property
    def reason(self) -> str:
        return self.verdict.reason if self.verdict else ""

    @property
    def errata(self) -> list[Erratum]:
        """The lecture's errors that it shows, by a verdict against the lecture."""
        if self.word.stance is not Stance.AGAINST:
            return []
        errata = self.page.definition.errata
        return [each for each in errata if each.claim == self.id]

    @property
    def effect(self) -> str:
        """The effect and its interval, or the largest deviation."""
        verdict = self.verdict
        if verdict is None or verdict.effect is None:
            return ""
        if isinstance(self.claim.verdict, Exact):
            return f"deviation {apart(verdict.effect, verdict.delta)}"
        bounds = (0, verdict.delta, -verdict.delta)
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
            case Rate(than=None):
                return f"threshold {value}"
        return f"δ = {value}"

    @property
    def unit(self) -> str:
        """The unit of effect and bound; differences of percentages are points."""
        unit = self.verdict.unit if self.verdict else ""
        return "points" if unit == "%" else unit

    @property
    def rule(self) -> list[str]:
        """The rule as sentences, one for each part of a shape."""
        first, *rest = self.claim.verdict.sentences()
        return [first[0].upper() + first[1:], *rest]

    @property
    def fresh(self) -> str:
        """What fresh seeds alone judged: the claim, or parts of it; "" for nothing."""
        rule, wanted = self.claim.verdict, set(map(id, self.left_open))
        if not wanted or not isinstance(rule, Shape):
            return "it" if wanted else ""
        parts = [
            f"({i})" for i, part in enumerate(rule.comparisons, 1) if id(part) in wanted
        ]
        return ", ".join(parts)

    @property
    def measured(self) -> str:
        """The word and what it was held against, in one line."""
        effect = f": {self.effect}, {self.bound}" if self.effect else ""
        unit = f" {self.unit}" if self.effect and self.unit else ""
        return f"{self.word}{effect}{unit}"

    @property
    def outlook(self) -> str:
        """What would change the verdict."""
        return outlook(self.claim, self.verdict) if self.verdict else ""


def level(definition) -> float:
    """Return the level of each interval, in %, simultaneous over the page's claims."""
    judged = [each for each in definition.claims if not isinstance(each.verdict, Cited)]
    return 100 - 5 / max(len(judged), 1)


def outlook(claim: Claim, verdict: Verdict) -> str:
    """Say in a sentence or two what would change a verdict."""
    rule = claim.verdict
    if isinstance(rule, Cited):
        return "A reading of the source that says otherwise."
    if isinstance(rule, Exact):
        return _change_exact(verdict)
    if verdict.lacks:
        return verdict.lacks
    if verdict.unscaled is Word.CONTRADICTED:
        return (
            f"Scaled down ({claim.scaled}) the interval contradicts it; only the "
            "claim's own setting can settle it."
        )
    match verdict.rule:
        case Equivalent():
            text = _change_equivalent(verdict)
        case Rate(than=None):
            text = _change_rate(verdict)
        case _:
            text = _change_difference(verdict)
    if isinstance(rule, Shape):
        text = f"It hangs on whether {verdict.rule.claim()}. {text}"
    if verdict.word.stance is Stance.OPEN:
        text += _seeds(verdict)
    return text


def _change_exact(verdict):
    tolerance = number(verdict.delta)
    if verdict.word is Word.EXACT:
        return f"Refuted if a deviation exceeded {tolerance}"
    return f"Exact if no deviation exceeded {tolerance}"


def _change_difference(verdict):
    lower, upper, delta = _ends(verdict)
    if verdict.word is Word.CONTRADICTED:
        return (
            f"No longer contradicted if the interval's upper end, {upper}, reached "
            f"δ = {delta}."
        )
    contradicted = f"contradicted if its upper end, {upper}, fell below δ = {delta}."
    if verdict.word.stance is Stance.FOR:
        first = f"Unresolved if the interval's lower end, {lower}, fell to 0"
    else:
        first = f"Reproduced if the interval's lower end, {lower}, rose above 0"
    return f"{first}; {contradicted}"


def _change_equivalent(verdict):
    margin = brief(verdict.delta)
    if verdict.word is Word.CONTRADICTED:
        return f"No longer contradicted if the interval reached into ±{margin}."
    if verdict.word.stance is Stance.FOR:
        return (
            f"Unresolved if an end of the interval left ±{margin}; contradicted if all "
            "of it did."
        )
    return (
        f"Reproduced if the interval lay inside ±{margin}; contradicted if it lay "
        "wholly outside."
    )


def _change_rate(verdict):
    lower, upper, threshold = _ends(verdict)
    near, far = f"lower end, {lower},", f"upper end, {upper},"
    if verdict.rule.below is not None:
        near, far = far, near
    if verdict.word is Word.CONTRADICTED:
        return f"No longer contradicted if the interval's {far} reached {threshold}."
    if verdict.word.stance is Stance.FOR:
        return (
            f"Unresolved if the interval's {near} reached {threshold}; contradicted if "
            f"its {far} crossed it too."
        )
    return (
        f"Reproduced if the interval's {near} crossed {threshold}; contradicted if its "
        f"{far} did."
    )


def _ends(verdict):
    bounds = (0, verdict.delta)
    _, lower, upper = printed(verdict.effect, verdict.lower, verdict.upper, bounds)
    return lower, upper, brief(verdict.delta)


def _seeds(verdict):
    if verdict.seeds is None:
        return " No number of seeds like these would settle it."
    return f" About {verdict.seeds:,} seeds like these would settle it."
