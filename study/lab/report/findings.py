"""The judged claims of a page, with the words that the page and the index print."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from study.lab.experiment import Claim, Erratum, Experiment
from study.lab.judgement import FAILED
from study.lab.measures import TestError
from study.lab.summaries import JOIN, apart, brief, interval, number
from study.lab.verdicts import Cited, Equivalent, Exact, Rate, Rule, Shape, Verdict

AGAINST = ("contradicted", "refuted", "miscited")
AT_THIS_SCALE = "at this scale"
NOT_JUDGED = "not yet judged"
TEST_IMAGES = {"MNIST": 10_000}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A claim, how it was judged and what came out.

    `verdict` is None where the profile judges nothing. `left_open` are the comparisons
    that the first seeds left unresolved and later ones alone judged. `errata` are the
    lecture's errors that it shows, confirmed by a verdict against the lecture.
    """

    claim: Claim
    text: str
    lecture: str
    lines: str
    verdict: Verdict | None
    left_open: tuple[Rule, ...]
    errata: tuple[Erratum, ...]

    @property
    def id(self) -> str:
        return self.claim.id

    @property
    def word(self) -> str:
        return self.verdict.word if self.verdict else NOT_JUDGED

    @property
    def reason(self) -> str:
        return self.verdict.reason if self.verdict else ""

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
        match deciding(self.claim.verdict, verdict):
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
        text = self.claim.verdict.sentence()
        return re.split(r" (?=\(\d+\) )", text[0].upper() + text[1:])

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
    def outlook(self) -> str:
        """What would change the verdict."""
        return outlook(self.claim, self.verdict) if self.verdict else ""


def findings(page, ledger: Mapping) -> list[Finding]:
    """Judge every claim of a page; a smoke run judges none."""
    if not page.profile.judged:
        judged, left_open = [(claim, None) for claim in page.definition.claims], {}
    else:
        judged, left_open = page.judged, page.left_open
    found = []
    for claim, verdict in judged:
        row = ledger.get(claim.id)
        wrong = verdict is not None and verdict.word in AGAINST
        found.append(
            Finding(
                claim=claim,
                text=row.claim if row else claim.text,
                lecture=row.lecture if row else "",
                lines=_lines(row.lines) if row else "",
                verdict=verdict,
                left_open=tuple(left_open.get(claim.id, ())),
                errata=tuple(
                    each
                    for each in page.definition.errata
                    if wrong and each.claim == claim.id
                ),
            )
        )
    return found


def level(definition) -> float:
    """Return the level of each interval, in %, simultaneous over the page's claims."""
    judged = [each for each in definition.claims if not isinstance(each.verdict, Cited)]
    return 100 - 5 / max(len(judged), 1)


def noise_floor(page, measure: str, error: float) -> float | None:
    """Return what the test set alone leaves open of an error, in percentage points.

    It is the half-width of a binomial 95 % interval; None for a measure that is not a
    share of a test set of many examples.
    """
    if not isinstance(page.definition, Experiment):
        return None
    (found,) = (each for each in page.definition.measures if each.name == measure)
    images = TEST_IMAGES.get(page.definition.data.name)
    if not isinstance(found, TestError) or images is None:
        return None
    share = error / 100
    return 196 * float(share * (1 - share) / images) ** 0.5


def deciding(rule: Rule, verdict: Verdict) -> Rule:
    """Return the rule that a verdict's numbers belong to: a shape's deciding part."""
    if not isinstance(rule, Shape):
        return rule
    named = [each for each in rule.comparisons if each.claim() in verdict.reason]
    return max(named, key=lambda each: len(each.claim()))


def outlook(claim: Claim, verdict: Verdict) -> str:
    """Say in a sentence or two what would change a verdict."""
    rule = claim.verdict
    if isinstance(rule, Cited):
        return "A reading of the source that says otherwise."
    if isinstance(rule, Exact):
        return _change_exact(verdict)
    if verdict.effect is None:
        if verdict.reason == FAILED:
            return "The runs that are missing."
        return "A number of each run that is compared."
    if verdict.reason.endswith(AT_THIS_SCALE):
        return (
            f"Scaled down ({claim.scaled}) the interval contradicts it; only the "
            "claim's own setting can settle it."
        )
    part = deciding(rule, verdict)
    match part:
        case Equivalent():
            text = _change_equivalent(verdict)
        case Rate(than=None):
            text = _change_rate(part, verdict)
        case _:
            text = _change_difference(verdict)
    if isinstance(rule, Shape):
        text = f"It hangs on whether {part.claim()}. {text}"
    if verdict.word.startswith("unresolved"):
        text += _seeds(verdict)
    return text


def _change_exact(verdict):
    tolerance = number(verdict.delta)
    if verdict.word == "exact":
        return f"Refuted if a deviation exceeded {tolerance}"
    return f"Exact if no deviation exceeded {tolerance}"


def _change_difference(verdict):
    lower, upper, delta = _ends(verdict)
    if verdict.word == "contradicted":
        return (
            f"No longer contradicted if the interval's upper end, {upper}, reached "
            f"δ = {delta}."
        )
    contradicted = f"contradicted if its upper end, {upper}, fell below δ = {delta}."
    if verdict.word.startswith("reproduced"):
        first = f"Unresolved if the interval's lower end, {lower}, fell to 0"
    else:
        first = f"Reproduced if the interval's lower end, {lower}, rose above 0"
    return f"{first}; {contradicted}"


def _change_equivalent(verdict):
    margin = brief(verdict.delta)
    if verdict.word == "contradicted":
        return f"No longer contradicted if the interval reached into ±{margin}."
    if verdict.word.startswith("reproduced"):
        return (
            f"Unresolved if an end of the interval left ±{margin}; contradicted if all "
            "of it did."
        )
    return (
        f"Reproduced if the interval lay inside ±{margin}; contradicted if it lay "
        "wholly outside."
    )


def _change_rate(rule, verdict):
    lower, upper, threshold = _ends(verdict)
    near, far = f"lower end, {lower},", f"upper end, {upper},"
    if rule.below is not None:
        near, far = far, near
    if verdict.word == "contradicted":
        return f"No longer contradicted if the interval's {far} reached {threshold}."
    if verdict.word.startswith("reproduced"):
        return (
            f"Unresolved if the interval's {near} reached {threshold}; contradicted if "
            f"its {far} crossed it too."
        )
    return (
        f"Reproduced if the interval's {near} crossed {threshold}; contradicted if its "
        f"{far} did."
    )


def _ends(verdict):
    text = interval(verdict.effect, verdict.lower, verdict.upper, (0, verdict.delta))
    lower, upper = text.partition("[")[2].rstrip("]").split(JOIN)
    return lower, upper, brief(verdict.delta)


def _seeds(verdict):
    if verdict.seeds is None:
        return " No number of seeds like these would settle it."
    return f" About {verdict.seeds:,} seeds like these would settle it."


def _lines(lines: str) -> str:
    several = any(each in lines for each in ";-")
    return f"{'lines' if several else 'line'} {lines.replace(';', ', ')}"
