"""Say what would change a verdict."""

from study.lab.rules.base import Comparison
from study.lab.rules.summaries import brief, number, printed
from study.lab.rules.tipping import tipping
from study.lab.rules.verdicts import (
    Band,
    Cited,
    Controlled,
    DoesNotRaise,
    Each,
    Equivalent,
    Exact,
    Level,
    Raises,
    Rate,
    Readings,
    Rule,
    Stronger,
    Verdict,
)
from study.lab.rules.words import Stance, Word


def outlook(rule: Rule, verdict: Verdict, scaled: str = "") -> str:
    """Say in a sentence or two what would change a verdict.

    Args:
        rule: The claim's rule.
        verdict: The verdict.
        scaled: What was scaled down from the claim's own setting.
    """
    if isinstance(rule, Cited):
        return "A reading of the source that says otherwise."
    if isinstance(rule, Readings) and verdict.word is Word.DEPENDS:
        return "It would hold if all of its readings did, and not if none did."
    if isinstance(rule, Readings):
        return outlook(verdict.rule, verdict)
    if isinstance(rule, Exact):
        return _change_exact(verdict)
    if verdict.lacks:
        return verdict.lacks
    if verdict.unscaled in (Word.CONTRADICTED, Word.DEPENDS):
        return (
            f"Scaled down ({scaled}) the interval contradicts it; only the "
            "claim's own setting can settle it."
        )
    parts = _by_parts(rule, verdict)
    if _lost(parts, verdict):
        return (
            f"Scaled down ({scaled}) the interval of a part contradicts it; only the "
            "claim's own setting can settle it."
        )
    if verdict.word is Word.DEPENDS:
        return _change_depends(rule, verdict)
    text = _change(verdict)
    if any(each.rule is verdict.rule for each in parts):
        text = f"It hangs on whether {verdict.rule.claim()}. {_of_part(text)}"
    elif not isinstance(rule, Comparison):
        text = f"It hangs on whether {verdict.rule.claim()}. {text}"
    if verdict.word.stance is Stance.OPEN:
        text += _seeds(verdict)
    return text


def futile(rule: Rule, verdict: Verdict) -> bool:
    """Say whether no seeds settle a claim, since it is scaled down and a part fails.

    Whatever the other parts came to, it would depend or be contradicted, which no
    claim is that is scaled down.
    """
    return _lost(_by_parts(rule, verdict), verdict)


def _lost(parts, verdict):
    fails = any(each.word is Word.CONTRADICTED for each in parts)
    return fails and verdict.unscaled is not None


def _by_parts(rule, verdict):
    """Return the parts of what is open until each is decided; none of others."""
    controls = 0
    if isinstance(rule, Controlled):
        controls, rule = len(rule.controls), rule.rule
    left = verdict.word.stance is Stance.OPEN and isinstance(rule, Each)
    return verdict.parts[controls:] if left else ()


def _change_depends(rule, verdict):
    """Tell of the part that tips the word first what would."""
    part, among = tipping(rule, verdict)
    hold = "hold" if part.word is Word.REPRODUCED else "do not"
    surest = f", the surest of the {among} parts that {hold}" if among > 1 else ""
    return (
        "Reproduced if all of its parts were, contradicted if none was. "
        f"It hangs on whether {part.rule.claim()}{surest}. "
        f"{_of_part(_change(part))}"
    )


def _of_part(change):
    return f"That part would be {change[0].lower()}{change[1:]}"


def _change(verdict):
    match verdict.rule:
        case Equivalent():
            return _change_inside(verdict, f"±{brief(verdict.delta)}")
        case DoesNotRaise():
            return _change_kept(verdict)
        case Band():
            low, high = verdict.rule.low, verdict.rule.high
            return _change_inside(verdict, f"{brief(low)} to {brief(high)}")
        case Rate(than=None) | Level():
            return _change_level(verdict)
    return _change_difference(verdict)


def _change_exact(verdict):
    tolerance = number(verdict.delta)
    if verdict.word is Word.EXACT_CONDITION:
        return (
            f"Refuted if a deviation exceeded {tolerance} on that condition; exact "
            "without it if none did otherwise"
        )
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
    null = brief(verdict.null)
    if verdict.word.stance is Stance.FOR:
        first = f"Unresolved if the interval's lower end, {lower}, fell to {null}"
    else:
        first = f"Reproduced if the interval's lower end, {lower}, rose above {null}"
    if isinstance(verdict.rule, Raises | Stronger):
        fell = verdict.word.stance is Stance.FOR
        first += " or the effect below δ" if fell else " and the effect reached δ"
    return f"{first}; {contradicted}"


def _change_level(verdict):
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


def _change_kept(verdict):
    lower, upper, delta = _ends(verdict)
    contradicted = f"contradicted if its lower end, {lower}, rose above δ = {delta}."
    if verdict.word is Word.CONTRADICTED:
        return (
            f"No longer contradicted if the interval's lower end, {lower}, fell to "
            f"δ = {delta}."
        )
    if verdict.word.stance is Stance.FOR:
        first = f"Unresolved if the interval's upper end, {upper}, reached δ"
    else:
        first = f"Reproduced if the interval's upper end, {upper}, fell below δ"
    return f"{first}; {contradicted}"


def _change_inside(verdict, band):
    if verdict.word is Word.CONTRADICTED:
        return f"No longer contradicted if the interval reached into {band}."
    if verdict.word.stance is Stance.FOR:
        return (
            f"Unresolved if an end of the interval left {band}; contradicted if all of "
            "it did."
        )
    return (
        f"Reproduced if the interval lay inside {band}; contradicted if it lay wholly "
        "outside."
    )


def _ends(verdict):
    bounds = (verdict.null, verdict.delta)
    _, lower, upper = printed(verdict.effect, verdict.lower, verdict.upper, bounds)
    return lower, upper, brief(verdict.delta)


def _seeds(verdict):
    if verdict.seeds is None:
        return " No number of seeds like these would settle it."
    return f" About {verdict.seeds:,} seeds like these would settle it."
