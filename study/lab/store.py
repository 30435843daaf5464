"""Keep finished work under the hash of what made it."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

MAGIC = b"study 1 "
INCOMPLETE = ".incomplete-"


class Store:
    """Read and write results as `<directory>/<key>.result`, whole or not at all.

    A file is a line with the SHA-256 of what follows, then the content. A damaged file
    is set aside as `*.damaged`, told by `say`, and counts as missing.
    """

    def __init__(self, directory: Path, say: Callable[[str], None] = print):
        self.directory = Path(directory)
        self.say = say
        sweep(self.directory)

    def path(self, key: str) -> Path:
        return self.directory / f"{key}.result"

    def load(self, key: str) -> bytes | None:
        """Return what is stored under `key`, or None."""
        path = self.path(key)
        try:
            head, _, content = path.read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        if head == _head(content):
            return content
        aside = path.with_suffix(".damaged")
        with contextlib.suppress(FileNotFoundError):  # another run was faster
            path.replace(aside)
        self.say(f"damaged: {path} is not what was written; it is now {aside.name}")
        return None

    def save(self, key: str, content: bytes) -> None:
        """Store content under `key`."""
        write(self.path(key), _head(content) + b"\n" + content)


def write(path: Path, content: bytes) -> None:
    """Write a file so that a crash leaves the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    prefix = f"{INCOMPLETE}{os.getpid()}-"
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=prefix)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
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


def _head(content):
    return MAGIC + hashlib.sha256(content).hexdigest().encode()
