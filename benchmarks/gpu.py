"""Time our engine on a GPU beside PyTorch, with TensorFloat-32 off and on alike.

Each contestant has the GPU for itself, in a process of its own. What was timed stands
in benchmarks/gpu.csv, from which the page is written where Jinja is.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from benchmarks import gpu_report, works
from study.lab import machine
from study.lab.errors import StudyError
from study.lab.files.store import write

FILE, MACHINE = "gpu.csv", "gpu.json"
# What products of float32 may do, as JAX and PyTorch call it.
PRECISION = {"off": ("highest", "highest"), "on": ("tensorfloat32", "high")}
PEAK = "peak"


def measure(names: Iterable[str], folder: Path, tiny: bool = False) -> None:
    """Time works, write what was found into a folder, and print it.

    Args:
        names: Works by name; all for none. What was timed of others stays.
        folder: Where the tables are.
        tiny: Whether small networks take a few steps, on whatever device there is.
    """
    names = [*names] or [*works.ON_GPU]
    if unknown := {*names} - {*works.ON_GPU}:
        raise StudyError(
            f"expected works among {', '.join(works.ON_GPU)}. Received: "
            f"{', '.join(sorted(unknown))}"
        )
    if not tiny:
        machine.require_device()
    rows = [each for each in _kept(folder) if each["work"] not in (*names, PEAK)]
    for tf32 in PRECISION:
        rows += _contest(PEAK, PEAK, tf32, tiny)
        for name in names:
            for contestant in works.ON_GPU[name].steps:
                if (contestant, tf32) != ("ours_cpu", "on"):
                    rows += _contest(name, contestant, tf32, tiny)
            _write(folder, rows)
    _write(folder, rows)
    print("\n".join(gpu_report.lines(folder)))


def contest(contestant: str, work: str, tf32: str, tiny: bool) -> list[dict]:
    """Let one contestant time one work; of what it fails at there is no row."""
    options = ["--tiny"] if tiny else []
    command = [sys.executable, "-m", "benchmarks.contestant", contestant]
    command += [f"{work} on a GPU", *options]
    if contestant == PEAK:
        command = [sys.executable, "-m", "benchmarks.torch_peak", *options]
    ran = subprocess.run(
        command, env=_environment(contestant, tf32), stdout=subprocess.PIPE, text=True
    )
    if ran.returncode:
        print(f"{contestant} failed at {work}: see above", file=sys.stderr)
    return [json.loads(line) for line in ran.stdout.splitlines() if line[:1] == "{"]


def _contest(work, contestant, tf32, tiny):
    rows = [
        {"tf32": tf32, "work": work, "contestant": contestant} | row
        for row in contest(contestant, work, tf32, tiny)
    ]
    for row in rows:
        told = {name: row[name] for name in row if name not in ("work", "contestant")}
        print(f"{work}, {contestant}: {json.dumps(told)}", file=sys.stderr, flush=True)
    return rows


def _environment(contestant, tf32):
    """Return what a contestant finds set: for ours what `make reports` sets.

    But whether products may be of TensorFloat-32 is the same for both sides.
    """
    ours, torch = PRECISION[tf32]
    found = os.environ | {"BENCHMARK_PRECISION": torch}
    if contestant == "ours_cpu":
        return found | {"STUDY_DEVICE": "cpu"}
    if contestant == "ours_gpu":
        found |= machine.environment("all") | {"JAX_DEFAULT_MATMUL_PRECISION": ours}
    if tf32 == "on":
        found.pop("NVIDIA_TF32_OVERRIDE", None)
    return found


def _kept(folder):
    path = folder / FILE
    return pd.read_csv(path).to_dict("records") if path.is_file() else []


def _write(folder, rows):
    table = pd.DataFrame(rows).to_csv(index=False, lineterminator="\n")
    write(folder / FILE, table.encode())
    told = machine.place(machine.usable())
    told["versions"] |= {"torch": version("torch")} if find_spec("torch") else {}
    write(folder / MACHINE, (json.dumps(told, indent=2) + "\n").encode())
