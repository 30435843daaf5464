"""Read what stands beside the definitions and is kept by hand: CSV and TOML."""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from study.lab.errors import StudyError


def listed(path: Path, kind: type) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each row, after where it stands; none where there is no such file.

    Args:
        path: The CSV file.
        kind: The dataclass of its rows, whose fields are the columns.
    """
    if not path.is_file():
        return
    expected = [each.name for each in fields(kind)]
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        if table.fieldnames != expected:
            raise StudyError(
                f"{path}: expected the columns {', '.join(expected)}. Received: "
                f"{', '.join(table.fieldnames or ())}"
            )
        for row in table:
            where = f"{path}, line {table.line_num}"
            if None in row or None in row.values():
                raise StudyError(
                    f"{where}: expected {len(expected)} cells. Received: "
                    f"{'more' if None in row else 'fewer'}; one with a comma in it "
                    "stands in quotes"
                )
            yield where, row


def toml(path: Path, text: str) -> dict[str, Any]:
    """Return what the text of a TOML file holds.

    Args:
        path: The file, which messages name.
        text: What it holds.

    Raises:
        StudyError: It is no TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"{path}: expected TOML. Received: {error}") from error
