"""Draw a figure, unless its file shows just this already."""

import dataclasses
import functools
import importlib.metadata
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from study.lab.declare.closure import closure, digest
from study.lab.figures.base import Figure
from study.lab.figures.shown import Shown
from study.lab.files.store import write
from study.lab.show.handed import handed

ROOT = Path(__file__).parents[3]
version = functools.cache(importlib.metadata.version)  # it reads a long file


def pack(page) -> bytes:
    """Draw the figures of a page and return their files as one archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        for name, content in drawings(page).items():
            files.writestr(name, content)
    return archive.getvalue()


def unpack(archive: bytes, folder: Path) -> None:
    """Write the files of an archive of figures into a page's folder."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        for name in files.namelist():
            write(folder / name, files.read(name))


def drawings(page) -> dict[str, bytes]:
    """Return the files of a page's figures by name."""
    return {
        each.file: drawn(each, handed(page, each), page.folder)
        for each in page.definition.figures
    }


def drawn(figure: Figure, shown: Shown, folder: Path) -> bytes:
    """Return a figure's file: as it stands in a page's folder, or drawn anew.

    The file says in a comment what it was drawn from: what is shown, the figure's
    declaration, the code that draws it and Matplotlib. It is drawn when any of these
    has changed.
    """
    comment = f"drawn from {_origin(figure, shown)}".encode()
    path = folder / figure.file
    there = path.read_bytes() if path.is_file() else b""
    if comment in there:
        return there
    content = figure.render(shown)
    if figure.suffix == ".svg":
        return content + b"<!-- %s -->\n" % comment
    # A GIF's comment is a block of its own, before the byte that ends the file.
    return b"%s\x21\xfe%c%s\0%s" % (content[:-1], len(comment), comment, content[-1:])


def _origin(figure, shown):
    """Hash what a drawing depends on."""
    fields = dataclasses.fields(shown)
    told = {each.name: _plain(getattr(shown, each.name)) for each in fields}
    code = closure(figure, Shown, inert=()).digest
    return digest([told, code, version("matplotlib")])[:16]


def _plain(value):
    if isinstance(value, pd.DataFrame):
        return value.to_csv(index=False)
    if isinstance(value, Mapping):
        return [[str(key), str(each)] for key, each in value.items()]
    return str(value)
