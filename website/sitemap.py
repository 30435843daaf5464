"""The list of a site's pages that search engines read."""

from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from website.faults import SiteError

SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"


def check(address: str) -> str:
    """Return where a site will stand, with a slash at its end.

    Example:

    >>> check("https://a.example/study")
    'https://a.example/study/'
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query:
        raise SiteError(
            "SITE: expected where the site will stand, such as "
            f"SITE=https://name.example/study. Received: {address!r}"
        )
    return f"{address.rstrip('/')}/"


def sitemap(folder: Path, address: str) -> str:
    """List every page of a built site under its address, as XML.

    Args:
        folder: The site.
        address: Where it will stand, from `check`.
    """
    pages = sorted(each.relative_to(folder) for each in folder.rglob("*.html"))
    lines = [
        f"<url><loc>{escape(address + quote(each.as_posix()))}</loc></url>"
        for each in pages
    ]
    start, end = f'<urlset xmlns="{SCHEMA}">', "</urlset>"
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', start, *lines, end, ""])
