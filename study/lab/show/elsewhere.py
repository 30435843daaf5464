"""Write pages of findings on another data set, beside what was found on their own."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from study.lab.data.prepared import from_json
from study.lab.declare import elsewhere, profiles, registry
from study.lab.declare.profiles import Profile
from study.lab.declare.registry import Finding, LedgerRow
from study.lab.errors import StudyError
from study.lab.files.store import write
from study.lab.rules.words import Stance, Word, levels
from study.lab.show import catalog, states
from study.lab.show.book import Book
from study.lab.show.claims import JudgedClaim
from study.lab.show.index import SET
from study.lab.show.markdown import template
from study.lab.show.page import load_page
from study.lab.show.pages import render_pages

# The page of findings that are tried on another data set, and the folder of its tables.
TABLES = SET.parent.name
STANDARD = profiles.PROFILES["standard"]


def publish(
    findings: list[Finding],
    ledger: Mapping[str, LedgerRow],
    folder: Path,
    profile: Profile,
    reports: Path,
) -> Book:
    """Render findings on another data set that have tables, and an overview of them.

    Args:
        findings: The findings, moved to the data set.
        ledger: Claim's id to its row.
        folder: Where the pages stand.
        profile: At which profile they were run.
        reports: The folder of the pages on the definitions' own data set.
    """
    there, book = words(reports), Book(ledger)
    said = [(each, states.say(each, folder, profile)) for each in findings]
    render_pages(said, book, folder, profile, there=there)
    if book.pages:
        write(folder / "README.md", _overview(book, there))
    return book


def words(reports: Path) -> dict[str, str]:
    """Map claims to their words as they stand in a folder of pages."""
    if not (reports / catalog.CLAIMS).exists():
        return {}
    return {row["id"]: row["verdict"] for row in catalog.claims(reports)}


def _overview(book, there):
    first = book.pages[0].elsewhere
    text = template("moved.md.j2").render(
        prepared=first.prepared,
        own=first.original.data.name,
        RULE=elsewhere.RULE,
        there=there,
        rows=[(page, each) for page in book.pages for each in book.claims(page)],
    )
    return text.encode()


@dataclass(frozen=True)
class Beside:
    """A claim as it was judged on another data set, beside its word on its own.

    Args:
        judged: The claim, judged there.
        own: Its word on the data set of its definition; None where it has none.
    """

    judged: JudgedClaim
    own: Word | None

    @property
    def holds_too(self) -> bool:
        """Whether it stands the same there: it holds, does not hold or is open."""
        return self.own is not None and self.own.stance is self.judged.word.stance


def render_elsewhere(
    findings: Iterable[Finding],
    experiments: Path,
    reports: Path,
    there: Mapping[str, str],
) -> dict[str, bytes]:
    """Render what became of some findings on another data set, from their tables.

    Args:
        findings: All findings, as they stand in their files.
        experiments: The folder of definitions, with the list of those that are tried.
        reports: The folder of pages, with the tables of those that were.
        there: A claim's id to its word on the definitions' own data set.
    """
    record = reports / SET
    if not record.exists():
        return {}
    prepared, known = (
        from_json(record.read_text()),
        {each.name: each for each in findings},
    )
    ledger, parts, lost = registry.ledger(experiments), [], []
    for name, why in tried(experiments).items():
        try:
            page, stale = _page(known, name, prepared, reports / TABLES)
        except (StudyError, OSError, KeyError, ValueError) as error:
            lost.append((name, " ".join(str(error).split())))
            continue
        claims = [
            Beside(each, Word(there[each.id]) if each.id in there else None)
            for each in Book(ledger, [page]).claims(page)
        ]
        parts.append((page, why, stale, claims))
    both = [each for *_, claims in parts for each in claims if each.own is not None]
    same = [each for each in both if each.holds_too]
    differences = [page.elsewhere.differences(STANDARD) for page, *_ in parts]
    text = template("elsewhere.md.j2").render(
        prepared=prepared,
        RULE=elsewhere.RULE,
        profile=STANDARD,
        parts=parts,
        lost=lost,
        both=both,
        same=same,
        levels=[each[:2] for each in levels(each.judged.word for each in same)],
        alike=[
            each
            for each in (differences or [()])[0]
            if all(each in others for others in differences)
        ],
        opposed=[each for each in both if _opposed(each)],
    )
    return {f"{TABLES}.md": text.encode()}


def _page(known, name, prepared, tables):
    """Load the tables of a finding on another data set; say what is stale of them."""
    if name not in known:
        raise StudyError(f"there is no finding of that name. Received: {name}")
    finding = elsewhere.move(known[name], prepared)
    page = load_page(finding, tables / name, STANDARD)
    return page, states.say(finding, tables, STANDARD).stale


def tried(experiments: Path) -> dict[str, str]:
    """Map the findings that are tried on another data set to why these."""
    path = experiments / f"{TABLES}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["finding"]: row["why"] for row in csv.DictReader(file)}


def _opposed(each):
    return {each.own.stance, each.judged.word.stance} == {Stance.FOR, Stance.AGAINST}
