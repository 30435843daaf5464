"""Say of each finding's page whether it is up to date, and remember what was said.

To say so takes every definition, and so Keras. It holds until a source, a definition, a
record or Keras is another.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

import study
from study.lab import machine, registry
from study.lab.profiles import PROFILES, Profile
from study.lab.store import write

UP_TO_DATE = "up to date"
NOT_RUN = "not run yet"
REMEMBERED = Path("build", "states.json")


def states(
    entries: Iterable[registry.Entry], reports: Path, profile: Profile
) -> dict[str, str]:
    """Compare the record of each finding's page with its definition as it is now."""
    from study.lab.publish import staleness

    return {
        entry.name: told(staleness(entry, reports, profile))
        if (reports / entry.name / "provenance.json").exists()
        else NOT_RUN
        for entry in entries
    }


def told(stale: str) -> str:
    """Say what a page's staleness means."""
    return f"stale: changed since it ran: {stale}" if stale else UP_TO_DATE


def recall(experiments: Path, reports: Path) -> dict[str, str]:
    """Return the states of the reports as they were said, or anew after a change."""
    try:
        said = json.loads(REMEMBERED.read_bytes())
        if said["of"] == _digest(registry.paths(experiments), reports):
            return said["states"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        pass  # nothing was said, or what was is damaged
    entries = registry.load_all(experiments).values()
    found = states(entries, reports, PROFILES["standard"])
    remember(found, [each.path for each in entries], reports)
    return found


def remember(
    found: Mapping[str, str], definitions: Iterable[Path], reports: Path
) -> None:
    """Keep the states of the reports."""
    said = {"of": _digest(definitions, reports), "states": found}
    write(REMEMBERED, json.dumps(said, indent=1).encode())


def _digest(definitions, reports):
    """Hash all that states are said of."""
    definitions = list(definitions)
    records = (reports / each.stem / "provenance.json" for each in definitions)
    spent = {each.with_name("spent.csv") for each in definitions}
    sources = sorted(Path(study.__file__).parent.rglob("*.py"))
    digest = hashlib.sha256(f"{version('keras')} {machine.BACKEND}".encode())
    for path in (*sources, *definitions, *records, *spent):
        content = path.read_bytes() if path.exists() else b""
        digest.update(f"\0{path.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
