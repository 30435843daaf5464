"""Tell what a page found: the text that its leading claim's word chooses, filled in."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from study.lab.declare.korean import Korean
from study.lab.declare.takeaway import (
    HELD,
    TEXTS,
    WHERE,
    Difference,
    Least,
    Number,
    Pair,
    Ratio,
)
from study.lab.errors import DefinitionError, StudyError, nearest
from study.lab.figures.base import select
from study.lab.rules.arms import name
from study.lab.rules.named import one
from study.lab.rules.plain import listing, points
from study.lab.rules.summaries import Summary, brief, number, printed, summarise
from study.lab.rules.verdicts import Readings
from study.lab.rules.words import Stance, Word
from study.lab.show.tongue import ENGLISH, KOREAN, Tongue


def takeaway(page, claims, korean: Korean | None = None) -> str:
    """Return a page's takeaway; "" where none is declared or nothing is judged.

    Args:
        page: The page.
        claims: Its judged claims, of which each has the page whose runs judge it.
        korean: The translations, to return it in Korean; "" where there is none.
    """
    told = page.definition.takeaway
    failed = page.provenance.get("failed")
    if told is None or failed or not page.profile.judged:
        return ""
    leading = told.leading(page.definition)
    if leading is None:
        return _said(page, TEXTS[Stance.NONE], {}, korean)
    (found,) = (each for each in claims if each.id == leading.id)
    level = TEXTS[found.word.stance]
    if level not in found.page.definition.takeaway.texts:
        if page.elsewhere:  # whose sizes allow other words
            return ""
        raise StudyError(
            f"{page.name}: takeaway: expected a text for what came out. Received: none "
            f"for {level!r}; write takeaway.{level}"
        )
    held = sum(each.word.stance is Stance.FOR for each in claims)
    tongue = ENGLISH if korean is None else KOREAN
    more = {HELD: tongue.share(held, len(claims))}
    if found.word is Word.DEPENDS:
        more[WHERE] = _where(found.claim.verdict, found.verdict)
    return _said(found.page, level, more, korean)


def _said(page, level, more, korean):
    """Return a text of a page's takeaway, filled; in Korean where that is asked for."""
    if korean is None:
        return filled(page, level, more)
    told = page.definition.takeaway
    text = korean.text(page.name, level, told.texts[level])
    if WHERE in told.named(level):
        where = korean.text(page.name, WHERE, more[WHERE])
        if not where:
            return ""
        more = {**more, WHERE: where}
    return text.format_map(_numbers(page, level, KOREAN) | more)


