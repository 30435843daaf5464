"""Tell what is installed, what a package needs of it, and what it brings along."""

import importlib.metadata as metadata
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def needed(names) -> set[str]:
    """Return the distributions of these names and all that they need."""
    found, open_ = set(), [plain(each) for each in names]
    while open_:
        name = open_.pop()
        try:
            requirements = metadata.requires(name) or ()
        except metadata.PackageNotFoundError:
            continue
        if name not in found:
            found.add(name)
            open_ += [plain(each) for each in requirements if "extra ==" not in each]
    return found


def importable(wanted) -> list[str]:
    """List what is imported from distributions that a function of their names wants."""
    return sorted(
        name
        for name, distributions in metadata.packages_distributions().items()
        if name != "study" and wanted({plain(each) for each in distributions})
    )


def extra(name) -> set[str]:
    """Return the distributions that one of our extras names."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    extras = tomllib.loads(text)["project"]["optional-dependencies"]
    return {plain(each) for each in extras[name]}


def plain(requirement) -> str:
    """Return the name in a requirement, as it is compared."""
    name = re.match(r"[\w.-]+", requirement)[0]
    return re.sub(r"[-_.]+", "-", name).lower()
