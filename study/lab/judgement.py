"""Judge every claim of a page from its table."""

import pandas as pd

from study.lab import arms
from study.lab.experiment import Claim, Experiment
from study.lab.verdicts import Cited, Verdict, judge


def judge_all(definition, table: pd.DataFrame) -> list[tuple[Claim, Verdict]]:
    """Judge a definition's claims; fresh replicates judge what the first left open.

    Every interval of the page is simultaneous over its claims: citations read no
    table and do not count. A claim whose runs are not all there is unresolved.
    """
    claims = sum(not isinstance(each.verdict, Cited) for each in definition.claims)
    return [
        (claim, _judge(definition, claim, table, max(claims, 1)))
        for claim in definition.claims
    ]


def unresolved(definition, table: pd.DataFrame) -> list[Claim]:
    """List the claims that call for fresh replicates."""
    return [
        claim
        for claim, verdict in judge_all(definition, table)
        if verdict.word.startswith("unresolved")
    ]


def compared(claims: list[Claim], cells: list[dict]) -> list[dict]:
    """Return the cells that the claims' rules read."""
    read = [arm for claim in claims for arm in claim.verdict.arms()]
    return [cell for cell in cells if any(arm.items() <= cell.items() for arm in read)]


def _judge(definition, claim, table, claims):
    for rows, replicates in _stages(definition, table):
        if _incomplete(claim.verdict.arms(), rows, replicates):
            verdict = Verdict(word="unresolved", reason="a program failed")
        else:
            verdict = judge(
                claim.verdict,
                rows,
                claims=claims,
                censored=definition.censored(),
                units=definition.units(),
                scaled=bool(claim.scaled),
            )
        if not verdict.word.startswith("unresolved"):
            break
    return verdict


def _stages(definition, table):
    """List the first rows and the fresh ones, with how many replicates an arm has."""
    if not isinstance(definition, Experiment):
        return [(table, None)]
    first = table["replicate"].isin(definition.first)
    stages = [(table[first], definition.replicates)]
    if not first.all():
        stages.append((table[~first], definition.extension))
    return stages


def _incomplete(swept, rows, replicates):
    return replicates is not None and any(
        arms.equal(rows, arm).sum() < replicates for arm in swept
    )
