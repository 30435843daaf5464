"""Find definitions: a folder's listing is the registry."""

import dataclasses
import importlib.machinery
import importlib.util
import sys
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import study
from study.lab.declare import errata, spent
from study.lab.declare.errata import Erratum
from study.lab.declare.lectures import Lectures
from study.lab.declare.listed import listed
from study.lab.errors import DefinitionError, StudyError, nearest
from study.lab.imports import keras_alone

if TYPE_CHECKING:  # it imports Keras, and a ledger or a list of files is read without
    from study.lab.declare.experiment import Experiment
    from study.lab.declare.simulation import Simulation

LEDGER = "ledger.csv"
# The name under which a definition's file is loaded.
EXPERIMENTS = "study_experiments"
# Where a wheel brings them, beside its packages.
INSTALLED = ("share", "study", "experiments")


@dataclass(frozen=True)
class Finding:
    """What a definition's file declares, and where it stands.

    Args:
        name: The finding's name, that of its file.
        path: The file.
        docstring: The finding in one sentence.
        definition: What is declared.
        elsewhere: The `Elsewhere` that says to which other data set it was moved.
        box: The `Box` by which its page is taught.
    """

    name: str
    path: Path
    docstring: str
    definition: "Experiment | Simulation"
    elsewhere: Any = None
    box: Any = None

    @property
    def moved(self) -> str:
        """What moves the definition of its file to its data set; "" for its own."""
        return self.elsewhere.to_json() if self.elsewhere else ""

    @property
    def called(self) -> str:
        """What a person calls it: by its name, and its data set if that is another."""
        if self.elsewhere is None:
            return self.name
        return f"{self.name} on {self.elsewhere.prepared.label}"


@dataclass(frozen=True)
class Line:
    """A claim as the ledger has it."""

    id: str
    lecture: str
    lines: str
    kind: str
    claim: str


@dataclass(frozen=True)
class LedgerRow(Line):
    """A claim of the ledger, with the errata that concern it."""

    lectures: Lectures = field(default_factory=Lectures, repr=False, compare=False)
    errata: tuple[Erratum, ...] = field(default=(), repr=False)

    @property
    def key(self) -> str:
        """The key of its lecture, with which its id begins."""
        return self.id.partition("-")[0]

    @property
    def place(self) -> str:
        """Where it stands in the lecture: the section and the slides, or the lines."""
        return self.lectures.place(self.key, self.lines)


def load(path: Path) -> Finding:
    """Load the definition in a file; a mistake is told in one line with the file."""
    path = Path(path)
    if not path.is_file():
        raise DefinitionError(f"{path}: no such file; expected a definition in Python")
    from study.lab.declare import takeaway, teach
    from study.lab.declare.experiment import Experiment
    from study.lab.declare.simulation import Simulation

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
    box = teach.read(path.parent, [each.stem for each in paths(path.parent)]).get(
        path.stem
    )
    try:
        takeaway.check(definition)
        if box is not None:
            teach.check(box, definition)
    except DefinitionError as error:
        raise DefinitionError(f"{path}: {error}") from error
    definition = past_spent(path, definition)
    docstring = " ".join(module.__doc__.split())
    return Finding(path.stem, path, docstring, definition, box=box)


def past_spent(path: Path, definition: "Experiment | Simulation"):
    """Let a definition's replicates begin past those that are spent."""
    if definition.first_replicate:
        raise DefinitionError(
            f"{path}: first_replicate: it follows from the replicates in "
            f"{spent.FILE} beside the definition. Received: "
            f"first_replicate={definition.first_replicate}; leave it out"
        )
    first = spent.first(path.parent, path.stem)
    if not first:
        return definition
    return dataclasses.replace(definition, first_replicate=first)


def load_all(folder: Path) -> dict[str, Finding]:
    """Load every definition of a folder and check its claims against the ledger."""
    known = ledger(folder)
    findings = {path.stem: load(path) for path in paths(folder)}
    check(findings.values(), known)
    judge_once({each.path: _claims(each) for each in findings.values()})
    return findings


def folder() -> Path:
    """Return where the findings are: here, in a clone, or where they are installed."""
    here, installed = Path("experiments"), Path(sys.prefix, *INSTALLED)
    return installed if installed.is_dir() and not here.is_dir() else here


def paths(folder: Path) -> list[Path]:
    """List the files of a folder's definitions, in order."""
    return sorted(each for each in Path(folder).glob("*.py") if each.stem[0] != "_")


def check(findings: Iterable[Finding], known: Mapping[str, LedgerRow]) -> None:
    """Raise where a claim without a text of its own is not in the ledger."""
    for finding in findings:
        for claim in finding.definition.claims:
            if claim.id not in known and not claim.text:
                raise DefinitionError(
                    f"{finding.path}: claims: no such claim in the ledger. "
                    f"Received: {claim.id!r}; {nearest(claim.id, known)}"
                )


def judge_once(claims: Mapping[Path, Iterable[str]]) -> None:
    """Raise where two files judge the same claim."""
    judged: dict[str, Path] = {}
    for path, ids in claims.items():
        for id in ids:
            if id in judged:
                raise DefinitionError(
                    f"{path}: claims: a claim is judged once, and {judged[id].stem} "
                    f"judges this one. Received: {id!r}"
                )
            judged[id] = path


def ledger(folder: Path) -> dict[str, LedgerRow]:
    """Read the ledger that stands beside the definitions."""
    if not Path(folder).is_dir():
        raise StudyError(
            f"{folder}: expected the folder of findings in a clone of the project. "
            "Received: no such folder; outside of a clone the package is for its "
            "Keras components (`import study`) and claims of your own (`study run "
            "FILE.py`)"
        )
    path = Path(folder) / LEDGER
    if not path.is_file():
        raise StudyError(f"{path}: no such file; expected the ledger of claims")
    slides = Lectures.read(folder)
    rows = {row["id"]: row for _, row in listed(path, Line)}
    concern: dict[str, list[Erratum]] = {}
    for each in errata.read(folder, rows):
        for id in each.claims:
            concern.setdefault(id, []).append(each)
    return {
        id: LedgerRow(**row, lectures=slides, errata=tuple(concern.get(id, ())))
        for id, row in rows.items()
    }


def own(findings: Iterable[Finding]) -> dict[str, LedgerRow]:
    """Return the claims of definitions of one's own: of ledgers beside them, or texts.

    Args:
        findings: The definitions, in whatever folders.
    """
    findings, known = [*findings], {}
    for folder in dict.fromkeys(each.path.parent for each in findings):
        if (folder / LEDGER).is_file():
            known |= ledger(folder)
    check(findings, known)
    return {
        claim.id: known.get(claim.id)
        or LedgerRow(claim.id, "Your own", "", "", claim.text)
        for finding in findings
        for claim in finding.definition.claims
    }


def _claims(finding):
    return [claim.id for claim in finding.definition.claims]


class _FromSource(importlib.machinery.SourceFileLoader):
    """Take a definition from its text: bytecode tells texts apart by whole seconds."""

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


def _module(path):
    keras_alone()
    study.register()  # a definition may name any component as Keras knows it
    name = f"{EXPERIMENTS}.{path.stem}"
    sys.modules.setdefault(EXPERIMENTS, ModuleType(EXPERIMENTS))
    for each in [each for each in sys.modules if each.startswith(f"{name}.")]:
        del sys.modules[each]  # what an earlier file of this name had beside it
    loader, beside = _FromSource(name, str(path)), [str(path.parent)]
    spec = importlib.util.spec_from_file_location(
        name, path, loader=loader, submodule_search_locations=beside
    )
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
