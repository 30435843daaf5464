"""Know which reports are as they would be rendered, without rendering them.

A page is when nothing changed since it was rendered: no source, definition, table or
file of its folder, nor a package that draws or prints. The overviews are when no page
has changed either. Where nothing was ever rendered, as in a clone, all are as long as
git sees no change: tests hold that what is committed is as it would be rendered.
"""

import hashlib
import itertools
import json
from collections.abc import Container
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import study
from study.lab.declare import profiles, registry
from study.lab.errors import StudyError
from study.lab.files.store import INCOMPLETE, write
from study.lab.show import history, packages
from study.lab.show.index import SET
from study.lab.show.lectures import FOLDER

REMEMBERED = Path("build", "rendered.json")
PACKAGE = Path(study.__file__).parent
PACKAGES = sorted((*packages.PAGES, "keras", "numpy", "pandas", "scipy"))


class Reports:
    """Compare a folder of reports with what was remembered of it.

    Args:
        experiments: The folder of definitions.
        folder: The folder of reports.
        readme: The README that shows some of them.
    """

    def __init__(self, experiments: Path, folder: Path, readme: Path):
        self.folder, self.readme = folder, readme
        self._definitions = {each.stem: each for each in registry.paths(experiments)}
        self._experiments = experiments

    @property
    def names(self) -> list[str]:
        """List the findings, of which each may have a page."""
        return [*self._definitions]

    def known(self) -> tuple[set[str], bool]:
        """Tell what is as it would be rendered: pages by name, and the overviews."""
        if not REMEMBERED.exists() and self._committed():
            return {*self.names}, True
        there, pages = self._remembered, self._pages()
        before = there.get("pages", {})
        names = {name for name in pages if pages[name] == before.get(name)}
        return names, there.get("overviews") == self._overviews(pages)

    def remember(self, names: Container[str]) -> None:
        """Remember that pages and the overviews are rendered from what is there now."""
        pages = self._pages()
        said = {
            "pages": {name: pages[name] for name in pages if name in names},
            "overviews": self._overviews(pages),
        }
        every = _load() | {str(self.folder): said}
        write(REMEMBERED, json.dumps(every, indent=1).encode())

    def _committed(self):
        """Say whether reports, and all that they are made of, are as committed."""
        places = self.folder, self.readme, self._experiments, PACKAGE
        try:
            tracked = history.git("ls-files", "--", self.folder)
            changed = history.git("status", "--porcelain", "--", *places)
        except (StudyError, OSError):  # of another project, or without git
            return False
        return bool(tracked) and not changed

    @property
    def _remembered(self):
        said = _load().get(str(self.folder))
        return said if isinstance(said, dict) else {}

    @cached_property
    def _common(self):
        """Hash what every page is made of."""
        own = {*self._definitions.values()}
        digest = hashlib.sha256(" ".join(map(version, PACKAGES)).encode())
        for folder in (PACKAGE, self._experiments):
            for path in _files(folder.rglob("*")):
                if path not in own:
                    _add(digest, path, folder)
        return digest.digest()

    def _pages(self):
        """Hash what each page is made of, and the page."""
        return {name: self._page(name) for name in sorted(self._definitions)}

    def _page(self, name):
        digest = hashlib.sha256(self._common)
        _add(digest, self._definitions[name], self._experiments)
        # The verdicts are those of the larger runs, where there are any.
        for folder in (self.folder / name, profiles.at_source(self.folder, name)):
            for path in _files(folder.rglob("*")):
                _add(digest, path, self.folder)
        for path in _files([self.folder / history.FILE]):
            _add(digest, path, self.folder)
        return digest.hexdigest()

    def _overviews(self, pages):
        digest = hashlib.sha256(" ".join(pages.values()).encode())
        elsewhere = (self.folder / SET.parent).rglob("*")
        beside = self.folder.glob("*"), (self.folder / FOLDER).glob("*"), elsewhere
        for path in _files(itertools.chain(*beside)):
            _add(digest, path, self.folder)
        if self.readme.exists():
            _add(digest, self.readme, self.readme.parent)
        return digest.hexdigest()


def _load():
    try:
        said = json.loads(REMEMBERED.read_bytes())
    except (FileNotFoundError, ValueError):  # nothing was said, or it is damaged
        return {}
    return said if isinstance(said, dict) else {}


def _files(paths):
    return sorted(each for each in paths if _counts(each))


def _counts(path):
    kept = path.suffix != ".pyc" and not path.name.startswith(INCOMPLETE)
    return kept and path.is_file()


def _add(digest, path, folder):
    content = path.read_bytes()
    digest.update(f"\0{path.relative_to(folder)}\0{len(content)}\0".encode())
    digest.update(content)
