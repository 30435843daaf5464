"""Leave a claim unresolved that reads an arm tuned to the edge of its grid."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from study.lab.rules import arms
from study.lab.rules.named import Tables, one
from study.lab.rules.words import Word

# The column in which a simulation that chooses values itself has those at an edge.
COLUMN = "edge"


def read_by(rule, edges: Iterable[Mapping]) -> list[Mapping]:
    """Return the cells at an edge of their grid that a rule reads."""
    return [x for x in edges if any(arm.items() <= x.items() for arm in rule.arms())]


def in_tables(rule, tables: Tables) -> list[Mapping]:
    """List the arms that a rule reads which have a value in the column `edge`."""
    found = []
    for part, _ in rule.parts():
        rows = one(tables, part.table)
        if COLUMN in rows:
            for arm in part.arms():
                values = rows[COLUMN][arms.equal(rows, arm)].dropna().unique()
                found += [{**arm, COLUMN: each} for each in values]
    return found


def at_most_unresolved(verdict, edges, plain):
    """Return a verdict that settles nothing where `edges` were read, and says why.

    No interval of these runs tells how good an arm is at a value that was not tried.
    """
    if not edges:
        return verdict
    where = "; ".join(map(plain.arm, edges))
    wider = f"A wider grid would settle it, with the best inside: {where}."
    reason = verdict.reason
    if verdict.word is not Word.UNRESOLVED:
        reason = f"a best value lies at the edge of its grid: {where}"
    return replace(
        verdict,
        word=Word.UNRESOLVED,
        reason=reason,
        lacks=f"{verdict.lacks} {wider}".strip(),
        seeds=None,
    )
