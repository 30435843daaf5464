"""Read the Korean translations of errata and of what pages found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from study.lab.declare import registry
from study.lab.declare.listed import listed
from study.lab.declare.takeaway import TEXTS, WHERE, placeholders
from study.lab.errors import StudyError, nearest

FILE = "korean.csv"
SAYS, RIGHT = "says", "right"


@dataclass(frozen=True)
class Translation:
    """A text and its translation.

    Args:
        of: The number of an erratum, or the name of a finding.
        part: `says` or `right` of an erratum, a level of a finding's takeaway, or
            `where` of what its `{where}` says now.
        english: The text that was translated.
        korean: Its translation, of a takeaway with the same `{names}`.
    """

    of: str
    part: str
    english: str
    korean: str


class Korean:
    """Translate what was translated and has not changed since.

    Args:
        translations: The translations.

    Example:

    >>> korean = Korean([Translation("E1", "right", "it is two", "둘이다")])
    >>> korean.text("E1", "right", "it is two")
    '둘이다'
    >>> korean.text("E1", "right", "it is three")
    ''
    """

    def __init__(self, translations: Iterable[Translation] = ()):
        self._texts = {(x.of, x.part, x.english): x.korean for x in translations}

    def __bool__(self) -> bool:
        return bool(self._texts)

    def text(self, of: str, part: str, english: str) -> str:
        """Return the translation of a text as it is now; "" where there is none."""
        return self._texts.get((of, part, english), "")


def read(folder: Path, ledger: Mapping[str, registry.LedgerRow]) -> Korean:
    """Read the translations that stand beside the definitions; there may be none.

    Args:
        folder: The folder of the definitions.
        ledger: Claim's id to its row, with the errata that concern it.

    Raises:
        StudyError: One is of nothing that there is, is there twice, or has other
            `{names}` than what it translates.
    """
    errata = (each.id for row in ledger.values() for each in row.errata)
    parts = dict.fromkeys(errata, (SAYS, RIGHT))
    parts |= {each.stem: (*TEXTS.values(), WHERE) for each in registry.paths(folder)}
    found = {}
    for where, row in listed(Path(folder) / FILE, Translation):
        each = Translation(**row)
        _check(where, each, parts)
        key = each.of, each.part, each.english
        if key in found:
            raise StudyError(
                f"{where}: expected one translation of a text. Received: another of "
                f"{each.of}, {each.part}; drop one"
            )
        found[key] = each
    return Korean(found.values())


def _check(where, each, parts):
    for name, valid in ("of", parts), ("part", parts.get(each.of, ())):
        value = getattr(each, name)
        if value not in valid:
            raise StudyError(
                f"{where}: {name}: expected what is there to translate. Received: "
                f"{value!r}; {nearest(value, valid)}"
            )
    for name in ("english", "korean"):
        if not getattr(each, name).strip():
            raise StudyError(f"{where}: {name}: expected a text. Received: none")
    if each.part in TEXTS.values():
        english, korean = (
            {*placeholders(f"{where}: {name}", getattr(each, name))}
            for name in ("english", "korean")
        )
        if english != korean:
            raise StudyError(
                f"{where}: korean: expected the names {_braced(english)}, as in what "
                f"it translates. Received: {_braced(korean)}"
            )


def _braced(names):
    return ", ".join(f"{{{each}}}" for each in sorted(names)) or "none"
