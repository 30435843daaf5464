"""Run a simulation, and carry its tables and what they took as bytes."""

import io
import json
import re
import time
from collections.abc import Mapping

import pandas as pd

from study.lab.declare.profiles import Profile
from study.lab.declare.registry import Finding
from study.lab.errors import StudyError, nearest
from study.lab.rules.named import RESULTS, Tables, alone, named
from study.lab.train.tabulate import to_csv

NAME = re.compile(r"[a-z][a-z0-9_]*")
# What other files of a page are called.
TAKEN = (RESULTS, "curves", "errors", "outputs")


def run(finding: Finding, profile: Profile) -> bytes:
    """Return the seconds that a simulation takes and its tables.

    The first line tells the seconds and, of tables with names, these and their sizes.
    """
    definition = finding.definition.at(profile)
    start = time.perf_counter()
    found = definition.table(profile)
    seconds = round(time.perf_counter() - start, 3)
    _check(finding, definition, found)
    files = {name: to_csv(each) for name, each in named(found).items()}
    sizes = {name: len(each) for name, each in files.items()}
    told = f" {json.dumps(sizes)}" if isinstance(found, Mapping) else ""
    return b"".join([f"{seconds}{told}\n".encode(), *files.values()])


def read(content: bytes) -> tuple[float, Tables]:
    """Return the seconds and the tables that `run` found."""
    head, _, text = content.partition(b"\n")
    seconds, _, told = head.decode().partition(" ")
    sizes = json.loads(told) if told else {RESULTS: len(text)}
    file = io.BytesIO(text)
    return float(seconds), alone({name: _read(file, sizes[name]) for name in sizes})


def _read(file, size):
    return pd.read_csv(io.BytesIO(file.read(size)), keep_default_na=True)


def _check(finding, definition, found):
    """Refuse tables without a name, and such as lack what is declared of them."""
    tables = named(found)
    kinds = {type(each).__name__ for each in tables.values()}
    if kinds - {"DataFrame"} or not tables:
        raise StudyError(
            f"{finding.path}: run: expected a DataFrame, or a mapping from name to "
            f"one. Received: {', '.join(sorted(kinds)) or 'none'}"
        )
    for name in tables if isinstance(found, Mapping) else ():
        if name in TAKEN or not NAME.fullmatch(str(name)):
            raise StudyError(
                f"{finding.path}: run: a table's name is that of its file: expected "
                f"small letters, digits and _, and none of {', '.join(TAKEN)}. "
                f"Received: {name!r}"
            )
    for where, name in definition.tables_read():
        if name not in tables:
            raise StudyError(
                f"{finding.path}: run: it returns no table that is read by {where}. "
                f"Received: no {name!r}; {nearest(name, tables)}"
            )
    columns = {column for each in tables.values() for column in each.columns}
    missing = {each.name for each in definition.measures} - columns
    if missing:
        raise StudyError(
            f"{finding.path}: run: the table lacks a column that is declared. "
            f"Received: no {sorted(missing)[0]!r}; {', '.join(sorted(columns))}"
        )
