"""Read the words in which pages speak of columns and of the arms of swept names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from study.lab.declare import registry
from study.lab.declare.listed import listed
from study.lab.errors import StudyError

FILE = "words.csv"
SILENT = "-"  # in place of how arms are told: they are selected by the name alone


@dataclass(frozen=True)
class Row:
    """The words for a name: of one finding, or of all that have no other.

    Args:
        name: The name of a column, or of what is swept, as code has it.
        finding: The name of the finding; "" for all.
        words: What a page calls it; "" where its name is plain.
        told: How its arms are told in all findings, with `{}` for their labels; "" to
            tell them by its name, `SILENT` to tell nothing.
        none: How the label "none" is told; "" for "without" the name.
    """

    name: str
    finding: str
    words: str
    told: str
    none: str


@dataclass(frozen=True)
class Words:
    """The words that a finding's page takes.

    Args:
        columns: Column to what it is called.
        arms: Swept name to how its arms are told, and how their label "none".
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    arms: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def read(folder: Path, finding: str) -> Words:
    """Read the words for a finding.

    Where no table stands beside it, those of the project's findings are taken, if they
    are there.

    Args:
        folder: The folder of the definitions.
        finding: The finding's name.
    """
    columns: dict[str, dict[str, str]] = {"": {}, finding: {}}
    arms, seen = {}, set()
    path = Path(folder) / FILE
    if not path.is_file():
        path = registry.folder() / FILE
    for where, row in listed(path, Row):
        name, own = row["name"], row["finding"]
        if not name or not (row["words"] or row["told"]):
            raise StudyError(
                f"{where}: expected a name, and words or how it is told. Received: "
                f"{row}"
            )
        if own and row["told"]:
            raise StudyError(
                f"{where}: expected arms to be told alike in all findings. Received: "
                f"told={row['told']} for {own}; leave it out"
            )
        if (name, own) in seen:
            raise StudyError(f"{where}: a name stands once. Received: {name}")
        seen.add((name, own))
        if row["words"]:
            columns.setdefault(own, {})[name] = row["words"]
        if row["told"]:
            arms[name] = row["told"].removeprefix(SILENT), row["none"]
    return Words(columns[""] | columns[finding], arms)
