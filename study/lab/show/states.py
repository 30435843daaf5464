"""Say of each finding's page whether it is up to date, and remember what was said.

To say so takes every definition, and so Keras. It holds until a definition, a record,
the code that is compared, the code that compares, or Keras is another.
"""

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import study
from study.lab import machine
from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES, Profile
from study.lab.declare.source import bare
from study.lab.files.store import write

UP_TO_DATE = "up to date"
NOT_RUN = "not run yet"
BEGUN = "not run to the end"
REMEMBERED = Path("build", "states.json")
# Where the code stands by which a page is compared with its definition.
COMPARING = (".", "data", "declare", "rules", "train")


@dataclass(frozen=True)
class Said:
    """Tell what was said of a page.

    Args:
        state: Whether the page is up to date, in words.
        stale: What changed since its tables were recorded; "" for nothing.
        read: The files whose code was read to say so.
    """

    state: str
    stale: str
    read: tuple[str, ...]


def say(finding: registry.Finding, reports: Path, profile: Profile) -> Said:
    """Compare the record of a finding's page with its definition as it is now."""
    from study.lab.declare import closure
    from study.lab.train import provenance, runtables

    folder = reports / finding.name
    if not (folder / provenance.FILE).exists():
        runs = runtables.count(folder)
        return Said(f"{BEGUN}: {runs} runs are kept" if runs else NOT_RUN, "", ())
    read = set()

    def noted(module):
        text = closure.read(module)
        read.add(str(closure.path_of(module)))
        return text

    definition, recorded = finding.definition.at(profile), provenance.load(folder)
    stale = provenance.staleness(definition, profile, recorded, noted)
    if not stale and _lacks_seeds(definition, profile, folder, recorded):
        stale = "what calls for fresh seeds"
    state = f"stale: changed since it ran: {stale}" if stale else UP_TO_DATE
    return Said(state, stale, tuple(sorted(read)))


def _lacks_seeds(definition, profile, folder, recorded):
    """Say whether the table that is recorded lacks seeds that its rules call for."""
    from study.lab import judge
    from study.lab.show.page import RESULTS, read_table
    from study.lab.train import provenance

    path = folder / f"{RESULTS}.csv"
    if not (profile.judged and getattr(definition, "extension", 0) and path.exists()):
        return False
    sums = recorded.get("tables", {})
    if sums.get(path.name) != provenance.digest_of(path.read_bytes()):
        return False
    return judge.lacks_fresh(definition, read_table(path, definition))


def recall(experiments: Path, reports: Path) -> dict[str, str]:
    """Return the states of the standard pages, as they were said or anew."""
    registry.ledger(experiments)  # which says where there are no findings at all
    memory = _Memory(experiments, reports)
    paths = registry.paths(experiments)
    found = {path: memory.said(path) for path in paths}
    if None in found.values():
        findings, profile = registry.load_all(experiments), PROFILES["standard"]
        for path in [path for path in paths if found[path] is None]:
            found[path] = say(findings[path.stem], reports, profile)
        memory.keep(found)
    return {path.stem: each.state for path, each in found.items()}


def remember(said: Mapping[Path, Said], reports: Path) -> None:
    """Keep what was said of the standard pages of definitions."""
    for folder in {path.parent for path in said}:
        _Memory(folder, reports).keep(said)


class _Memory:
    """What was said of pages, with a hash of all that it was said of."""

    def __init__(self, experiments, reports):
        self.reports = reports
        self._said, self._known = _load()
        self._bare = {}  # of a file's content to that of its bare code
        places = f"{experiments.absolute()} {reports.absolute()}"
        lab = Path(study.__file__).parent / "lab"
        checking = [each for room in COMPARING for each in lab.glob(f"{room}/*.py")]
        checking.append(lab / "show" / "states.py")
        versions = f"{version('keras')} {machine.BACKEND} {places}"
        self._common = self._hash(versions, checking)

    def said(self, path):
        """Return what was said of a definition's page where it still holds."""
        of, said = self._said.get(path.stem, ("", None))
        return said if said and of == self._of(path, said.read) else None

    def keep(self, said):
        findings = {
            path.stem: asdict(each) | {"of": self._of(path, each.read)}
            for path, each in said.items()
        }
        memory = {"findings": findings, "bare": self._bare}
        write(REMEMBERED, json.dumps(memory, indent=1).encode())

    def _of(self, path, read):
        record = self.reports / path.stem / "provenance.json"
        texts = [record, path.with_name("spent.csv")]
        whole = [each.read_text("utf-8") if each.exists() else "" for each in texts]
        return self._hash("\0".join([self._common, *whole]), [path, *map(Path, read)])

    def _hash(self, text, sources: Iterable[Path]):
        digest = hashlib.sha256(text.encode())
        for path in sorted(sources):
            digest.update(f"\0{path.name}\0{self._code(path)}".encode())
        return digest.hexdigest()

    def _code(self, path):
        """Hash a file's code, without what says nothing; each content once."""
        if not path.exists():
            return ""
        content = path.read_bytes()
        key = hashlib.sha256(content).hexdigest()
        if key not in self._bare:
            self._bare[key] = self._known.get(key) or _code_of(content)
        return self._bare[key]


@functools.cache
def _code_of(content):
    try:
        code = bare(content.decode("utf-8"))
    except (SyntaxError, ValueError):  # whoever loads it says what is wrong
        code = content.decode("utf-8", "replace")
    return hashlib.sha256(code.encode()).hexdigest()


def _load():
    """Read what was said, with what it was said of; what is damaged says nothing."""
    try:
        there = json.loads(REMEMBERED.read_bytes())
        said = {
            name: (each["of"], Said(each["state"], each["stale"], (*each["read"],)))
            for name, each in there["findings"].items()
        }
        return said, {**there["bare"]}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}, {}
