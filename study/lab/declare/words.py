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
        name: The name of a column, or of what is swept, as code has it; or "measure",
            whose labels are measures.
        finding: The name of the finding; "" for all.
        label: The label that is told; "" for all that are not told by themselves.
        words: What a page calls the column; "" where its name is plain.
        told: How arms with the label are told, `{}` standing for labels, or what for a
            measure is; "" to tell them by the name, `SILENT` to tell nothing.
    """

    name: str
    finding: str
    label: str
    words: str
    told: str


@dataclass(frozen=True)
class Words:
    """The words that a finding's page takes.

    Args:
        columns: Column to what it is called.
        arms: Swept name to how its labels are told: label to phrase.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    arms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read(folder: Path, finding: str) -> Words:
    """Read the words for a finding.

    Where no table stands beside it, those of the project's findings are taken, if they
    are there.

    Args:
        folder: The folder of the definitions.
        finding: The finding's name.
    """
    columns: dict[str, dict[str, str]] = {"": {}, finding: {}}
    arms: dict[str, dict[str, dict[str, str]]] = {"": {}, finding: {}}
    seen = set()
    path = Path(folder) / FILE
    if not path.is_file():
        path = registry.folder() / FILE
    for where, row in listed(path, Row):
        name, own, label = row["name"], row["finding"], row["label"]
        if not name or not (row["words"] or row["told"]):
            raise StudyError(
                f"{where}: expected a name, and words or how it is told. Received: "
                f"{row}"
            )
        if label and row["words"]:
            raise StudyError(
                f"{where}: expected words for a column, not for a label. Received: "
                f"words={row['words']} for {label}; leave it out"
            )
        if own and row["told"] and not label:
            raise StudyError(
                f"{where}: expected arms to be told alike in all findings. Received: "
                f"told={row['told']} for {own}; leave it out, or name a label"
            )
        if (name, own, label) in seen:
            raise StudyError(f"{where}: a name stands once. Received: {name}")
        seen.add((name, own, label))
        if row["words"]:
            columns.setdefault(own, {})[name] = row["words"]
        if row["told"]:
            phrases = arms.setdefault(own, {}).setdefault(name, {})
            phrases[label] = row["told"].removeprefix(SILENT)
    own, shared = arms[finding], arms[""]
    told = {each: shared.get(each, {}) | own.get(each, {}) for each in shared | own}
    return Words(columns[""] | columns[finding], told)
