"""Do a cluster's tasks on one of its nodes, in a worker process of the supervisor."""

import hashlib
import importlib.metadata
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import study
from study.lab import machine
from study.lab.data import mnist_files
from study.lab.execute import connection, worker
from study.lab.execute.supervisor import Worker
from study.lab.execute.tasks import Task
from study.lab.files.store import write

# Besides the kinds of a worker's answers: its process died; no task can be done here;
# the task was not begun.
DIED, UNABLE, UNTRIED = b"D", b"U", b"N"
# Beginnings of the variables on which numbers may depend: the driver's hold everywhere.
SHAPING = ("TF_", "XLA_", "JAX_", "KERAS_", "OMP_", "OPENBLAS_", "MKL_", "STUDY_DEVICE")
PACKAGES = ("pandas", "ray", "scipy")
DEFINITIONS = "experiments"
MANY = 6  # differences that are named


def shaping() -> dict[str, str]:
    """Return the variables of the environment on which numbers may depend."""
    return {name: v for name, v in os.environ.items() if name.startswith(SHAPING)}


def greeting() -> dict[str, str]:
    """Tell what must be the same where tasks are planned and where they are done.

    It is all that a result's bits may depend on, and the code of this package.
    """
    place = machine.place(1)
    packages = {name: importlib.metadata.version(name) for name in PACKAGES}
    root = Path(study.__file__).parent
    code = {
        path.relative_to(root.parent).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()[:12]
        for path in sorted(root.rglob("*.py"))
    }
    where = {"device": place["device"], "processor": place["processor"]}
    return place["versions"] | packages | where | code


def difference(mine: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    """Say in what two greetings differ, or "" where they are the same.

    Example:

    >>> difference({"keras": "3.15.1"}, {"keras": "3.14.0"})
    'expected keras 3.15.1. Received: keras 3.14.0; install the same there'
    """
    names = [each for each in mine | theirs if mine.get(each) != theirs.get(each)]
    if not names:
        return ""
    more = f" and {len(names) - MANY} more" if names[MANY:] else ""
    lists = (
        ", ".join(f"{each} {found.get(each, 'none')}" for each in names[:MANY]) + more
        for found in (mine, theirs)
    )
    return "expected {}. Received: {}; install the same there".format(*lists)


def cache() -> Path:
    """Return the folder in which a node keeps definitions, and data put there."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root, "study")


class Relay:
    """Stand on a node for the driver: an actor that relays tasks to a worker process.

    Args:
        core: The core that the worker is bound to; None for all.
        environment: The driver's variables on which numbers may depend.
        data: The driver's data folder, which may be on this machine too.
        home: Where the driver works; so does who draws its figures, that has no core.
    """

    def __init__(
        self, core: int | None, environment: Mapping[str, str], data: str, home: str
    ):
        if core is None:
            os.chdir(home)
        for name in shaping():
            del os.environ[name]
        os.environ.update(environment)
        if not os.environ.get("STUDY_DATA"):
            there = mnist_files.has_arrays(Path(data))
            os.environ["STUDY_DATA"] = data if there else str(cache() / "data")
        self._workers = {"one": Worker(core), "all": Worker()}
        self._path = [each for each in sys.path if each]
        self._here: dict[Path, Path] = {}
        self._progress = self._kept = b""
        self._number = self._refused = 0
        self._doing: Worker | None = None
        self._import_from()

    def greet(self) -> dict:
        """Tell what is here."""
        return {
            "greeting": greeting(),
            "cores": machine.usable(),
            "token": connection.token(),
            "data": mnist_files.has_arrays(mnist_files.data_directory()),
        }

    def look(self, number: int) -> bytes:
        """Return how far a task is, as JSON; any answer says that this is alive.

        In its place comes what the worker told of a new checkpoint, once.

        Args:
            number: The task's; of another that is done now nothing is told.
        """
        if number != self._number:
            return b""
        kept, self._kept = self._kept, b""
        return kept or self._progress

    def stop(self, refused: int) -> None:
        """Have the program under way stop at a checkpoint.

        Args:
            refused: The number of the task that follows it, which is not to begin.
        """
        self._refused = refused
        if doing := self._doing:
            doing.ask_to_stop()

    def keep_data(self, files: Mapping[str, bytes]) -> bytes:
        """Keep MNIST as the driver has it; return what went wrong."""
        try:
            mnist_files.put_arrays(files, mnist_files.data_directory())
        except (OSError, mnist_files.DataError) as error:
            return str(error).encode()
        return b""

    def do(
        self, number: int, request: bytes, files: Mapping[str, bytes] | None
    ) -> bytes:
        """Do a task and return its answer: a byte that says its kind, then content.

        Args:
            number: The task's, by which it is looked for or refused.
            request: The task.
            files: What its definition needs, by name, where it was not sent before.
        """
        if number == self._refused:
            return UNTRIED
        task = Task.from_bytes(request)
        if files:
            try:
                self._here[task.path] = self._keep(task.path.name, files)
            except OSError as error:
                return UNABLE + f"{cache()}: {error.strerror}".encode()
        if not task.folder:  # figures are drawn at home, where paths are real
            task = replace(task, path=self._here[task.path])
        self._progress = self._kept = b""
        self._number = number
        one = self._workers[task.threads]
        one.send(task.to_bytes())
        self._doing = one
        while answer := one.hear():
            if answer[:1] == worker.PROGRESS:
                self._progress = answer[1:]
            elif answer[:1] == worker.KEPT:
                self._kept = answer
            else:
                break
        self._doing = None
        if not answer and (why := worker.unable(task.threads)):
            return UNABLE + why.encode()
        return answer or DIED

    def _keep(self, name, files):
        """Write a definition and its own modules; return the definition's path."""
        said = {each: hashlib.sha256(files[each]).hexdigest() for each in files}
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        folder = cache() / "definitions" / digest[:20]
        for each, content in files.items():
            if not (folder / each).exists():
                write(folder / each, content)
        if any(not each.startswith(f"{DEFINITIONS}/") for each in files):
            self._import_from(str(folder))
            for one in self._workers.values():
                one.stop()
        return folder / DEFINITIONS / name

    def _import_from(self, *folders):
        os.environ["PYTHONPATH"] = os.pathsep.join([*folders, *self._path])
