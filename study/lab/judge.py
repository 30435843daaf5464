"""Judge every claim of a page from its tables."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from study.lab.declare.definition import Claim
from study.lab.declare.experiment import Experiment
from study.lab.rules import arms
from study.lab.rules.named import Tables, one
from study.lab.rules.plain import Plain
from study.lab.rules.summaries import lost
from study.lab.rules.verdicts import (
    Exact,
    Rule,
    Verdict,
    judge,
    undecided,
)
from study.lab.rules.words import Word

FAILED = Verdict(
    word=Word.UNRESOLVED,
    reason="a program failed",
    lacks="The runs that are missing.",
)


def judge_all(
    definition, tables: Tables, edges=(), told: Mapping = MappingProxyType({})
) -> list[tuple[Claim, Verdict]]:
    """Judge a definition's claims; fresh replicates judge what the first left open.

    Every interval of the page is simultaneous over its claims: citations read no
    table and do not count. A claim whose runs are not all there is unresolved, and so
    is one that reads a cell of `edges`, whose best value lies at the edge of its grid.
    Reasons tell arms as `told` says, which `Plain` explains.
    """
    first, fresh = _stages(definition, tables)
    left_open = {} if fresh.empty else undecided_all(definition, tables)
    how = _how(definition, told) | {"edges": edges}
    return [
        (
            each,
            _judge(definition, each, first, fresh, left_open.get(each.id, ()), how),
        )
        for each in definition.claims
    ]


def judged_otherwise(
    definition, claim: Claim, tables: Tables, edges=(), **how
) -> Verdict:
    """Judge a claim otherwise than it was declared, by the runs that there are.

    Args:
        definition: The definition.
        claim: One of its claims.
        tables: Its tables, or others like them.
        edges: As for `judge_all`.
        **how: What is otherwise, as `Reading` has it: `times` or `budget`.
    """
    first, fresh = _stages(definition, tables)
    how = _how(definition) | how
    left_open = []
    if not fresh.empty and not _unknown(definition, claim.verdict, first):
        left_open = undecided(claim.verdict, first, **how)
    read = [arm for each in left_open for arm in each.arms()]
    there = left_open and _complete(read, fresh, definition.extension)
    fresh = fresh if there else None
    return _known(definition, claim, first, fresh, how | {"edges": edges})


def undecided_all(definition, table: pd.DataFrame) -> dict[str, list[Rule]]:
    """Map claims to those of their comparisons that call for fresh replicates."""
    first, _ = _stages(definition, table)
    found = {
        claim.id: undecided(claim.verdict, first, **_how(definition))
        for claim in definition.claims
        if _complete(claim.verdict.arms(), first, definition.replicates)
        and not _unknown(definition, claim.verdict, first)
    }
    return {claim: comparisons for claim, comparisons in found.items() if comparisons}


def lacks_fresh(definition: Experiment, table: pd.DataFrame) -> bool:
    """Say whether rules call for fresh replicates and the table has none of them."""
    _, fresh = _stages(definition, table)
    return fresh.empty and bool(undecided_all(definition, table))


def compared(comparisons: list[Rule], cells: list[dict]) -> list[dict]:
    """Return the cells that comparisons read."""
    read = [arm for each in comparisons for arm in each.arms()]
    return [cell for cell in cells if any(arm.items() <= cell.items() for arm in read)]


def _judge(definition, claim, first, fresh, left_open, how):
    read = [arm for each in left_open for arm in each.arms()]
    if isinstance(definition, Experiment) and not (
        _complete(claim.verdict.arms(), first, definition.replicates)
        and _complete(read, fresh, definition.extension)
    ):
        return FAILED
    return _known(definition, claim, first, fresh if left_open else None, how)


def _known(definition, claim, first, fresh, how):
    """Judge a claim where every run that it compares has a number."""
    for table in (first, fresh):
        if table is None:
            continue
        if reason := _unknown(definition, claim.verdict, table):
            lacks = "A number of each run that is compared."
            return Verdict(word=Word.UNRESOLVED, reason=reason, lacks=lacks)
    scaled = bool(definition.scaled(claim))
    return judge(claim.verdict, first, fresh, scaled=scaled, **how)


def _unknown(definition, rule, tables):
    """Say of which measure runs that a rule compares have no number; "" for none."""
    parts = [x for x, _ in rule.parts() if not isinstance(x, Exact)]
    for part in parts:  # a fact is refuted by such a number
        rows = one(tables, part.table)
        read = np.zeros(len(rows), bool)
        for arm in part.arms():
            read |= arms.equal(rows, arm)
        found = rows[read]
        for measure in sorted(part.measures()):
            without, why = lost(found, measure)
            if without:
                what = _plain(definition, {}).measure(measure)
                return f"{what}: {why} in {without} of {len(found)} runs"
    return ""


def _how(definition, told=MappingProxyType({})):
    claims = sum(bool(each.verdict.tables()) for each in definition.claims)
    return {
        "claims": max(claims, 1),
        "censored": definition.censored(),
        "units": definition.units(),
        "budget": definition.budget_of,
        "chance": definition.chance,
        "stages": 2 if getattr(definition, "extension", 0) else 1,
        "plain": _plain(definition, told),
    }


def _plain(definition, told):
    labels = {each.name: each.label for each in definition.measures}
    return Plain(labels, definition.units(), told)


def _stages(definition, table):
    """Return the first rows and the fresh ones."""
    if not isinstance(definition, Experiment):
        return table, pd.DataFrame()
    first = table["replicate"].isin(definition.first)
    return table[first], table[~first]


def _complete(swept, rows, replicates):
    return all(arms.equal(rows, arm).sum() >= replicates for arm in swept)
