"""The index over all pages: every claim of the ledger, judged or not."""

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from study.lab.declare.errata import STATUSES
from study.lab.declare.profiles import SOURCE
from study.lab.rules.words import Word, meanings
from study.lab.scalars import printed
from study.lab.show.book import Book
from study.lab.show.catalog import CLAIMS
from study.lab.show.markdown import part, template

# Of these some are the ledger's, some the page's, and some the verdict's.
CLAIM = "id", "lecture", "kind", "claim"
VERDICT = (
    "reason",
    "effect",
    "lower",
    "upper",
    "delta",
    "unit",
    "replicates",
    "diverged",
)
# What would settle an open or scaled word.
TRAINING = "command", "device", "hours"
COLUMNS = (
    *(*CLAIM, "experiment", "level", "verdict", *VERDICT, "profile", "takeaway"),
    *TRAINING,
)
SURPRISES = 5
SET = Path("elsewhere", "set.json")  # beside tables of runs on another data set


def render_index(book: Book) -> dict[str, bytes]:
    """Render the index and claims.csv."""
    judged = book.judged
    lectures: dict[str, list] = {}
    for row in book.ledger.values():
        lectures.setdefault(row.lecture, []).append((row, judged.get(row.id)))
    text = template("index.md.j2").render(
        book=book,
        surprises=_surprises(judged),
        found=book.found,
        cost=_cost(book.pages),
        larger=_larger(book),
        levels=book.levels,
        total=len(book.ledger),
        lectures=lectures,
        elsewhere=any((each.folder.parent / SET).exists() for each in book.pages),
        teach=any(map(book.taught, book.pages)),
        errata=book.errata(book.ledger, judged),
        STATUSES=STATUSES,
        meanings=meanings(),
        NOT_JUDGED=Word.NOT_JUDGED,
    )
    return {"README.md": text.encode(), CLAIMS: _csv(book)}


def readme_block(book: Book, findings: Iterable[str] = ()) -> str:
    """Return what the project's README shows: the counts, and what findings say first.

    Args:
        book: The pages and their judged claims.
        findings: The names of those that speak there.
    """
    pages = {page.name: page for page in book.pages}
    return template("block.md.j2").render(
        larger=_larger(book, "reports/"),
        levels=book.levels,
        told=[(pages[each], book.opening(pages[each])) for each in findings],
        total=len(book.ledger),
    )


def _larger(book, folder=""):
    """Return what overviews tell of larger runs; "" where no finding declares any."""
    sized = book.sized
    larger = [each for each in sized if each.page.profile == SOURCE]
    values = {
        "sized": len(sized),
        "larger": larger,
        "apart": [x for x in larger if x.smaller and x.word != x.smaller.word],
        "folder": folder,
    }
    return part("larger.md.j2", values) if sized else ""


def fill_readme(text: str, book: Book) -> str:
    """Put the block between its markers; text without them stays as it is.

    The first marker names the findings that are to speak there, those of which there
    is no page being left out: `<!-- verdicts: xor, augmentation -->`.
    """
    there = {page.name for page in book.pages}

    def block(found):
        names = [each.strip() for each in found[2].split(",")]
        told = readme_block(book, [each for each in names if each in there])
        return f"{found[1]}{told}{found[3]}"

    markers = r"(<!-- verdicts:?(.*?) -->\n).*?(<!-- /verdicts -->)"
    return re.sub(markers, block, text, flags=re.DOTALL)


def _surprises(judged):
    """Return of each page the contradicted claim that went farthest against it.

    Farthest is the effect in smallest effects of interest, on the wrong side.
    """
    found = {}
    for each in judged.values():
        verdict = each.verdict
        if each.word is Word.CONTRADICTED and verdict.delta != verdict.null:
            reach = verdict.delta - verdict.null
            against = (verdict.null - verdict.effect) / reach
            if against > found.get(each.page.name, (0, None))[0]:
                found[each.page.name] = against, each
    ranked = sorted(found.values(), key=lambda each: -each[0])
    return [each for _, each in ranked[:SURPRISES]]


def _cost(pages):
    """Return the rows and the minutes of all pages, and the devices."""
    seconds = sum(page.provenance["seconds"] for page in pages)
    return {
        "rows": sum(page.rows for page in pages),
        "minutes": seconds / 60,
        "devices": sorted({page.provenance["device"] for page in pages}),
    }


def _csv(book):
    judged, file = book.judged, io.StringIO()
    found = book.found
    writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in book.ledger.values():
        line = {name: getattr(row, name) for name in CLAIM}
        word = judged[row.id].word if row.id in judged else Word.NOT_JUDGED
        line |= {"level": word.stance.level, "verdict": word}
        if each := judged.get(row.id):
            line |= {name: _value(getattr(each.verdict, name)) for name in VERDICT}
            line |= {"experiment": each.page.name, "profile": each.page.profile.name}
            line["takeaway"], _ = found.get(row.id, ("", None))
            for training in each.trainings[:1]:
                line |= {name: getattr(training, name) for name in TRAINING}
                line["hours"] = training.hours and f"{training.hours:.2g}"
        writer.writerow(line)
    return file.getvalue().encode()


def _value(found):
    return printed(found) if isinstance(found, float) else found
