"""Find definitions: a folder's listing is the registry."""

import csv
import importlib.util
import itertools
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from study.lab.errors import DefinitionError, StudyError, nearest
from study.lab.experiment import Experiment, Simulation
from study.lab.fingerprint import EXPERIMENTS


@dataclass(frozen=True)
class Entry:
    """A definition and where it stands."""

    name: str
    path: Path
    docstring: str
    definition: Experiment | Simulation


@dataclass(frozen=True)
class LedgerRow:
    """A claim of the ledger."""

    id: str
    lecture: str
    lines: str
    kind: str
    claim: str


def load(path: Path) -> Entry:
    """Load the definition in a file; a mistake is told in one line with the file."""
    path = Path(path)
    if not path.is_file():
        raise DefinitionError(f"{path}: no such file; expected a definition in Python")
    module = _module(path)
    definition = getattr(module, "EXPERIMENT", None)
    if not isinstance(definition, Experiment | Simulation):
        raise DefinitionError(
            f"{path}: EXPERIMENT: expected an Experiment or a Simulation. "
            f"Received: {type(definition).__name__}"
        )
    if not module.__doc__:
        raise DefinitionError(
            f"{path}: docstring: expected one sentence that says the finding. "
            "Received: none"
        )
    return Entry(path.stem, path, " ".join(module.__doc__.split()), definition)


def load_all(folder: Path) -> dict[str, Entry]:
    """Load every definition of a folder and check its claims against the ledger."""
    known = ledger(folder)
    paths = sorted(each for each in Path(folder).glob("*.py") if each.stem[0] != "_")
    entries = {path.stem: load(path) for path in paths}
    judged: dict[str, str] = {}
    for entry in entries.values():
        for claim in entry.definition.claims:
            if claim.id not in known and not claim.text:
                raise DefinitionError(
                    f"{entry.path}: claims: no such claim in the ledger. "
                    f"Received: {claim.id!r}; {nearest(claim.id, known)}"
                )
            if claim.id in judged:
                raise DefinitionError(
                    f"{entry.path}: claims: a claim is judged once, and "
                    f"{judged[claim.id]} judges this one. Received: {claim.id!r}"
                )
            judged[claim.id] = entry.name
    return entries


def ledger(folder: Path) -> dict[str, LedgerRow]:
    """Read the ledger that stands beside the definitions."""
    path = Path(folder) / "ledger.csv"
    if not path.is_file():
        raise StudyError(f"{path}: no such file; expected the ledger of claims")
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: LedgerRow(**row) for row in csv.DictReader(file)}


def find(entries: dict[str, Entry], words: list[str]) -> list[Entry]:
    """Return the entries that words mean, each once; all for no words.

    A word is a finding's name or its beginning, the id of a claim that it judges, or a
    technique: a part of its name, or a component that it is about.
    """
    found = {}
    for word in words or entries:
        meanings = (
            [name for name in entries if name == word],
            [name for name, each in entries.items() if word in _claims(each)],
            [name for name in entries if name.startswith(word)],
            [name for name, each in entries.items() if word.lower() in _parts(each)],
        )
        matches = next(filter(None, meanings), [])
        if not matches:
            parts = set().union(*map(_parts, entries.values()))
            raise StudyError(
                "no finding has that name, begins so, judges such a claim or is about "
                f"such a technique. Received: {word!r}; "
                f"{nearest(word, {*entries, *parts})}"
            )
        found |= {each: entries[each] for each in matches}
    return list(found.values())


def _claims(entry):
    return {claim.id for claim in entry.definition.claims}


def _parts(entry):
    """List the techniques of a finding in lower case."""
    words = entry.name.split("_")
    spans = itertools.combinations(range(len(words) + 1), 2)
    about = getattr(entry.definition, "about", ())
    return {"_".join(words[a:b]) for a, b in spans} | {
        each.__name__.lower() for each in about
    }


def _module(path):
    name = f"{EXPERIMENTS}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise DefinitionError(f"{path}: {_where(error, path)}{error}") from error
    return module


def _where(error, path):
    """Say the line for an error that is not one of ours, whose message says it all."""
    if isinstance(error, StudyError):
        return ""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).absolute() == path.absolute()
    ]
    line = getattr(error, "lineno", None) or (lines[-1] if lines else "?")
    return f"line {line}: {type(error).__name__}: "
