"""Keep how far programs are, beside the results of those that are finished."""

import contextlib
import functools
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path

from study.lab import train
from study.lab.declare.source import bare
from study.lab.files.store import (
    ASIDE,
    CHECKPOINT,
    Index,
    content_of,
    index_of,
    keep,
)

VERSION = b"study checkpoint 1"


@functools.cache
def engine() -> str:
    """Return a digest of the engine's code, of which a checkpoint is the inside.

    A result does not depend on code that brings the same numbers; what is kept on the
    way there does.
    """
    digest = hashlib.sha256()
    for path in sorted(Path(train.__file__).parent.iterdir()):
        if path.suffix in (".py", ".csv"):
            text = path.read_text("utf-8")
            code = bare(text) if text and path.suffix == ".py" else text
            digest.update(f"{path.name}\0{code}\0".encode())
    return digest.hexdigest()


@dataclass(frozen=True)
class Underway:
    """Say what a checkpoint is of: what its result will hold, and by which engine.

    Args:
        index: What the result will hold.
        engine: Digest of the code that can go on with it.
        finding, profile, program: By what name a person knows its runs, whatever they
            are: the page, and the program as JSON.
    """

    index: Index
    engine: str
    finding: str = field(compare=False)
    profile: str = field(compare=False)
    program: str = field(compare=False)

    @property
    def name(self) -> str:
        """Return the name of its file, but for what follows a dot."""
        said = self.index.to_json() + self.engine.encode()
        return hashlib.sha256(said).hexdigest()

    def to_json(self) -> bytes:
        values = {**vars(self), **json.loads(self.index.to_json())}
        del values["index"]
        return json.dumps(values, sort_keys=True).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Underway":
        values = json.loads(text)
        own = {each.name: values[each.name] for each in fields(cls)[1:]}
        return cls(Index.from_json(text), **own)


class Checkpoints:
    """Read and write `<directory>/<hash>.checkpoint`, whole or not at all.

    The file of a program is named by what the checkpoint is of, and begins as a file of
    the store does. One that is damaged is set aside as `*.damaged`; one that nothing
    goes on from as `*.aside`, where it is found again if what it is of comes back.
    Both are told by `say`, and so is one that cannot be written, without which
    training goes on.
    """

    def __init__(self, directory: Path, say: Callable[[str], None]):
        self.directory, self.say = Path(directory), say

    def known(self) -> dict[Path, Underway]:
        """Map the files to what they are of, by their first lines."""
        found = {}
        for suffix in (CHECKPOINT, ASIDE):
            for path in sorted(self.directory.glob(f"*{suffix}")):
                with contextlib.suppress(FileNotFoundError):  # finished, by another
                    if text := index_of(path, VERSION):
                        found[path] = Underway.from_json(text)
                    else:
                        self._damaged(path)
        return found

    def exists(self, underway: Underway) -> bool:
        """Return whether there is a checkpoint of a program."""
        return any(path.exists() for path in self._paths(underway))

    def load(self, underway: Underway) -> bytes:
        """Return the last checkpoint of a program; b"" if there is no sound one."""
        for path in self._paths(underway):
            with contextlib.suppress(FileNotFoundError):
                content = content_of(path, VERSION)
                if content is not None:
                    return content
                self._damaged(path)
        return b""

    def save(self, underway: Underway, content: bytes) -> None:
        """Keep a checkpoint in place of the one before."""
        path, aside = self._paths(underway)
        try:
            keep(path, VERSION, underway.to_json(), content)
            aside.unlink(missing_ok=True)
        except OSError as error:
            self.say(f"{path}: this checkpoint is not kept: {error.strerror}")

    def remove(self, underway: Underway) -> None:
        """Remove the checkpoints of a program that is finished."""
        for path in self._paths(underway):
            path.unlink(missing_ok=True)

    def set_aside(self, path: Path, why: str) -> None:
        """Set aside a checkpoint that nothing goes on from."""
        if path.suffix == CHECKPOINT and _moved(path, ASIDE):
            name = path.with_suffix(ASIDE).name
            self.say(f"{path}: {why}; it is now {name}, and its runs begin anew")

    def _damaged(self, path):
        if _moved(path, ".damaged"):
            name = path.with_suffix(".damaged").name
            self.say(
                f"damaged: {path} is not what was written; it is now {name}, and its "
                "runs begin anew"
            )

    def _paths(self, underway):
        path = self.directory / f"{underway.name}{CHECKPOINT}"
        return path, path.with_suffix(ASIDE)


def _moved(path, suffix):
    try:
        path.replace(path.with_suffix(suffix))
    except FileNotFoundError:  # another process was faster
        return False
    return True
