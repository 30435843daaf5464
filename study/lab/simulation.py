"""Run a simulation, and carry its table and what it took as bytes."""

import io
import time

import pandas as pd

from study.lab.errors import StudyError
from study.lab.profiles import Profile
from study.lab.record import to_csv
from study.lab.registry import Entry


def run(entry: Entry, profile: Profile) -> bytes:
    """Return the seconds that a simulation takes and its table."""
    definition = entry.definition.at(profile)
    start = time.perf_counter()
    table = definition.table(profile)
    seconds = round(time.perf_counter() - start, 3)
    _check_columns(entry, definition, table)
    return f"{seconds}\n".encode() + to_csv(table)


def read(content: bytes) -> tuple[float, pd.DataFrame]:
    """Return the seconds and the table that `run` found."""
    seconds, _, text = content.partition(b"\n")
    return float(seconds), pd.read_csv(io.BytesIO(text), keep_default_na=True)


def _check_columns(entry, definition, table):
    missing = {each.name for each in definition.measures} - {*table.columns}
    if missing:
        raise StudyError(
            f"{entry.path}: run: the table lacks a column that is declared. Received: "
            f"no {sorted(missing)[0]!r}; {', '.join(table.columns)}"
        )