def filled(page, level: str, more: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return one of the texts of a page's takeaway, with the numbers of its tables.

    Args:
        page: The page.
        level: The text's name.
        more: What is told of verdicts: `held` and `where`.

    Raises:
        StudyError: A number is not there, or the text is not plain or too long.
    """
    told = page.definition.takeaway
    try:
        return told.filled(level, _numbers(page, level, ENGLISH) | more)
    except (DefinitionError, ValueError) as error:
        raise StudyError(f"{page.name}: {error}") from error


def _numbers(page, level, tongue):
    """Tell the numbers that a text of a page's takeaway names."""
    told = page.definition.takeaway
    names = [each for each in told.named(level) if each in told.numbers]
    return {each: tell(page, told.numbers[each], "takeaway", tongue) for each in names}


def _where(rule, verdict) -> str:
    """Say in which cases a claim holds that depends, and in which not."""
    if not isinstance(rule, Readings):
        return verdict.reason
    named = [*zip(rule.readings, verdict.parts, strict=True)]
    for_, against = (
        listing([name for (name, _), part in named if part.word.stance is stance])
        for stance in (Stance.FOR, Stance.AGAINST)
    )
    return f"{for_}, not {against}"


def tell(page, wanted: Number | Pair, where: str, tongue: Tongue = ENGLISH) -> str:
    """Tell a number of a page's tables with its unit.

    Args:
        page: The page.
        wanted: The number.
        where: Whose number it is, with which messages begin.
        tongue: In which language.

    Raises:
        DefinitionError: It is not there, or has no unit.
    """
    try:
        return _told(page, wanted, tongue)
    except DefinitionError as error:
        raise DefinitionError(f"{where}.{error}") from error


def _told(page, wanted, tongue):
    match wanted:
        case Number():
            return _alone(page, wanted, tongue)
        case Ratio():
            first, second = (_certain(page, each).center for each in wanted.read())
            return _rough(first / second)
        case Difference():
            return _difference(page, wanted, tongue)


def _alone(page, wanted, tongue):
    if isinstance(wanted, Least):
        wanted = _least(page, wanted)
    summary = _summary(page, wanted)
    if summary.kind == "share":
        return tongue.share(summary.reached, summary.runs)
    unit = _unit(page, wanted)
    if summary.center >= summary.budget:
        return tongue.more(number(summary.budget), unit)
    return tongue.amount(_plain(summary), unit)


def _least(page, wanted) -> Number:
    """Return the number of the cell whose center is the least."""
    rows, sweep = select(page.table, wanted.arm), [*page.results.sweep]
    cells = rows[sweep].drop_duplicates().to_dict("records")
    numbers = (Number(wanted.measure, each, unit=wanted.unit) for each in cells)
    return min(numbers, key=lambda each: _summary(page, each).center)


def _plain(summary):
    """Print a center to the digits that are sure, to three at most."""
    center, wide = summary.center, summary.upper - summary.lower
    if center == 0 or not 0 < wide < math.inf:
        return brief(center)
    sure, *_ = printed(center, summary.lower, summary.upper)
    three = number(center, max(0, 2 - math.floor(math.log10(abs(center)))))
    return min(sure, three, key=len)


def _difference(page, wanted, tongue):
    first, second = (_certain(page, each) for each in wanted.read())
    unit = _unit(page, wanted.number)
    difference = _rough(first.center - second.center)
    return tongue.amount(difference, points(unit))


def _rough(value: float) -> str:
    """Print a number to two significant digits."""
    return number(float(f"{value:.2g}"))


def _certain(page, wanted) -> Summary:
    """Summarize what is compared, which is no count that ended before it came."""
    summary = _summary(page, wanted)
    if summary.center >= summary.budget:
        raise DefinitionError(
            f"numbers: expected a known `{wanted.measure}`, to compare it. "
            f"Received: more than {number(summary.budget)} {_of(wanted)}; tell it alone"
        )
    return summary


def _unit(page, wanted):
    """Return what follows a number."""
    unit = wanted.unit or page.definition.units().get(wanted.measure)
    if unit or wanted.unit == "":
        return unit or ""
    raise DefinitionError(
        f"numbers: expected a unit after `{wanted.measure}`, which has none. "
        'Received: unit=None; say unit="" where the sentence says what is counted'
    )


def _summary(page, wanted) -> Summary:
    """Summarize the runs of a number, one a seed."""
    table = one(page.table, wanted.table)
    for column in (wanted.measure, *wanted.arm):
        if column not in table:
            raise DefinitionError(
                f"numbers: no such column in {wanted.table}.csv. Received: "
                f"{column!r}; {nearest(column, table.columns)}"
            )
    rows = select(table, wanted.arm)
    if rows.empty:
        raise DefinitionError(
            f"numbers: expected rows {_of(wanted)} in {wanted.table}.csv. "
            "Received: none"
        )
    one_a_seed = "replicate" in rows and rows["replicate"].is_unique
    if len(rows) > 1 and not one_a_seed:
        skipped = {*page.definition.units(), "replicate"}
        apart = [x for x in rows if x not in skipped and rows[x].nunique(False) > 1]
        raise DefinitionError(
            f"numbers: expected one row a seed {_of(wanted)} in "
            f"{wanted.table}.csv. Received: {len(rows)}, which differ in "
            f"{', '.join(apart)}"
        )
    return summarise(page.seen_by(wanted).results, wanted.measure, rows)


def _of(wanted):
    return f"of {name(wanted.arm)}"
