"""Write pages, index and README from recorded tables; nothing here trains."""

from pathlib import Path

from study.lab import catalog, parity, states
from study.lab.errors import StudyError
from study.lab.profiles import Profile
from study.lab.registry import Entry, LedgerRow
from study.lab.report.components import render_components, render_defaults
from study.lab.report.explorer import render_explorer
from study.lab.report.index import readme_block, render_index, replace_block
from study.lab.report.page import Page, load_page, render_page
from study.lab.store import sweep, write

DRAWN = (".svg", ".gif")  # of files that only drawing writes


def publish(
    entries: list[Entry],
    ledger: dict[str, LedgerRow],
    reports: Path,
    profile: Profile,
) -> list[Page]:
    """Render every finding that has recorded tables, then the indexes over them."""
    sweep(reports)
    pages, rendered, said = [], {}, {}
    for entry in entries:
        folder = reports / entry.name
        said[entry.path] = states.say(entry, reports, profile)
        if said[entry.path].state == states.NOT_RUN:
            continue
        sweep(folder)
        stale = said[entry.path].stale
        try:
            page = load_page(entry, folder, profile)
            files = render_page(page, ledger, stale=stale)
        except (StudyError, KeyError, ValueError) as error:
            if not stale:
                raise
            print(
                f"{folder / 'README.md'}: left as it is. Its tables do not fit its "
                f"definition any more ({error}): make report NAME={entry.name}"
            )
            continue
        for suffix in DRAWN:
            for name in {each.name for each in folder.glob(f"*{suffix}")} - {*files}:
                (folder / name).unlink(missing_ok=True)
        for name, content in files.items():
            write(folder / name, content)
        pages.append(page)
        rendered[page.name] = files
    overviews = render_index(pages, ledger)
    overviews |= render_explorer(pages, ledger, parity.ROWS, rendered, reports)
    if profile.name == "standard":
        overviews |= render_components(parity.ROWS, pages)
        overviews |= render_defaults(parity.ROWS)
        overviews[catalog.FILE] = catalog.render(entries, pages, ledger, reports)
        states.remember(said, reports)
    for name, content in overviews.items():
        write(reports / name, content)
    return pages


def update_readme(
    readme: Path, pages: list[Page], ledger: dict[str, LedgerRow]
) -> None:
    """Put the generated block into the README, where it has a place for it."""
    if readme.exists():
        text = readme.read_text(encoding="utf-8")
        write(readme, replace_block(text, readme_block(pages, ledger)).encode())
