"""Let contestants take turns: each once a round, in a process of its own.

What else the machine does then falls on all of them, and the spread over rounds shows
how much that was.
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path

from benchmarks import works
from benchmarks.contestant import CONTESTANTS
from benchmarks.peak import peak
from benchmarks.workers import cores

ROUNDS = 3
SAY = partial(print, flush=True)


def order(rounds: int) -> Iterator[tuple[int, str, str]]:
    """Yield (round, group, contestant); each round starts with another contestant."""
    for number in range(rounds):
        for group, members in works.GROUPS.items():
            names = [name for name in CONTESTANTS if name in members[0].steps]
            first = number % len(names)
            for name in names[first:] + names[:first]:
                yield number, group, name


def run(torch: str | None, rounds: int = ROUNDS, quick: bool = False, say=SAY):
    """Run all rounds; return rows of the contestants and rows of the machine's peak.

    `torch` is a Python that has PyTorch; without one its contestants are left out.
    """
    rows, peaks = [], []
    for number, group, name in order(rounds):
        if len(peaks) == 2 * number:
            for threads in (1, cores()):
                gflops = round(peak(threads), 1)
                peaks.append({"round": number, "threads": threads, "gflops": gflops})
                say(f"round {number + 1}: sgemm, threads {threads}: {gflops} GFLOP/s")
        python = torch if name.startswith("torch") else sys.executable
        if python is None:
            continue
        for row in contest(python, name, group, quick):
            rows.append({"round": number} | row)
            say(
                f"round {number + 1}: {row['work']}, {name}, {row['runs']} runs: "
                f"{row['ms']} ms a step a run"
            )
    return rows, peaks


def contest(python: str, name: str, group: str, quick: bool) -> list[dict]:
    """Let one contestant time one group; what it fails at is missing."""
    command = [python, "-m", "benchmarks.contestant", name, group]
    environment = os.environ | {
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "",
    }
    done = subprocess.run(
        [*command, *(["--quick"] if quick else [])],
        env=environment | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        print(f"{name} failed at {group}: see above", file=sys.stderr)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    for row in rows:
        row["ms"] = float(f"{row['ms']:.4g}")
        row["start"] = round(row["start"], 2)
        row["memory"] = round(row["memory"])
    return rows


def machine(torch: str | None) -> dict:
    """Tell what was measured on and with."""
    packages = {name: version(name) for name in ("keras", "numpy")}
    try:
        packages["tensorflow"] = version("tensorflow-cpu")
    except ModuleNotFoundError:
        packages["tensorflow"] = version("tensorflow")
    if torch is not None:
        code = "import importlib.metadata as m; print(m.version('torch'))"
        found = subprocess.check_output([torch, "-c", code], text=True)
        packages["torch"] = found.strip()
    return {
        "cores": cores(),
        "processor": _processor(),
        "python": platform.python_version(),
        **packages,
    }


def _processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except FileNotFoundError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    return f"{names[0]}, {platform.machine()}" if names else platform.machine()
