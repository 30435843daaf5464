"""Where a file of the clone stands in the site, and how links are turned to it."""

import os
import posixpath
import re
from collections.abc import Callable
from urllib.parse import unquote

from markupsafe import escape

START = "reports/README.md"
# These are served as they are; other texts become pages.
SERVED = (".csv", ".gif", ".html", ".ipynb", ".json", ".png", ".svg")
LINK = re.compile(r'(?<= )(href|src)="([^"]+)"')
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", flags=re.IGNORECASE)


def address(path: str) -> str:
    """Return where a file stands in the site, which has the folders of the clone.

    Example:

    >>> address("reports/README.md")
    'index.html'
    >>> address("reports/dropout_rate/README.md")
    'reports/dropout_rate/index.html'
    >>> address("README.md"), address("study/schedules.py")
    ('README.html', 'study/schedules.py.html')
    >>> address("reports/index.html"), address("reports/claims.csv")
    ('reports/index.html', 'reports/claims.csv')
    """
    folder, name = posixpath.split(path)
    if path == START:
        return "index.html"
    if folder and name == "README.md":
        return f"{folder}/index.html"
    if name.endswith(".md"):
        return f"{path.removesuffix('.md')}.html"
    return path if name.endswith(SERVED) else f"{path}.html"


def is_within(link: str) -> bool:
    """Say whether a link leads to a file of the clone, or a place in one.

    Example:

    >>> [is_within(each) for each in ("../a.md#b", "#b", "https://b.c", "data:,")]
    [True, True, False, False]
    """
    return not ELSEWHERE.match(link)


def follow(path: str, link: str) -> str:
    """Return the file of the clone to which a link in a file leads.

    Example:

    >>> follow("reports/xor/README.md", "../README.md#errata")
    'reports/README.md'
    >>> follow("README.md", "#run-it")
    'README.md'
    """
    there = unquote(link.partition("#")[0])
    if not there:
        return path
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), there))


def relative(here: str, there: str) -> str:
    """Return the way from one page of the site to another.

    Example:

    >>> relative("reports/xor/index.html", "index.html")
    '../../index.html'
    """
    return os.path.relpath(there, posixpath.dirname(here) or ".").replace(os.sep, "/")


def turn(html: str, path: str, seen: Callable[[str], None]) -> str:
    """Turn the links of a page to the site's own addresses.

    Args:
        html: The page, or a part of one.
        path: The file of the clone that it was made from.
        seen: Is told each file of the clone to which a link leads.
    """

    def turned(found):
        name, link = found.groups()
        if link.startswith("#") or not is_within(link):
            return found[0]
        file, (_, sign, fragment) = follow(path, link), link.partition("#")
        seen(file)
        way = relative(address(path), address(file))
        return f'{name}="{escape(way)}{sign}{fragment}"'

    return LINK.sub(turned, html)
