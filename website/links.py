"""Links of a built site, each of which must lead somewhere in it."""

import posixpath
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from website.addresses import is_within

LINKS = ("href", "src")
INDEX = "reports/index.html"


class Read(HTMLParser):
    """The places of a page, and where its links lead."""

    def __init__(self):
        super().__init__()
        self.places: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        """Keep the names of an element, and its links."""
        for name, value in attrs:
            if name == "id" or (tag, name) == ("a", "name"):
                self.places.add(value)
            elif name in LINKS and value and is_within(value):
                self.links.append(value)


def broken(folder: Path) -> tuple[list[str], int]:
    """List the links that lead nowhere, as "page: link", and count all that were seen.

    Args:
        folder: A built site.
    """
    pages = {}
    for path in sorted(folder.rglob("*.html")):
        page = Read()
        page.feed(path.read_text(encoding="utf-8"))
        pages[path.relative_to(folder).as_posix()] = page
    found, count = [], 0
    for name, page in pages.items():
        for link in page.links:
            count += 1
            if not _leads(folder, pages, name, link):
                found.append(f"{name}: {link}")
    return found, count


def _leads(folder, pages, name, link):
    way, _, fragment = link.partition("#")
    way = unquote(way.partition("?")[0])
    there = posixpath.normpath(posixpath.join(posixpath.dirname(name), way))
    there = there if way else name
    if there not in pages:
        return not there.startswith("..") and (folder / there).is_file()
    if there == INDEX and "=" in fragment:
        return True  # what is searched and chosen there
    return not fragment or unquote(fragment) in pages[there].places
