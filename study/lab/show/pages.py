"""Render the pages of findings into their folders, from recorded tables."""

from collections.abc import Container, Iterable, Mapping
from pathlib import Path

from study.lab.declare.profiles import Profile
from study.lab.declare.registry import Finding
from study.lab.errors import StudyError
from study.lab.files.store import sweep, write
from study.lab.show.book import Book
from study.lab.show.page import command, load_page, render_page, standing
from study.lab.show.states import Said
from study.lab.train import provenance

DRAWN = (".svg", ".gif")  # of files that only drawing writes


def render_pages(
    said: Iterable[tuple[Finding, Said]],
    book: Book,
    reports: Path,
    profile: Profile,
    leave: Container[str] = (),
    there: Mapping[str, str] | None = None,
) -> tuple[dict[str, dict[str, bytes]], set[str]]:
    """Render findings that have recorded tables, and add their pages to a book.

    Args:
        said: The findings, each with what is said of its page.
        book: The book of all pages.
        reports: Where the pages stand.
        profile: At which profile they were run.
        leave: Names of findings whose pages are left as they stand, where these lack
            no file and tell truly whether they are stale.
        there: A claim's id to its word on the definitions' own data set, for pages of
            another one.

    Returns:
        Each page's files by its name, and the names of those that were left.
    """
    sweep(reports)
    shown, left = {}, set()
    for finding, state in said:
        folder, stale = reports / finding.name, state.stale
        if not (folder / provenance.FILE).exists():
            continue
        sweep(folder)
        try:
            page = load_page(finding, folder, profile)
            files = standing(page, book, stale) if finding.name in leave else None
            if files:
                left.add(page.name)
            else:
                files = render_page(page, book, stale, there)
        except (StudyError, KeyError, TypeError, ValueError) as error:
            if not stale:
                raise
            print(
                f"{folder / 'README.md'}: left as it is. Its tables do not fit its "
                f"definition any more ({error}): {command(finding, profile)}"
            )
            continue
        book.add(page)
        shown[page.name] = files
        if page.name not in left:
            _write(files, folder)
    return shown, left


def _write(files, folder):
    """Write a page's files, in place of those that it has no more."""
    for suffix in DRAWN:
        for name in {each.name for each in folder.glob(f"*{suffix}")} - {*files}:
            (folder / name).unlink(missing_ok=True)
    for name, content in files.items():
        write(folder / name, content)
