"""Write pages, index and README from recorded tables; nothing here trains."""

from collections.abc import Container
from pathlib import Path

from study.lab.declare import korean, parity, profiles, teach
from study.lab.declare.profiles import Profile
from study.lab.declare.registry import Finding, LedgerRow
from study.lab.files.store import write
from study.lab.show import catalog, sizes, states
from study.lab.show.book import Book
from study.lab.show.components import render_components, render_defaults
from study.lab.show.elsewhere import render_elsewhere
from study.lab.show.explorer import render_explorer
from study.lab.show.index import fill_readme, render_index
from study.lab.show.korean import render_korean
from study.lab.show.lectures import render_lectures
from study.lab.show.pages import render_pages
from study.lab.show.teach import render_teach
from study.lab.train import provenance


def publish(
    findings: list[Finding],
    ledger: dict[str, LedgerRow],
    reports: Path,
    profile: Profile,
    leave: Container[str] = (),
    home: Path | None = None,
) -> tuple[Book, set[str]]:
    """Render findings that have recorded tables, then the indexes over all of them.

    Args:
        findings: The findings.
        ledger: Claim's id to its row.
        reports: Where the pages stand.
        profile: At which profile they were run.
        leave: Names of findings whose pages are left as they stand, where these lack
            no file and tell truly whether they are stale.
        home: Where the overviews stand, which are written with the pages there alone.
            Defaults to `reports`.

    Returns:
        The book of all pages, and the names of those that were left.
    """
    beside = findings[0].path.parent if findings else None
    home = home or reports
    told = korean.read(beside, ledger) if beside else None
    book = Book(ledger, korean=told, home=home)
    said = [(each, states.say(each, reports, profile)) for each in findings]
    shown, left = render_pages(said, book, reports, profile, leave)
    known = {each.name: each for each in findings}
    for page in book.pages:
        _tell_larger(known[page.name], page)
    if home != reports:
        return book, left
    overviews = render_index(book) | render_lectures(book) | render_korean(book)
    overviews |= render_explorer(book, parity.ROWS, shown, reports)
    if profile.name == "standard":
        overviews |= render_components(parity.ROWS, book.pages)
        overviews |= render_defaults(parity.ROWS)
        overviews |= render_teach(book)
        overviews[catalog.FILE] = catalog.render(findings, book, reports)
        if findings:
            experiments = findings[0].path.parent
            there = {id: each.word for id, each in book.judged.items()}
            levels = {id: word.stance.level for id, word in there.items()}
            boxes = {each.name: each.box for each in findings if each.box}
            for name, why in teach.left_out(boxes, levels):
                print(f"{reports / name}: its box in {teach.FILE} is left out: {why}")
            overviews |= render_elsewhere(findings, experiments, reports, there)
        states.remember({each.path: state for each, state in said}, reports)
    for name, content in overviews.items():
        write(reports / name, content)
    return book, left


def _tell_larger(finding, page):
    """Print why there are larger runs and they do not judge."""
    there = profiles.at_source(page.folder.parent, page.name)
    left = page.larger is None and (there / provenance.FILE).exists()
    if left and page.profile.name == "standard":
        definition, why = finding.definition, "no such size is declared"
        if definition.sized(profiles.SOURCE):
            at_source = definition.at(profiles.SOURCE)
            why = sizes.unfinished(at_source, profiles.SOURCE, there)
        print(f"{there}: judges nothing: {why}")


def update_readme(readme: Path, book: Book) -> None:
    """Put the generated block into the README, where it has a place for it."""
    if readme.exists():
        text = readme.read_text(encoding="utf-8")
        write(readme, fill_readme(text, book).encode())
