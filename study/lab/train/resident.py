"""Hold the examples of a data set once a machine, however many workers read them.

What comes from files of known checksums is written once as arrays that processes map:
they share one copy in memory.
"""

import contextlib
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from study.lab.data import Arrays, Data, relabelled
from study.lab.data.mnist_files import data_directory
from study.lab.declare.closure import closure, digest
from study.lab.files import manifest
from study.lab.train import aligned

FOLDER = "resident"
PARTIAL = "partial."
HOUR = 3_600


@dataclass(frozen=True)
class Examples:
    """All examples, those of the test set last.

    Args:
        x, y: The examples, (n, ...), and their labels, (n,) or (n, outputs).
        count: How many of them are not of the test set.
    """

    x: np.ndarray
    y: np.ndarray
    count: int

    @cached_property
    def arrays(self) -> Arrays:
        """Return views of the examples, apart."""
        n = self.count
        return Arrays(self.x[:n], self.y[:n], self.x[n:], self.y[n:])


def load(data: Data) -> Examples:
    """Read a data set, from its mapped arrays where it may have some."""
    found = _read(data)
    if not data.random_labels:
        return found
    y, count = found.y, found.count
    drawn = relabelled(y[:count], data.random_labels)
    return replace(found, y=_plain((drawn, y[count:])))


def _read(data):
    files = data.checksums()
    if not files:  # nothing says whether what it is read from is the same
        return _joined(data.load())
    name = digest([closure(data.read).digest, files])[:20]
    folder = data_directory() / FOLDER / name
    if manifest.faults(folder):
        made = _joined(data.load())
        with contextlib.suppress(OSError):  # no place, no permission, or a faster one
            _write(folder, made)
        if manifest.faults(folder):
            return made
    x, y = (np.load(folder / f"{each}.npy", mmap_mode="c") for each in "xy")
    return Examples(x, y, data.available)


def _joined(arrays):
    x, y = (arrays.x, arrays.x_test), (arrays.y, arrays.y_test)
    return Examples(_plain(x), _plain(y), len(arrays.x))


def _plain(parts):
    """Join arrays into one of a type that `fit` hands on: no float64 and no bool."""
    kind = np.result_type(*parts)
    kind = {"b": "uint8", "f": "float32"}.get(kind.kind, kind)
    joined = aligned.empty((sum(map(len, parts)), *parts[0].shape[1:]), kind)
    return np.concatenate(parts, out=joined)


def _write(folder, made):
    """Put the arrays into their folder, in place of those of other code."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=folder.parent))
    try:
        np.save(partial / "x.npy", made.x)
        np.save(partial / "y.npy", made.y)
        manifest.seal(partial)
        for other in folder.parent.iterdir():
            if _is_old(other) and (other != folder or manifest.faults(folder)):
                shutil.rmtree(other, ignore_errors=True)
        manifest.place(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _is_old(folder):
    """Tell what is finished, or was left unfinished, from what others write now."""
    age = time.time() - folder.stat().st_mtime
    return not folder.name.startswith(PARTIAL) or age > HOUR
