"""Read the words in which pages speak of columns, for those whose names are short."""

from dataclasses import dataclass
from pathlib import Path

from study.lab.declare.listed import listed
from study.lab.errors import StudyError

FILE = "words.csv"


@dataclass(frozen=True)
class Words:
    """The words for a column: of one finding, or of all that have no other.

    Args:
        name: The column's name, as code has it.
        finding: The name of the finding; "" for all.
        words: What a page calls it.
    """

    name: str
    finding: str
    words: str


def read(folder: Path, finding: str) -> dict[str, str]:
    """Map names to words for a finding; none where no file stands beside it.

    Args:
        folder: The folder of the definitions.
        finding: The finding's name.
    """
    found: dict[str, dict[str, str]] = {"": {}, finding: {}}
    path = Path(folder) / FILE
    for where, row in listed(path, Words):
        if not row["name"] or not row["words"]:
            raise StudyError(f"{where}: expected a name and words. Received: {row}")
        there = found.setdefault(row["finding"], {})
        if row["name"] in there:
            raise StudyError(f"{where}: a name stands once. Received: {row['name']}")
        there[row["name"]] = row["words"]
    return found[""] | found[finding]
