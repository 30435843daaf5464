"""Check the arrays of a data set that somebody brings, and bring them into one form."""

from collections.abc import Mapping

import numpy as np

from study.lab.data.prepared import NAMES
from study.lab.errors import StudyError


def checked(where: str, given: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return images as vectors, of bytes or of float32 as they came, and whole labels.

    Images of one channel become vectors; those of several keep their shape.

    Args:
        where: What a mistake's line begins with.
        given: `x_train`, `y_train`, `x_test` and `y_test`.
    """
    lacking = [name for name in NAMES if name not in given]
    if lacking:
        raise StudyError(
            f"{where}: expected {', '.join(NAMES)}. Received: no {lacking[0]}; "
            f"{_how(lacking[0])}"
        )
    found = {}
    for split in ("train", "test"):
        x, y = (np.asarray(given[f"{each}_{split}"]) for each in "xy")
        if not len(_sized(x)):
            raise StudyError(
                f"{where}: expected examples in x_{split}. Received: none; "
                f"{_how(f'x_{split}')}"
            )
        if len(x) != len(_sized(y)):
            raise StudyError(
                f"{where}: expected a label for each example. Received: "
                f"{len(x):,} in x_{split} and {len(_sized(y)):,} in y_{split}"
            )
        found[f"x_{split}"] = _images(f"{where}: x_{split}", x)
        found[f"y_{split}"] = _labels(f"{where}: y_{split}", y)
    one, other = (_kind(found[f"x_{split}"]) for split in ("train", "test"))
    if one != other:
        raise StudyError(
            f"{where}: expected test examples like those to train on, {one}. Received: "
            f"{other}"
        )
    most = found["y_train"].max()
    if most >= len(found["y_train"]):
        raise StudyError(
            f"{where}: expected fewer classes than examples, by numbers from 0 on. "
            f"Received: a label of {most:,}; number the classes 0, 1, 2, ..."
        )
    if len(classes := np.unique(found["y_train"])) < 2:
        raise StudyError(
            f"{where}: expected labels of two classes at least. Received: all of "
            f"y_train are {classes[0]}"
        )
    return found


def _how(name):
    if name.endswith("test"):
        return "set some examples apart that no network is trained on"
    return "save them under that name"


def _kind(x):
    how = "bytes" if x.dtype == np.uint8 else "of a floating type"
    return f"{how} of shape {x.shape[1:]}"


def _sized(array):
    """Return an array that has a length."""
    return array if array.ndim else np.empty(0)


def _images(where, x):
    if x.ndim < 2 or not x[0].size or x.dtype.kind not in "uif":
        raise StudyError(
            f"{where}: expected numbers, an array (examples, ...) of them. Received: "
            f"{x.dtype} of shape {x.shape}"
        )
    if x.dtype.kind != "f":
        if x.min() < 0 or x.max() > 255:
            raise StudyError(
                f"{where}: expected whole numbers from 0 to 255, or any of a floating "
                f"type. Received: from {x.min()} to {x.max()}; divide them"
            )
        x = x.astype("uint8")
    elif not np.isfinite(x).all():
        raise StudyError(
            f"{where}: expected finite numbers. Received: "
            f"{np.count_nonzero(~np.isfinite(x)):,} that are not"
        )
    else:
        x = x.astype("float32")
    flat = x.ndim == 3 or (x.ndim == 4 and x.shape[-1] == 1)
    return x.reshape(len(x), -1) if flat else x


def _labels(where, y):
    column = y.ndim == 2 and y.shape[1] == 1
    y = y[:, 0] if column else y
    whole = y.ndim == 1 and y.dtype.kind in "uif" and np.array_equal(y, np.floor(y))
    if not whole or y.min() < 0:
        raise StudyError(
            f"{where}: expected a class of each example, a whole number from 0 on. "
            f"Received: {y.dtype} of shape {y.shape}"
            + (f", the least {y.min()}" if whole else "")
        )
    return y.astype("int32")
