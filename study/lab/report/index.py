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
    words = Counter(_word(judged, each) for each in ledger)
    lectures: dict[str, list] = {}
    for row in ledger.values():
        lectures.setdefault(row.lecture, []).append((row, judged.get(row.id)))
    text = template("index.md.j2").render(
        findings=[(page, _words(findings(page, ledger))) for page in pages],
        counts=[(word, words[word]) for word in WORDS if words[word]],
        total=len(ledger),
        lectures=lectures,
        errata=[
            (erratum, each)
            for each in judged.values()
            for erratum in each.finding.errata
        ],
        NOT_JUDGED=NOT_JUDGED,
    )
    return {"README.md": text.encode(), "claims.csv": _csv(ledger, judged)}


def readme_block(pages: Sequence[Page], ledger: Mapping) -> str:
    """Return the table of findings for the project's README."""
    rows = []
    for page in pages:
        found = [each for each in findings(page, ledger) if each.verdict]
        if found:
            rows.append((page, _words(found), min(found, key=_rank)))
    return template("block.md.j2").render(rows=rows)


def replace_block(text: str, block: str, name: str = "verdicts") -> str:
    """Put a block between its markers; text without them stays as it is."""
    markers = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
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


def _word(judged, id):
    return judged[id].finding.word if id in judged else NOT_JUDGED


def _words(found):
    """Count verdicts by word: 2 reproduced, 1 contradicted."""
    counts = Counter(each.word for each in found)
    return ", ".join(f"{counts[word]} {word}" for word in WORDS if counts[word])


def _rank(finding):
    """What surprises comes first: a verdict against the lecture, then one for it."""
    order = ("contradicted", "refuted", "miscited", "reproduced", "exact")
    words = [each for each in order if finding.word.startswith(each)]
    return order.index(words[0]) if words else len(order)


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
            line |= {"experiment": page.name, "profile": page.profile}
        writer.writerow(line)
    return file.getvalue().encode()
