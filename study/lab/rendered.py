"""Know that reports are as they would be rendered, without rendering them.

They are when nothing changed since they were: no source, definition, table, page, nor a
package that draws or prints.
"""

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

import study
from study.lab.store import INCOMPLETE, write

REMEMBERED = Path("build", "rendered.json")
PACKAGES = ("jinja2", "keras", "matplotlib", "numpy", "pandas", "scipy", "seaborn")


def is_so(experiments: Path, reports: Path, readme: Path) -> bool:
    """Return whether all is as it was when the reports were last rendered."""
    return _remembered().get(str(reports)) == _digest(experiments, reports, readme)


def remember(experiments: Path, reports: Path, readme: Path) -> None:
    """Remember that the reports are rendered from what is there now."""
    digest = _digest(experiments, reports, readme)
    said = _remembered() | {str(reports): digest}
    write(REMEMBERED, json.dumps(said, indent=1).encode())


def _remembered():
    try:
        said = json.loads(REMEMBERED.read_bytes())
    except (FileNotFoundError, ValueError):  # nothing was said, or it is damaged
        return {}
    return said if isinstance(said, dict) else {}


def _digest(experiments, reports, readme):
    digest = hashlib.sha256(" ".join(map(version, PACKAGES)).encode())
    for folder in (Path(study.__file__).parent, experiments, reports):
        for path in sorted(each for each in folder.rglob("*") if _counts(each)):
            _add(digest, path, folder)
    if readme.exists():
        _add(digest, readme, readme.parent)
    return digest.hexdigest()


def _counts(path):
    kept = path.suffix != ".pyc" and not path.name.startswith(INCOMPLETE)
    return kept and path.is_file()


def _add(digest, path, folder):
    content = path.read_bytes()
    digest.update(f"\0{path.relative_to(folder)}\0{len(content)}\0".encode())
    digest.update(content)
