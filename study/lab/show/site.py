"""Write pages, index and README from recorded tables; nothing here trains."""

from collections.abc import Container
from pathlib import Path

from study.lab.declare import parity, profiles
from study.lab.declare.profiles import Profile
from study.lab.declare.registry import Entry, LedgerRow
from study.lab.errors import StudyError
from study.lab.files.store import sweep, write
from study.lab.show import catalog, sizes, states
from study.lab.show.book import Book
from study.lab.show.components import render_components, render_defaults
from study.lab.show.elsewhere import render_elsewhere
from study.lab.show.explorer import render_explorer
from study.lab.show.index import fill_readme, render_index
from study.lab.show.lectures import render_lectures
from study.lab.show.page import load_page, render_page, standing
from study.lab.train import provenance

DRAWN = (".svg", ".gif")  # of files that only drawing writes


def publish(
    entries: list[Entry],
    ledger: dict[str, LedgerRow],
    reports: Path,
    profile: Profile,
    leave: Container[str] = (),
) -> tuple[Book, set[str]]:
    """Render findings that have recorded tables, then the indexes over all of them.

    Args:
        entries: The findings.
        ledger: Claim's id to its row.
        reports: Where the pages stand.
        profile: At which profile they were run.
        leave: Names of findings whose pages are left as they stand, where these lack
            no file and tell truly whether they are stale.

    Returns:
        The book of all pages, and the names of those that were left.
    """
    sweep(reports)
    book, left, shown, said = Book(ledger), set(), {}, {}
    for entry in entries:
        folder = reports / entry.name
        said[entry.path] = states.say(entry, reports, profile)
        if not (folder / provenance.FILE).exists():
            continue
        sweep(folder)
        stale = said[entry.path].stale
        try:
            page = load_page(entry, folder, profile)
            files = standing(page, book, stale) if entry.name in leave else None
            if files:
                left.add(page.name)
            else:
                files = render_page(page, book, stale)
        except (StudyError, KeyError, TypeError, ValueError) as error:
            if not stale:
                raise
            print(
                f"{folder / 'README.md'}: left as it is. Its tables do not fit its "
                f"definition any more ({error}): make report NAME={entry.name}"
            )
            continue
        book.add(page)
        _tell_larger(entry, page)
        shown[page.name] = files
        if page.name not in left:
            _write(files, folder)
    overviews = render_index(book) | render_lectures(book)
    overviews |= render_explorer(book, parity.ROWS, shown, reports)
    if profile.name == "standard":
        overviews |= render_components(parity.ROWS, book.pages)
        overviews |= render_defaults(parity.ROWS)
        overviews[catalog.FILE] = catalog.render(entries, book, reports)
        if entries:
            experiments = entries[0].path.parent
            there = {id: each.word for id, each in book.judged.items()}
            overviews |= render_elsewhere(entries, experiments, reports, there)
        states.remember(said, reports)
    for name, content in overviews.items():
        write(reports / name, content)
    return book, left


def _tell_larger(entry, page):
    """Print why there are runs at the source's own size and they do not judge."""
    there = profiles.at_source(page.folder.parent, page.name)
    left = page.larger is None and (there / provenance.FILE).exists()
    if left and page.profile.name == "standard":
        definition, why = entry.definition, "no such size is declared"
        if definition.sized(profiles.SOURCE):
            at_source = definition.at(profiles.SOURCE)
            why = sizes.unfinished(at_source, profiles.SOURCE, there)
        print(f"{there}: judges nothing: {why}")


def _write(files, folder):
    """Write a page's files, in place of those that it has no more."""
    for suffix in DRAWN:
        for name in {each.name for each in folder.glob(f"*{suffix}")} - {*files}:
            (folder / name).unlink(missing_ok=True)
    for name, content in files.items():
        write(folder / name, content)


def update_readme(readme: Path, book: Book) -> None:
    """Put the generated block into the README, where it has a place for it."""
    if readme.exists():
        text = readme.read_text(encoding="utf-8")
        write(readme, fill_readme(text, book).encode())
