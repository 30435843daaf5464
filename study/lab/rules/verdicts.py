"""From a table, one row a run, to a verdict, by a rule declared before the run.

A rule is one of a closed set, `RULES`, each in a file of `study/lab/rules`. `Raises`,
`Lowers`, `DoesNotRaise`, `DoesNotLower`, `Band`, `Level` and `Stronger` compare arms by
natural margins; `Greater`, `Less`, `Equivalent` and `Rate` by margins of their own.
`Shape` wants all of several comparisons, `Each` says on what they depend, `Some` wants
one; `Controlled` names what must hold before its rule may speak. `Exact` checks a fact,
`Cited` records what a source says, `Readings` judges a fact by each of its readings. An
arm maps swept names to values and selects the runs equal to it in those columns.
`judge` reads the table and returns the `Verdict`. Of several tables a rule names its
own.
"""

import typing
from dataclasses import replace

from study.lab.rules.band import Band
from study.lab.rules.base import Reading, Verdict, diverged
from study.lab.rules.cited import Cited
from study.lab.rules.controlled import Control, Controlled
from study.lab.rules.difference import Greater, Less
from study.lab.rules.each import Each
from study.lab.rules.edges import at_most_unresolved, read_by
from study.lab.rules.equivalent import Equivalent
from study.lab.rules.exact import Exact
from study.lab.rules.keeps import DoesNotLower, DoesNotRaise
from study.lab.rules.level import Level
from study.lab.rules.margins import Margin
from study.lab.rules.moves import Lowers, Raises
from study.lab.rules.rate import Rate
from study.lab.rules.readings import Readings
from study.lab.rules.shape import Shape
from study.lab.rules.some import Some
from study.lab.rules.stronger import Stronger
from study.lab.rules.words import Word

Rule = (
    Raises
    | Lowers
    | DoesNotRaise
    | DoesNotLower
    | Band
    | Level
    | Stronger
    | Greater
    | Less
    | Equivalent
    | Rate
    | Shape
    | Each
    | Some
    | Controlled
    | Exact
    | Cited
    | Readings
)
RULES = typing.get_args(Rule)
FACTS = Exact, Cited, Readings
NAMES = f"{', '.join(each.__name__ for each in RULES[:-1])} or {RULES[-1].__name__}"
SCALED = {
    Word.REPRODUCED: Word.REPRODUCED_SCALED,
    Word.CONTRADICTED: Word.UNRESOLVED_SCALED,
    Word.DEPENDS: Word.UNRESOLVED_SCALED,
    Word.UNRESOLVED: Word.UNRESOLVED_SCALED,
}

__all__ = [*(each.__name__ for each in RULES), "Control", "Margin", "Verdict", "judge"]


def judge(
    rule,
    table,
    fresh=None,
    *,
    claims,
    censored=frozenset(),
    units=None,
    scaled=False,
    edges=(),
    **how,
):
    """The verdict of a rule on a table with one row a run.

    Runs are paired by the column `replicate`; where there is a column `diverged`,
    its numbers (steps) mark diverged runs. The intervals of a page with k `claims`
    are two-sided at 1 - 0.05/k: any of them misses in at most 5 % of pages.

    Args:
        rule: one of the rules of this module.
        table: a DataFrame, or a mapping from name to one where there are several.
            `Cited` reads none.
        fresh: the same of other seeds, which alone judge each comparison that
            the first leave unresolved.
        claims: k, the number of claims on the page.
        censored: names of measures that are step counts censored at the budget.
        units: from measure to unit, "%" for percentage points.
        scaled: whether the claim is tied to a source's setting that was scaled
            down. Then it can be reproduced, at this scale, but not contradicted.
        edges: cells with a tuned value at the edge of its grid, beyond which better
            ones may lie. A rule that reads one settles nothing.
        how: `budget`, `chance`, `stages`, `times` and `plain` of `Reading`.
    """
    if claims < 1:
        raise ValueError(
            "`claims` is the number of claims on the page: expected at least 1. "
            f"Received: claims={claims}. Count the one that is judged."
        )
    if not isinstance(rule, RULES):
        raise TypeError(
            f"Expected a rule: {NAMES}. Received: {rule!r}. Build one of these."
        )
    tables = [table] if fresh is None else [table, fresh]
    reading = _reading(tables, claims, censored, units, how)
    verdict = rule.judged(reading)
    read = sum(diverged(rule, each) for each in tables)
    verdict = at_most_unresolved(verdict, read_by(rule, edges), reading.plain)
    verdict = replace(verdict, diverged=read)
    return _scale(verdict) if scaled else verdict


def possible(rule: Rule, *, scaled: bool = False) -> set[Word]:
    """Return the words that a rule may come to."""
    return {SCALED.get(each, each) if scaled else each for each in rule.words()}


def undecided(rule, table, *, claims, censored=frozenset(), units=None, **how):
    """List the comparisons that a table leaves unresolved and fresh seeds may settle.

    None where the others decide: of a `Shape` one that contradicts, of an `Each` two
    that differ, of a `Some` one that reproduces, of a `Controlled` a control that
    fails. What a claim scaled down contradicts is decided too, at its scale.
    """
    reading = _reading([table], claims, censored, units, how)
    words = [part.judged(reading.part(among)).word for part, among in rule.parts()]
    return rule.undecided(words)


def _reading(tables, claims, censored, units, how):
    return Reading(
        tables=tables, alpha=0.05 / claims, censored=censored, units=units or {}, **how
    )


def _scale(verdict):
    word, reason = verdict.word, verdict.reason
    if word is Word.CONTRADICTED:
        reason = f"{reason} at this scale"
    if word is Word.DEPENDS:
        reason = f"at this scale {reason}"
    scaled = SCALED.get(word, word)
    return replace(verdict, word=scaled, reason=reason, unscaled=word)
