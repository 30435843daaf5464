"""Render pages, and overviews over them."""

import gc
from pathlib import Path

from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES

README = Path("README.md")


def home(profile):
    """Return where overviews stand: those of the standard size tell of larger runs."""
    return PROFILES["standard"].folder if profile.source else profile.folder


def render(chosen, options):
    """Render what changed of chosen findings and the overviews; return the book."""
    from study.lab.show import rendered
    from study.lab.show.book import Book
    from study.lab.show.page import load_page
    from study.lab.train import provenance

    ledger, profile = registry.ledger(options.experiments), PROFILES[options.profile]
    reports = rendered.Reports(options.experiments, profile.folder, README)
    every, (known, overviews) = {*reports.names}, reports.known()
    wanted = {each.name for each in chosen} - known
    if wanted or not overviews:
        book, known = publish(reports, ledger, options, every - wanted, known)
    else:
        folders = ((each, profile.folder / each.name) for each in chosen)
        pages = (each for each in folders if (each[1] / provenance.FILE).exists())
        book = Book(ledger, [load_page(*each, profile) for each in pages])
    if left := sorted(every - known):
        more = f" and {len(left) - 3} more" if len(left) > 3 else ""
        draft = "" if profile.name == "standard" else f" PROFILE={profile.name}"
        print(
            f"{profile.folder}: left as they stand: {', '.join(left[:3])}{more}; "
            f"`make render{draft}` renders them too"
        )
    return book


def publish(reports, ledger, options, leave=frozenset(), known=frozenset()):
    """Render pages, but for some that may be left, and the overviews over all.

    Return their book, and the names of those that are then as they would be rendered,
    as those are that were known to be.
    """
    from study.lab.show import site

    every = list(registry.load_all(options.experiments).values())
    gc.freeze()  # Keras and its backend: much that every collection would walk over
    profile = PROFILES[options.profile]
    there, over = profile.folder, home(profile)
    book, left = site.publish(every, ledger, there, profile, leave, over)
    if options.profile == "standard":
        site.update_readme(README, book)
    known = {*reports.names} - (left - known)
    reports.remember(known)
    return book, known
