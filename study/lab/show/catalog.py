"""Know findings without loading them, by an index that is written with their pages.

Loading a definition imports Keras. Only what the index was not written for, or was
written for another text or other tables, is loaded.
"""

import csv
import hashlib
import io
import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from study.lab.declare import profiles, registry
from study.lab.errors import StudyError, nearest

FILE = "findings.csv"
CLAIMS = "claims.csv"
SEPARATOR = "; "


@dataclass(frozen=True)
class Listed:
    """What is told of a finding before its definition is loaded.

    Args:
        name: The finding's name.
        stamp: A hash of its definition's text and of its tables.
        claims: The ids of the claims that it judges.
        techniques: What it is about, in lower case: components, what they are called
            in the field, and the packages they stand in.
        runs: How many rows its table has; "" where there is none.
        seconds: How long they took.
        verdicts: Its verdicts, counted.
    """

    name: str
    stamp: str
    claims: tuple[str, ...]
    techniques: tuple[str, ...] = ()
    runs: str = ""
    seconds: str = ""
    verdicts: str = ""

    @property
    def parts(self) -> set[str]:
        """Cut its name between words, in every way."""
        words = self.name.split("_")
        spans = itertools.combinations(range(len(words) + 1), 2)
        return {"_".join(words[a:b]) for a, b in spans}

    @property
    def beginnings(self) -> set[str]:
        """Return the parts that its name begins with, which name a technique."""
        return {each for each in self.parts if f"{self.name}_".startswith(f"{each}_")}


COLUMNS = [each.name for each in fields(Listed)]


def findings(experiments: Path, reports: Path) -> dict[str, Listed]:
    """Return every finding of a folder by its name, told by the index or loaded."""
    ledger = registry.ledger(experiments)
    recorded = _read(reports / FILE)
    found, loaded = {}, []
    paths = registry.paths(experiments)
    for path in paths:
        row = recorded.get(path.stem)
        if row is None or row.stamp != stamp(path, reports):
            loaded.append(registry.load(path))
            row = _read_off(loaded[-1], reports, ledger)
        found[path.stem] = row
    registry.check(loaded, ledger)
    registry.judge_once({path: found[path.stem].claims for path in paths})
    return found


def listed(finding: registry.Finding, reports: Path, book) -> Listed:
    """Tell a loaded finding, and what its page has if it is in the book."""
    told = ()
    page = next((each for each in book.pages if each.name == finding.name), None)
    if page is not None:
        seconds = page.provenance["seconds"]
        told = str(page.rows), f"{seconds:.0f}", book.words(page)
    return Listed(
        finding.name,
        stamp(finding.path, reports),
        tuple(claim.id for claim in finding.definition.claims),
        _techniques(getattr(finding.definition, "about", ())),
        *told,
    )


def render(findings: Iterable[registry.Finding], book, reports: Path) -> bytes:
    """Return the index of loaded findings and of a book of pages, as a table."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for finding in findings:
        row = listed(finding, reports, book)
        writer.writerow(
            SEPARATOR.join(each) if isinstance(each, tuple) else each
            for each in astuple(row)
        )
    return file.getvalue().encode()


def stamp(path: Path, reports: Path) -> str:
    """Hash a definition's text and its finding's tables."""
    digest = hashlib.sha256(path.read_bytes())
    folders = reports / path.stem, profiles.at_source(reports, path.stem)
    for folder in folders:  # the verdicts are those of the larger runs
        for file in (*folder.glob("provenance.json"), *sorted(folder.glob("*.csv"))):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def find(found: Mapping[str, Listed], words: Iterable[str]) -> list[str]:
    """Return the names of the findings that words mean, each once; all for no words.

    A word is a finding's name or its beginning, the id of a claim that it judges, or a
    technique: a component that it is about, or a part of its name that names one.
    """
    rows = found.values()
    techniques = set().union(*(each.beginnings | {*each.techniques} for each in rows))
    meant = (_meant(word, found, techniques) for word in words)
    return [*dict.fromkeys(itertools.chain.from_iterable(meant))] or [*found]


def claims(reports: Path) -> list[dict[str, str]]:
    """Return the rows of the ledger with the words that its claims were given."""
    path = reports / CLAIMS
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        raise StudyError(
            f"expected {path}. Received: none; run `make render`"
        ) from None


def _meant(word, found, techniques):
    rows, plain = found.values(), _plain(word)
    if word in found:
        return [word]
    if judging := [each.name for each in rows if word in each.claims]:
        return judging
    having = [each.name for each in rows if plain in each.parts]
    mere = having and plain not in techniques
    begun = [] if mere else [each for each in found if each.startswith(word)]
    if begun:
        return begun
    if plain in techniques:
        return [each.name for each in rows if plain in {*each.techniques, *each.parts}]
    if mere:
        raise StudyError(
            "expected a finding's name or its beginning, a claim's id or a technique. "
            f"Received: {word!r}, which is but a word of {', '.join(having[:3])}"
        )
    valid = {*found, *techniques, *(id for each in rows for id in each.claims)}
    raise StudyError(
        "no finding has that name, begins so, judges such a claim or is about such a "
        f"technique. Received: {word!r}; {nearest(word, valid)}"
    )


def _read(path):
    """Read the index; one that is not as it is written here tells nothing."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (FileNotFoundError, UnicodeDecodeError):
        return {}
    if any([*row] != COLUMNS or None in row.values() for row in rows):
        return {}
    for row in rows:
        for name in ("claims", "techniques"):
            row[name] = tuple(filter(None, row[name].split(SEPARATOR)))
    return {row["name"]: Listed(**row) for row in rows}


def _read_off(finding, reports, ledger):
    """Tell a finding by its page, where there is one that still fits."""
    from study.lab.show.book import Book
    from study.lab.show.page import load_page

    try:
        page = load_page(finding, reports / finding.name, "standard")
        return listed(finding, reports, Book(ledger, [page]))
    except (OSError, StudyError, KeyError, ValueError):
        return listed(finding, reports, Book(ledger))


def _techniques(about):
    from study.lab.declare import parity

    called = {row.ours: row.technique for row in parity.ROWS if row.component}
    names = {each.__name__ for each in about}
    names |= {called[each] for each in about if each in called}
    names |= {
        each.__module__.split(".")[1]
        for each in about
        if each.__module__.startswith("study.")
    }
    return tuple(sorted({_plain(each) for each in names}))


def _plain(word):
    """Write a technique as names of findings do: batch_normalization."""
    return re.sub(r"[\s-]+", "_", word.strip().lower())
