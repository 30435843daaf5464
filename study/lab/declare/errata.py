"""Read the register of errata: what lectures say that is not right, or not all."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from study.lab.declare.listed import listed
from study.lab.errors import StudyError, nearest

FILE = "errata.csv"
# What came of the suspicion that something is wrong, to what that means.
STATUSES = {
    "error": "what the lecture says is not so",
    "omission": "a condition or a case is missing",
    "notation": "a name, a letter or a sign is off, and what is meant is right",
    "disagreement": "two places of the lectures say different things",
    "no error": "examined, and right as it stands",
}


@dataclass(frozen=True, kw_only=True)
class Erratum:
    """Something in a lecture that looks wrong, with what came of it.

    Args:
        id: Its number, which it keeps.
        claims: The ids of the claims that it concerns.
        status: One of `STATUSES`.
        where: Where the lecture says it: "d0:97, d2:225".
        says: What it says, in our words.
        right: What is right.
    """

    id: str
    claims: tuple[str, ...]
    status: str
    where: str
    says: str
    right: str


def read(folder: Path, known: Collection[str]) -> list[Erratum]:
    """Read the register that stands beside the definitions; none is an empty one.

    Args:
        folder: The folder of the definitions.
        known: The ids of the ledger's claims.
    """
    path = Path(folder) / FILE
    found = [_erratum(where, row, known) for where, row in listed(path, Erratum)]
    ids = [each.id for each in found]
    for id in ids:
        if ids.count(id) > 1:
            raise StudyError(
                f"{path}: an erratum stands once. Received: {id} twice; merge them"
            )
    return found


def _erratum(where, row, known):
    if empty := [name for name, value in row.items() if not (value or "").strip()]:
        raise StudyError(f"{where}: expected a value. Received: no {empty[0]}")
    if row["status"] not in STATUSES:
        raise StudyError(
            f"{where}: status: expected one of {', '.join(STATUSES)}. Received: "
            f"{row['status']!r}; {nearest(row['status'], STATUSES)}"
        )
    claims = tuple(row["claims"].split())
    for id in claims:
        if id not in known:
            raise StudyError(
                f"{where}: claims: no such claim in the ledger. Received: {id!r}; "
                f"{nearest(id, known)}"
            )
    return Erratum(**row | {"claims": claims})
