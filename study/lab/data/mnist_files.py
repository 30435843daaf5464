"""MNIST for the experiments, prepared once and checked at every use.

Under the data folder there are afterwards

- `mnist/3.0.1`, which stock TFDS loads as its own, where TensorFlow trains, and
- `mnist_arrays`, the same examples as .npy files in the order of the original
  IDX files, ready in a tenth of a second. TFDS shuffles what it writes, so only
  these arrays keep the order in which MNIST was published.

Each folder appears in one rename, is sealed with checksums, and is set aside and
made anew when they no longer hold.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from study.lab import machine
from study.lab.data import mnist_sources
from study.lab.data.mnist_sources import DataError
from study.lab.files import manifest

__all__ = [
    "DataError",
    "array_files",
    "arrays",
    "checksums",
    "data_directory",
    "has_arrays",
    "prepare",
    "put_arrays",
]

DATASET = Path("mnist", "3.0.1")
ARRAYS = Path("mnist_arrays")
PARTIAL = "mnist.partial."


def checksums() -> dict[str, str]:
    """SHA-256 of each raw IDX file by name, to identify the data in cache keys."""
    return {file.name: file.sha256 for file in mnist_sources.FILES}


def data_directory() -> Path:
    """Where data go unless told otherwise: $STUDY_DATA, or build/data here."""
    return Path(os.environ.get("STUDY_DATA") or Path("build", "data")).absolute()


def is_prepared(directory: Path) -> bool:
    """Whether MNIST is there in its forms; says nothing of their checksums."""
    return all((directory / form / manifest.MANIFEST).exists() for form in _forms())


def _forms():
    """List what is prepared: TFDS, which reads the one, may lack beside JAX."""
    return (ARRAYS, DATASET) if machine.BACKEND == "tensorflow" else (ARRAYS,)


def has_arrays(directory: Path) -> bool:
    """Whether the arrays are there; says nothing of their checksums."""
    return (directory / ARRAYS / manifest.MANIFEST).exists()


def array_files(directory: Path) -> dict[str, bytes]:
    """Return the files of the arrays with their seal, for another machine."""
    return {path.name: path.read_bytes() for path in (directory / ARRAYS).iterdir()}


def put_arrays(files: Mapping[str, bytes], directory: Path) -> None:
    """Put another machine's arrays under `directory`, if their files are whole."""
    directory.mkdir(parents=True, exist_ok=True)
    with _locked(directory, lambda _: None):
        if has_arrays(directory):
            return
        _sweep(directory)
        try:
            partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=directory)) / ARRAYS
            partial.mkdir()
            for name, content in files.items():
                (partial / name).write_bytes(content)
            if faults := manifest.faults(partial):
                raise DataError("\n".join(faults))
            manifest.place(partial, directory / ARRAYS)
        finally:
            _sweep(directory)


def arrays(directory: Path | None = None) -> dict[str, np.ndarray]:
    """Return x_train, y_train, x_test and y_test, read-only and memory-mapped.

    All are uint8 and in the order of the original files. They are checked against
    their checksums first, and MNIST is prepared when it is not, or is damaged.
    """
    directory = directory or data_directory()
    folder = directory / ARRAYS
    if manifest.faults(folder):
        prepare(directory)
    return {
        file.array: np.load(folder / f"{file.array}.npy", mmap_mode="r")
        for file in mnist_sources.FILES
    }


def prepare(
    directory: Path | None = None, *, say: Callable[[str], None] = print
) -> Path:
    """Have MNIST whole and checked under `directory`, for `arrays` and for TFDS.

    What is there and sound is kept. Any number of processes may ask at once: one
    works and the others wait for it.
    """
    directory = directory or data_directory()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with _locked(directory, say):
            _sweep(directory)
            try:
                _prepare_locked(directory, say)
            finally:
                _sweep(directory)
    except OSError as error:
        raise DataError(
            f"Preparing MNIST in {directory} failed: {error}\n"
            "The folder must be writable, with 200 MB free; STUDY_DATA names another."
        ) from error
    say(f"MNIST is prepared in {directory}, every checksum as expected.")
    return directory


def _prepare_locked(directory: Path, say: Callable[[str], None]) -> None:
    damage = [fault for form in _forms() for fault in _refuse(directory / form, say)]
    partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=directory))
    if not (directory / ARRAYS).exists():
        try:
            contents = mnist_sources.fetch(partial, say)
        except DataError as error:
            raise DataError("\n".join([*damage, str(error)])) from error
        (partial / ARRAYS).mkdir()
        for name, array in contents.items():
            np.save(partial / ARRAYS / f"{name}.npy", array)
        manifest.seal(partial / ARRAYS)
        manifest.place(partial / ARRAYS, directory / ARRAYS)
    if DATASET in _forms() and not (directory / DATASET).exists():
        say("Writing MNIST for TFDS, which takes about 20 s this once.")
        write_dataset(directory / ARRAYS, partial)
        manifest.seal(partial / DATASET)
        manifest.place(partial / DATASET, directory / DATASET)


def _refuse(folder: Path, say: Callable[[str], None]) -> list[str]:
    """Set a damaged folder aside; return what is wrong with it."""
    if not folder.exists():
        return []
    damage = manifest.faults(folder)
    for fault in damage:
        say(f"Damaged: {fault}")
    if damage:
        say(f"Set aside as {manifest.set_aside(folder)}, to be made anew.")
    return damage


def write_dataset(source: Path, data_dir: Path) -> None:
    script = Path(__file__).with_name("mnist_tfds.py")
    done = subprocess.run(
        [sys.executable, "-P", str(script), str(source), str(data_dir)],
        env=os.environ | {"CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "2"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        close_fds=False,
        check=False,
    )
    if done.returncode != 0:
        raise DataError(
            f"TFDS could not write MNIST (exit code {done.returncode}). "
            f"It ended with:\n{done.stdout[-2000:]}"
        )


def _sweep(directory: Path) -> None:
    """Remove what a preparation, perhaps one that was killed, left unfinished."""
    leftovers = [*directory.glob(f"{PARTIAL}*"), *directory.glob("mnist/incomplete.*")]
    for leftover in leftovers:
        shutil.rmtree(leftover, ignore_errors=True)


@contextmanager
def _locked(directory: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock on the data folder.

    The process that writes the dataset inherits it. If this one is killed, the next
    waits until that has ended, so nothing appears behind its back.
    """
    with (directory / "mnist.lock").open("w") as lock:
        os.set_inheritable(lock.fileno(), True)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another process is preparing MNIST; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
