"""Keep finished work by what it is and where it was made.

By hand: a file a result, so that damage to one costs no other, where caches such as
diskcache have a database in common.
"""

import contextlib
import hashlib
import json
import os
import re
import tempfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

VERSION = b"study 3"
INCOMPLETE = ".incomplete-"
# How a file of any version begins.
HEAD = re.compile(rb"study \d+( [0-9a-f]{64})+( [0-9a-f]{8})?\n")
# What is kept of runs on their way, beside those that are finished.
CHECKPOINT, ASIDE = ".checkpoint", ".aside"


@dataclass(frozen=True)
class Index:
    """Say what a file of the store holds.

    Args:
        runs: What each of its runs is, in the order of their rows.
        where: Digest of where they were made.
        reads: What was read off each of them: name in the file to what that is.
    """

    runs: tuple[str, ...]
    where: str
    reads: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> bytes:
        values = {"runs": self.runs, "where": self.where, "reads": {**self.reads}}
        return json.dumps(values, sort_keys=True).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Index":
        values = json.loads(text)
        return cls(tuple(values["runs"]), values["where"], values["reads"])


class Store:
    """Read and write results as `<directory>/<hash>.result`, whole or not at all.

    Runs that were trained together are written together: a line with the SHA-256 of
    their index and the CRC-32 of all that follows, the index, then the content. A
    damaged file is set aside as `*.damaged`, told by `say`, and counts as missing. What
    another version of the store wrote is not read, which is said too.
    """

    def __init__(self, directory: Path, say: Callable[[str], None] = print):
        self.directory = Path(directory)
        self.say = say
        self.overlooks = False
        self._known: dict[Path, Index | None] = {}
        self._places: dict[tuple[str, str], list[tuple[Path, int]]] = {}
        sweep(self.directory)

    def find(
        self, run: str, where: str, reads: Iterable[str] = ()
    ) -> tuple[Path, int, Index] | None:
        """Return the file that has a run with all that is to be read, and its row."""
        self._look()
        for path, row in reversed(self._places.get((run, where), ())):
            index = self._known[path]
            if {*reads} <= {*index.reads.values()}:
                return path, row, index
        return None

    def load(self, path: Path) -> bytes | None:
        """Return what a file of the store holds, or None where it is not sound."""
        try:
            content = content_of(path, VERSION)
        except FileNotFoundError:
            self._forget(path)
            return None
        if content is None:
            self._set_aside(path)
        return content

    def save(self, index: Index, content: bytes) -> None:
        """Store what was made together under what each run is."""
        text = index.to_json()
        path = self.directory / f"{hashlib.sha256(text).hexdigest()}.result"
        # Nobody waits for the disk: what a power cut tears is found by its checksum.
        keep(path, VERSION, text, content, durable=False)
        self._forget(path)
        self._add(path, index)

    def overlook(self) -> None:
        """Find nothing of what is there, but only what is saved from now on."""
        self._known = dict.fromkeys(self.directory.glob("*.result"))
        self._places.clear()
        self.overlooks = True

    def size(self) -> int:
        """Return how many bytes the store takes."""
        return sum(each.stat().st_size for each in self.directory.glob("*"))

    @property
    def begun(self) -> bool:
        """Return whether there is a checkpoint: of programs that are not finished."""
        return any(self.directory.glob(f"*{CHECKPOINT}"))

    def prune(self, reached: frozenset[str]) -> tuple[int, int]:
        """Remove files of which no run is reached; return their count and bytes.

        What is damaged, or of another version, is reached by nothing.
        """
        self._look()
        known = {
            path: self._known.get(path) or _unfinished(path)
            for path in self.directory.glob("*")
        }
        gone = [path for path in known if not reached & _runs(known[path])]
        size = sum(path.stat().st_size for path in gone)
        for path in gone:
            path.unlink(missing_ok=True)
            self._forget(path)
        return len(gone), size

    def _look(self):
        """Read the index of every file that is new, of whatever process."""
        others = 0
        for path in sorted({*self.directory.glob("*.result")} - {*self._known}):
            with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
                head, index = file.readline(), file.readline().rstrip(b"\n")
                ours = head.startswith(VERSION + b" ")
                if not HEAD.fullmatch(head) or (ours and _hash(index) not in head):
                    self._set_aside(path)
                elif ours:
                    self._add(path, Index.from_json(index))
                else:
                    self._known[path] = None
                    others += 1
        if others:
            self.say(
                f"{self.directory}: {others} results are of another version of the "
                "store and are not read; `make prune` removes them"
            )

    def _add(self, path, index):
        self._known[path] = index
        for row, run in enumerate(index.runs):
            self._places.setdefault((run, index.where), []).append((path, row))

    def _forget(self, path):
        index = self._known.pop(path, None)
        for run in index.runs if index else ():
            places = self._places[run, index.where]
            places[:] = [each for each in places if each[0] != path]

    def _set_aside(self, path):
        aside = path.with_suffix(".damaged")
        with contextlib.suppress(FileNotFoundError):  # another process was faster
            path.replace(aside)
        self._forget(path)
        self.say(f"damaged: {path} is not what was written; it is now {aside.name}")


def write(path: Path, *parts: bytes, durable: bool = True) -> None:
    """Write a file so that a crash leaves the old content or the new, never a part.

    Where it need not be durable, that holds for a crash of the process and not for one
    of the machine.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    prefix = f"{INCOMPLETE}{os.getpid()}-"
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=prefix)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def sweep(directory: Path) -> None:
    """Remove what writers that were killed have left in a folder."""
    for path in directory.glob(f"{INCOMPLETE}*"):
        writer = int(path.name.removeprefix(INCOMPLETE).partition("-")[0])
        try:
            os.kill(writer, 0)
        except ProcessLookupError:
            path.unlink(missing_ok=True)
        except OSError:  # alive, and another user's; or no process number at all
            pass


def index_of(path: Path, version: bytes) -> bytes:
    """Return the second line of a file of some version; b"" if it is not sound."""
    with path.open("rb") as file:
        head, index = file.readline(), file.readline().rstrip(b"\n")
    ours = head.startswith(version + b" ") and _hash(index) in head
    return index if ours else b""


def keep(
    path: Path, version: bytes, index: bytes, content: bytes, durable: bool = True
) -> None:
    """Write a file of some version that tells what it holds, and damage."""
    head = first_line(version, index, content)
    write(path, head, b"\n", index, b"\n", content, durable=durable)


def content_of(path: Path, version: bytes) -> bytes | None:
    """Return what `keep` wrote after the index; None if it is not sound."""
    head, _, rest = path.read_bytes().partition(b"\n")
    index, _, content = rest.partition(b"\n")
    return content if head == first_line(version, index, content) else None


def first_line(version: bytes, index: bytes, content: bytes) -> bytes:
    """Return a file's first line: the version and what tells damage.

    A checksum is for accidents, and content is long: SHA-256 would take longer than
    to write it.
    """
    all_of_it = zlib.crc32(content, zlib.crc32(b"\n", zlib.crc32(index)))
    return b" ".join([version, _hash(index), b"%08x" % all_of_it])


def _unfinished(path):
    """Return of what runs a file is a checkpoint; None if it is none, or damaged."""
    if path.suffix not in (CHECKPOINT, ASIDE):
        return None
    text = index_of(path, b"study checkpoint")
    return Index.from_json(text) if text else None


def _runs(index):
    return {*index.runs} if index else set()


def _hash(content):
    return hashlib.sha256(content).hexdigest().encode()
