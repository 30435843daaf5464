"""Have an image classification of TensorFlow Datasets as arrays, once.

What is at hand, in TFDS's own folder or in ours, is read. Else TFDS downloads it, for
as long as data come; without a network that is told at once.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from study.lab.data.checked import checked
from study.lab.data.mnist_files import data_directory
from study.lab.data.prepared import FOLDER, NAMES, Prepared, from_json, keep, to_json
from study.lab.data.watchdog import run_watched
from study.lab.errors import StudyError
from study.lab.files.store import write

SCRIPT = Path(__file__).with_name("tfds_arrays.py")
SIGNS = 200  # of an error of TFDS's that are told


def find(name: str, say: Callable[[str], None]) -> Prepared:
    """Return a data set by the name that TFDS has for it."""
    record = data_directory() / FOLDER / f"tfds.{name}.json"
    if known := _known(record):
        return known
    if name == "mnist":
        raise StudyError(
            "data: expected another data set than that of the definitions. Received: "
            "'mnist'; leave it out"
        )
    say(f"Reading {name} by TensorFlow Datasets, which takes a while this once.")
    record.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="partial.", dir=record.parent))
    try:
        found = keep(name, checked(name, _arrays(name, scratch)))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    write(record, to_json(found).encode())
    return found


def _known(record):
    if not record.exists():
        return None
    found = from_json(record.read_text())
    try:
        found.prepare()
    except StudyError:  # gone or damaged: it is made again
        return None
    return found


def _arrays(name, scratch):
    """Let TFDS write the arrays; what goes wrong is told in one line."""
    command = [sys.executable, "-P", str(SCRIPT), name, str(data_directory())]
    downloading = scratch / "downloading"
    try:
        run_watched(command, scratch, downloading.exists)
    except (TimeoutError, ChildProcessError) as error:
        for unfinished in (data_directory() / name).glob("**/incomplete.*"):
            shutil.rmtree(unfinished, ignore_errors=True)
        if (scratch / "mistake").exists():
            why = (scratch / "mistake").read_text()
            raise StudyError(f"{name}: {why}") from None
        told = scratch / "error"
        came = " ".join((told.read_text() if told.exists() else str(error)).split())
        raise StudyError(
            f"{name}: expected it in TFDS's folder, or a network to fetch it by. "
            f"Received: {came[:SIGNS]}; without one name a folder of IDX files, a .npz "
            "file or digits"
        ) from error
    files = {each: scratch / f"{each}.npy" for each in NAMES}
    return {each: np.load(path) for each, path in files.items() if path.exists()}
