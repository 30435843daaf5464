"""Draw a figure, unless its file shows just this already."""

import functools
import importlib.metadata
import io
import zipfile
from pathlib import Path

from study.lab.closure import closure, digest
from study.lab.store import write

ROOT = Path(__file__).parents[3]
version = functools.cache(importlib.metadata.version)  # it reads a long file


def pack(page) -> bytes:
    """Draw the figures of a page and return their files as one archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        for each in page.definition.figures:
            files.writestr(each.file, drawn(each, page))
    return archive.getvalue()


def unpack(archive: bytes, folder: Path) -> None:
    """Write the files of an archive of figures into a page's folder."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        for name in files.namelist():
            write(folder / name, files.read(name))


def drawn(figure, page) -> bytes:
    """Return a figure's file: as it stands in the page's folder, or drawn anew.

    The file says in a comment what it was drawn from: all that figures may read of a
    page, the figure's declaration, the code that draws it and Matplotlib. It is drawn
    when any of these has changed.
    """
    comment = f"drawn from {_origin(figure, page)}".encode()
    path = page.folder / figure.file
    there = path.read_bytes() if path.is_file() else b""
    if comment in there:
        return there
    content = figure.render(page)
    if figure.suffix == ".svg":
        return content + b"<!-- %s -->\n" % comment
    # A GIF's comment is a block of its own, before the byte that ends the file.
    return b"%s\x21\xfe%c%s\0%s" % (content[:-1], len(comment), comment, content[-1:])


def _origin(figure, page):
    """Hash what a drawing depends on."""
    definition, vary = page.definition, getattr(page.definition, "vary", {})
    cells = page.table[[*vary]].drop_duplicates().to_dict("records") if vary else []
    shown = [
        page.name,
        definition.title,
        [[name, *map(str, each)] for name, each in vary.items()],
        [[each.name, each.label, each.unit] for each in definition.measures],
        sorted(definition.censored()),
        [definition.budget(each) for each in cells],
        _tables(page),
        closure(figure, inert=()).digest,
        version("matplotlib"),
    ]
    return digest(shown)[:16]


@functools.lru_cache(maxsize=1)
def _tables(page):
    """Hash the tables of the page, which each of its figures asks for."""
    tables = (page.table, page.curves, page.errors, page.outputs)
    return digest(
        [each if each is None else each.to_csv(index=False) for each in tables]
    )
