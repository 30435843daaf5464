"""Read a data set in the form in which MNIST was published: four IDX files a folder."""

import gzip
import math
import zlib
from pathlib import Path

import numpy as np

from study.lab.data.mnist_sources import FILES
from study.lab.errors import StudyError

BYTES = 8  # the sign by which a file says that its numbers are unsigned bytes
MOST = 4  # dimensions


def read(folder: Path) -> dict[str, np.ndarray]:
    """Return x_train, y_train, x_test and y_test from their files, raw or .gz."""
    return {file.array: _array(_path(folder, file.name)) for file in FILES}


def _path(folder, name):
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    raise StudyError(
        f"{folder}: expected four IDX files, {', '.join(each.name for each in FILES)}, "
        f"raw or .gz. Received: no {name}"
    )


def _array(path):
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read()
    except (OSError, EOFError, zlib.error) as error:
        raise StudyError(f"{path}: expected an IDX file. Received: {error}") from error
    dimensions = content[3] if content[:3] == bytes([0, 0, BYTES]) else 0
    start = 4 + 4 * dimensions
    if not 1 <= dimensions <= MOST or len(content) < start:
        raise StudyError(
            f"{path}: expected an IDX file of bytes, which begins with 0, 0, {BYTES}. "
            f"Received: {', '.join(map(str, content[:3])) or 'nothing'}"
        )
    shape = tuple(map(int, np.frombuffer(content, ">u4", dimensions, offset=4)))
    if len(content) - start != math.prod(shape):
        raise StudyError(
            f"{path}: expected {math.prod(shape):,} bytes after its head, which says "
            f"{' × '.join(map(str, shape))}. Received: {len(content) - start:,}"
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)
