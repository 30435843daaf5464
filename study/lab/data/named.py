"""Find a data set by what a user calls it: a name, a folder or a file."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from study.lab.data import idx, tfds_sets
from study.lab.data.checked import checked
from study.lab.data.prepared import NAMES, Prepared, keep
from study.lab.errors import StudyError

MARK = 6  # hexadecimal digits that tell files of one name apart
DIGITS_TEST = 360  # of 1,797, a fifth: the last ones


def find(word: str | Path, say: Callable[[str], None] = print) -> Prepared:
    """Return a data set, kept as arrays.

    Args:
        word: `"digits"`, scikit-learn's; a folder of four IDX files; a `.npz` file with
            the arrays x_train, y_train, x_test and y_test; or an image classification
            of TensorFlow Datasets, such as `"fashion_mnist"`.
        say: Told what takes a while.
    """
    text, path = str(word), Path(word)
    if text == "digits":
        return keep(text, checked(text, _digits()))
    if path.is_dir():
        return _of_path(path, idx.read(path))
    if path.suffix == ".npz":
        return _of_path(path, _npz(path))
    if path.exists() or len(path.parts) != 1:
        came = "a file that is none of these" if path.exists() else "no such file"
        raise StudyError(
            "data: expected `digits`, a name of TensorFlow Datasets, a folder of IDX "
            f"files or a .npz file. Received: {text!r}, {came}"
        )
    return tfds_sets.find(text, say)


def _of_path(path, arrays):
    found = keep(path.stem, checked(str(path), arrays))
    marked = f"{path.absolute().stem}-{found.digest[:MARK]}"
    return Prepared(**vars(found) | {"label": marked})


def _npz(path):
    if not path.is_file():
        raise StudyError(f"{path}: no such file; expected arrays {', '.join(NAMES)}")
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in NAMES if name in file}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise StudyError(
            f"{path}: expected a .npz file of numbers, as numpy.savez writes it. "
            f"Received: {' '.join(str(error).split())}"
        ) from error


def _digits():
    """Return scikit-learn's digits: 1,797 images of 8 × 8, from 0 to 16."""
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise StudyError(
            "data: expected the package scikit-learn, in which `digits` are. Received: "
            "none; install study with its extra digits"
        ) from error
    x, y = load_digits(return_X_y=True)
    x = (x / 16).astype("float32")
    last = len(x) - DIGITS_TEST
    return dict(zip(NAMES, (x[:last], y[:last], x[last:], y[last:]), strict=True))
