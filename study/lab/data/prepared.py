"""Hold another data set as arrays in a folder that is known by what is in them."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from study.lab.data.mnist_files import data_directory
from study.lab.data.sets import Arrays, Form
from study.lab.errors import StudyError
from study.lab.files import manifest

NAMES = ("x_train", "y_train", "x_test", "y_test")
FOLDER = "sets"
SHORT = 20  # hexadecimal digits by which its folder is called


@dataclass(frozen=True)
class Prepared:
    """Read a data set that was kept; it is known by its arrays, whatever it is called.

    Args:
        label: What pages call it.
        digest: SHA-256 of its arrays.
        available: Examples to train and validate on.
        tests: Examples of the test set.
        shape: The shape of an example as a network gets it.
        classes: How many classes the labels name.
    """

    label: str
    digest: str
    available: int
    tests: int
    shape: tuple[int, ...]
    classes: int

    def __call__(self) -> Arrays:
        """Return the examples; bytes become numbers from 0 to 1."""
        self.prepare()
        folder = data_directory() / FOLDER / self.digest[:SHORT]
        x, y, x_test, y_test = (np.load(folder / f"{name}.npy") for name in NAMES)
        return Arrays(_numbers(x), y, _numbers(x_test), y_test)

    @property
    def form(self) -> Form:
        """Return what the examples are like."""
        return Form(self.shape, self.classes, self.tests)

    def prepare(self) -> None:
        """Raise where the arrays are not there as they were kept."""
        folder = data_directory() / FOLDER / self.digest[:SHORT]
        for fault in manifest.faults(folder):
            raise StudyError(f"{self.label}: {fault}; name the data set again")


def _numbers(x):
    return x.astype("float32") / 255 if x.dtype == np.uint8 else x


def to_json(prepared: Prepared) -> str:
    return json.dumps(asdict(prepared))


def from_json(text: str) -> Prepared:
    values = json.loads(text)
    return Prepared(**values | {"shape": tuple(values["shape"])})


def keep(label: str, arrays: Mapping[str, np.ndarray]) -> Prepared:
    """Keep the arrays of a data set in a folder of their own, once.

    Args:
        label: What pages call it.
        arrays: `x_train`, `y_train`, `x_test` and `y_test`, as `checked` returns them.
    """
    digest = hashlib.sha256()
    for name in NAMES:
        each = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {each.dtype.str} {each.shape}\0".encode())
        digest.update(each.tobytes())
    prepared = Prepared(
        label=label,
        digest=digest.hexdigest(),
        available=len(arrays["x_train"]),
        tests=len(arrays["x_test"]),
        shape=arrays["x_train"].shape[1:],
        classes=1 + int(max(arrays["y_train"].max(), arrays["y_test"].max())),
    )
    folder = data_directory() / FOLDER / prepared.digest[:SHORT]
    if manifest.faults(folder):
        _write(folder, arrays)
    return prepared


def _write(folder, arrays):
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix="partial.", dir=folder.parent))
    try:
        for name in NAMES:
            np.save(partial / f"{name}.npy", arrays[name])
        manifest.seal(partial)
        if folder.exists():
            manifest.set_aside(folder)
        manifest.place(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
