"""Read and extend the record of replicates whose results were seen and judge no more.

A rule or a setting that changes after its results were seen is judged by fresh seeds:
the replicates seen are spent, and those of the finding begin past them.
"""

import csv
import io
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from study.lab.errors import StudyError
from study.lab.files.store import write

FILE = "spent.csv"


@dataclass(frozen=True)
class Spent:
    """Replicates of a finding that judge no more, and why."""

    finding: str
    first: int
    last: int
    why: str


def read(folder: Path) -> list[Spent]:
    """Read the record that stands beside definitions; none is an empty one."""
    path = Path(folder) / FILE
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    return [_row(path, line, row) for line, row in enumerate(rows, start=2)]


def first(folder: Path, finding: str) -> int:
    """Return the number of a finding's first replicate that is not spent."""
    mine = [each.last for each in read(folder) if each.finding == finding]
    return max(mine, default=-1) + 1


def spend(folder: Path, finding: str, last: int, why: str) -> Spent:
    """Add to the record that a finding's replicates up to `last` are spent."""
    begin = first(folder, finding)
    if not why.strip():
        raise StudyError("--why: expected why they judge no more. Received: nothing")
    if last < begin:
        raise StudyError(
            f"{finding}: expected replicates that are not spent yet. Received: those "
            f"up to {last}, and {begin} is the first that is left"
        )
    added = Spent(finding, begin, last, " ".join(why.split()))
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow([each.name for each in fields(Spent)])
    rows = sorted([*read(folder), added], key=lambda each: (each.finding, each.first))
    lines.writerows(map(astuple, rows))
    write(Path(folder) / FILE, text.getvalue().encode())
    return added


def _row(path, line, row):
    try:
        return Spent(row["finding"], int(row["first"]), int(row["last"]), row["why"])
    except (KeyError, TypeError, ValueError) as error:
        raise StudyError(
            f"{path}: line {line}: expected finding, first, last and why, with numbers "
            f"of replicates. Received: {row}"
        ) from error
