"""The index over all pages: every claim of the ledger, judged or not."""

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from study.lab.report.findings import NOT_JUDGED, Finding, findings
from study.lab.report.markdown import template
from study.lab.report.page import Page

COLUMNS = (
    "id",
    "lecture",
    "kind",
    "claim",
    "experiment",
    "verdict",
    "reason",
    "effect",
    "lower",
    "upper",
    "delta",
    "unit",
    "replicates",
    "diverged",
    "profile",
)
SURPRISES = 5
WORDS = (
    "reproduced",
    "reproduced at this scale",
    "contradicted",
    "unresolved",
    "unresolved (scaled)",
    "exact",
    "refuted",
    "cited",
    "miscited",
    NOT_JUDGED,
)

MEANINGS = (
    (
        ("reproduced",),
        "The interval of the effect lies wholly on the claimed side, and not wholly "
        "below the smallest effect of interest, δ.",
    ),
    (
        ("contradicted",),
        "The interval lies wholly below δ: the effect is “opposite” (below 0), “weaker "
        "than claimed” (above 0) or there is “no such effect”.",
    ),
    (("unresolved",), "Neither: the page says how many seeds would settle it."),
    (
        ("reproduced at this scale", "unresolved (scaled)"),
        "The claim belongs to a setting that was scaled down here: it can be "
        "reproduced, but not contradicted.",
    ),
    (
        ("exact", "refuted"),
        "A fact, checked against what was computed: the largest deviation is within "
        "the tolerance, or not.",
    ),
    (
        ("cited", "miscited"),
        "A statement about history: the source bears it out, or not.",
    ),
)


@dataclass(frozen=True)
class Judged:
    """A finding and the page it stands on."""

    page: Page
    finding: Finding


def render_index(pages: Sequence[Page], ledger: Mapping) -> dict[str, bytes]:
    """Render the index and claims.csv.

    Args:
        pages: The pages there are.
        ledger: Claim's id to its row, in the ledger's order.
    """
    judged = _judged(pages, ledger)
    totals = Counter(_word(judged, each) for each in ledger)
    lectures: dict[str, list] = {}
    for row in ledger.values():
        lectures.setdefault(row.lecture, []).append((row, judged.get(row.id)))
    text = template("index.md.j2").render(
        findings=[(page, words(page, ledger)) for page in pages],
        surprises=_surprises(judged.values()),
        cost=_cost(pages),
        counts=[(word, totals[word]) for word in WORDS if totals[word]],
        total=len(ledger),
        lectures=lectures,
        errata=[
            (erratum, each)
            for each in judged.values()
            for erratum in each.finding.errata
        ],
        MEANINGS=MEANINGS,
        NOT_JUDGED=NOT_JUDGED,
    )
    return {"README.md": text.encode(), "claims.csv": _csv(ledger, judged)}


def words(page: Page, ledger: Mapping) -> str:
    """Count a page's verdicts: 2 reproduced, 1 contradicted."""
    return _counted(findings(page, ledger))


def readme_block(pages: Sequence[Page], ledger: Mapping) -> str:
    """Return what the project's README shows: the counts and the most surprising."""
    judged = _judged(pages, ledger).values()
    return template("block.md.j2").render(
        counts=_counted(each.finding for each in judged),
        surprises=_surprises(judged),
        total=len(ledger),
    )


def replace_block(text: str, block: str) -> str:
    """Put a block between its markers; text without them stays as it is."""
    markers = r"(<!-- verdicts -->\n).*?(<!-- /verdicts -->)"
    return re.sub(
        markers, lambda found: f"{found[1]}{block}{found[2]}", text, flags=re.DOTALL
    )


def _judged(pages, ledger):
    return {
        each.id: Judged(page, each)
        for page in pages
        for each in findings(page, ledger)
        if each.verdict
    }


def _surprises(judged):
    """Return of each page the contradicted claim that went farthest against it.

    Farthest is the effect in smallest effects of interest, on the wrong side.
    """
    found = {}
    for each in judged:
        verdict = each.finding.verdict
        if each.finding.word.startswith("contradicted") and verdict.delta:
            against = -verdict.effect / verdict.delta
            if against > found.get(each.page.name, (0, None))[0]:
                found[each.page.name] = against, each
    ranked = sorted(found.values(), key=lambda each: -each[0])
    return [each for _, each in ranked[:SURPRISES]]


def _cost(pages):
    """Return the rows and the minutes of all pages, and the devices."""
    seconds = sum(page.provenance["seconds"] for page in pages)
    return {
        "rows": sum(len(page.table) for page in pages),
        "minutes": seconds / 60,
        "devices": sorted({page.provenance["device"] for page in pages}),
    }


def _word(judged, id):
    return judged[id].finding.word if id in judged else NOT_JUDGED


def _counted(found):
    counts = Counter(each.word for each in found)
    return ", ".join(f"{counts[word]} {word}" for word in WORDS if counts[word])


def _csv(ledger, judged):
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in ledger.values():
        line = {name: getattr(row, name) for name in COLUMNS[:4]}
        line["verdict"] = _word(judged, row.id)
        if row.id in judged:
            page, verdict = judged[row.id].page, judged[row.id].finding.verdict
            line |= {name: getattr(verdict, name) for name in COLUMNS[6:14]}
            line |= {"experiment": page.name, "profile": page.profile.name}
        writer.writerow(line)
    return file.getvalue().encode()
