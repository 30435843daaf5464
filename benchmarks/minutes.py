"""Time what people wait for, beside an earlier commit, in alternated rounds.

Each side is a clone with an environment of its own, under build/minutes.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from study.lab.errors import StudyError, nearest
from study.lab.files.store import write

BASE = "9780880"
PLACE = Path("build", "minutes")
FILE = Path("benchmarks", "minutes.csv")
PYTHON = ".venv/bin/python"


@dataclass(frozen=True)
class Wait:
    """Name what is waited for.

    Args:
        title: What the page calls it.
        least: The ratio to the earlier commit that it must not exceed.
        measure: Function from a clone to seconds, or to megabytes.
        unit: Of what it returns.
        ready: Whether the clone's environment and data must be there before.
    """

    title: str
    least: float
    measure: Callable[[Path], float]
    unit: str = "s"
    ready: bool = True


def command(*words: str) -> Callable[[Path], float]:
    """Return a function that times a command in a clone, whatever its exit code."""

    def seconds(clone):
        start = time.perf_counter()
        subprocess.run(words, cwd=clone, env=_alone(), capture_output=True, check=False)
        return time.perf_counter() - start

    return seconds


def make(*targets: str) -> Callable[[Path], float]:
    """Return a function that times targets, and stops where they fail."""

    def seconds(clone):
        start = time.perf_counter()
        _make(clone, *targets)
        return time.perf_counter() - start

    return seconds


def set_up(clone: Path) -> float:
    """Time making the environment anew."""
    for each in (".venv", "build/bytecode"):
        shutil.rmtree(clone / each, ignore_errors=True)
    return make(".venv/ready")(clone)


def first_page(clone: Path) -> float:
    """Time the way from a bare clone to XOR's page."""
    bare = clone.with_name(f"{clone.name}-bare")
    shutil.rmtree(bare, ignore_errors=True)
    subprocess.run(["git", "clone", "-q", clone, bare], check=True)
    seconds = make("report", "NAME=xor")(bare)
    shutil.rmtree(bare)
    return seconds


def page_at_hand(clone: Path) -> float:
    """Time XOR's page where all that it needs is there."""
    kept = clone / "build" / "minutes-page-is-at-hand"
    if not kept.exists():
        _make(clone, "report", "NAME=xor")
        kept.touch()
    return make("report", "NAME=xor")(clone)


def memory(clone: Path) -> float:
    """Return the workers' peak of memory, in MB, as the sum of proportional sets."""
    script = Path(__file__).with_name("workers_memory.py").absolute()
    environment = _alone() | {"PYTHONPATH": str(clone.absolute())}
    ran = subprocess.run(
        [PYTHON, script], cwd=clone, env=environment, capture_output=True, text=True
    )
    if ran.returncode:
        raise StudyError(f"{clone}: the run failed: {ran.stderr[-500:]}")
    return float(ran.stdout.splitlines()[-1])


WAITS = {
    "set-up": Wait("set-up of the CPU environment", 0.25, set_up, ready=False),
    "first-page": Wait("bare clone to the first page", 0.45, first_page, ready=False),
    "test": Wait("`make test`, environment at hand", 0.33, make("test")),
    "faults": Wait("`make test-faults` in full", 0.33, make("test-faults")),
    "help": Wait("`python -m study --help`", 0.1, command(PYTHON, "-m", "study", "-h")),
    "typo": Wait("a typo", 0.1, command(PYTHON, "-m", "study", "lsit")),
    "list": Wait("`python -m study list`", 0.3, command(PYTHON, "-m", "study", "list")),
    "check": Wait("`make check`, nothing changed", 0.5, make("check")),
    "page": Wait("`make report NAME=xor`, all at hand", 0.4, page_at_hand),
    "memory": Wait("peak memory of the workers, work A, 8 runs", 0.65, memory, "MB"),
}


def measure(names: list[str], rounds: int) -> None:
    """Measure what is named, all for nothing, and add it to the table."""
    for name in names:
        if name not in WAITS:
            raise StudyError(
                f"minutes: no such measure. Received: {name!r}; {nearest(name, WAITS)}"
            )
    names = names or [*WAITS]
    sides = {"before": _clone("before", BASE), "now": _clone("now", "HEAD")}
    if any(WAITS[name].ready for name in names):
        for clone in sides.values():
            _make(clone, ".venv/ready", "data")
    rows = []
    for name in names:
        for number in range(rounds):
            for side in sorted(sides, reverse=number % 2 == 1):
                load = os.getloadavg()[0]
                value = WAITS[name].measure(sides[side])
                rows.append([name, number, side, round(value, 2), round(load, 2)])
                print(f"{name}, round {number}, {side}: {value:.1f}", file=sys.stderr)
            _keep(rows)


def rows(file: Path = FILE) -> list[dict]:
    """Return a row of the page for each measure that was taken."""
    if not file.exists():
        return []
    table = pd.read_csv(file)
    return [
        _row(wait, table[table["what"] == name])
        for name, wait in WAITS.items()
        if name in {*table["what"]}
    ]


def _row(wait, found):
    sides = found.pivot(index="round", columns="side", values="value")
    ratios = sides["now"] / sides["before"]
    middle = statistics.median(ratios)
    return {
        "title": wait.title,
        "unit": wait.unit,
        "rounds": len(ratios),
        "before": f"{sides['before'].median():,.4g}",
        "now": f"{sides['now'].median():,.4g}",
        "ratio": f"{middle:.2g} ({ratios.min():.2g} to {ratios.max():.2g})",
        "least": f"{wait.least:g}",
        "met": "yes" if middle <= wait.least else "**no**",
        "load": f"{found['load'].max():.2g}",
    }


def _keep(rows):
    """Put new rows in the place of earlier ones of the same measures."""
    columns = ["what", "round", "side", "value", "load"]
    fresh = pd.DataFrame(rows, columns=columns)
    old = pd.read_csv(FILE) if FILE.exists() else fresh[:0]
    kept = old[~old["what"].isin(fresh["what"])]
    table = pd.concat([kept, fresh]) if len(kept) else fresh
    write(FILE, table.to_csv(index=False, lineterminator="\n").encode())


def _clone(side, commit):
    folder = PLACE / side
    if not folder.exists():
        subprocess.run(["git", "clone", "-q", ".", folder], check=True)
    wanted = subprocess.check_output(["git", "rev-parse", commit], text=True).strip()
    for words in (["fetch", "-q"], ["checkout", "-q", "--detach", "--force", wanted]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


def _make(clone, *targets):
    ran = subprocess.run(
        ["make", *targets], cwd=clone, env=_alone(), capture_output=True, text=True
    )
    if ran.returncode:
        told = (ran.stdout + ran.stderr)[-800:]
        raise StudyError(f"{clone}: make {' '.join(targets)} failed: {told}")


def _alone():
    """Return the environment without what `make benchmark-minutes` adds to it.

    Bytecode is kept on either side, as Python does unless it is told otherwise.
    """
    added = ("MAKE", "MFLAGS", "KERAS_BACKEND", "STUDY_", "TF_CPP", "PYTHON")
    return {k: v for k, v in os.environ.items() if not k.startswith(added)}
