"""Lines for a terminal of some width, and for a program."""

import shutil
import sys


def columns() -> int | None:
    """Return how wide the terminal is; None where a program reads."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def cut(line, columns):
    """Cut a line that is too long for a terminal of so many columns, if for one."""
    cut = columns is not None and len(line) > columns
    return f"{line[: columns - 1]}…" if cut else line


def aligned(rows, columns):
    """Lay rows out as a table; words of a row that is too long have their own line."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [f"{each:{width}}" for each, width in zip(row, widths, strict=True)]
        if sum(widths) + 2 * len(widths) <= columns:
            yield "  ".join(cells).rstrip()
        else:
            yield "  ".join(cells[:4]).rstrip()
            yield f"    {'; '.join(filter(None, row[4:]))}"
