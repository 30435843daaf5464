"""Measure what a cluster's driver costs, and race the cluster with workers.

Run by the Python of the extra `cluster`. Where the costs grow is seen on a busy machine
too, by the processor's time; the race needs a quiet one.
"""

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from string import Template

import pandas as pd

from study.lab.errors import StudyError
from study.lab.execute.tasks import Listener, Task
from study.lab.files.store import write

FILE = Path("benchmarks", "cluster.csv")
RACE = Path("benchmarks", "cluster_race.csv")
# Slots and tasks.
WAITING = ((1, 2_000), (2, 20_000), (16, 20_000), (64, 100_000), (256, 100_000))
STRUCTURES = 50
EFFICIENCY = 0.95  # of Ray's speed by that of the workers, at the least
# What both executors train, at each of four sizes of a network.
REPLICATES = {"xor": 500, "mnist": 50}
TURNS = {"xor": 10, "mnist": 5}  # by each, of all these
BLOCKS = {"xor": 200, "mnist": 20}  # of these two programs, by which all is compiled
WORKS = {
    "xor": '''"""XOR for the race."""

import keras

from study.lab.data import xor
from study.lab.declare.experiment import Experiment
from study.lab.declare.measures import Solved
from study.lab.declare.models import mlp


def model(units):
    return mlp(2, (units,), 1, activation="tanh", output_activation="sigmoid")


def optimizer():
    return keras.optimizers.SGD(0.5)


EXPERIMENT = Experiment(
    title="XOR",
    claims=(),
    data=xor(),
    model=model,
    optimizer=optimizer,
    loss="binary_crossentropy",
    batch_size=None,
    steps=500,
    vary={"units": (3, 4, 5, 6)},
    replicates=$replicates,
    extension=0,
    measures=(Solved(),),
    smoke={"steps": 500, "replicates": $replicates},
)
''',
    "mnist": '''"""MNIST for the race."""

import keras

from study.lab.data import mnist
from study.lab.declare.experiment import Experiment
from study.lab.declare.measures import FinalLoss, TestError
from study.lab.declare.models import mlp


def model(units):
    return mlp(784, (units,), 10)


def optimizer():
    return keras.optimizers.SGD(0.1)


EXPERIMENT = Experiment(
    title="MNIST",
    claims=(),
    data=mnist(train=2_000),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    steps=200,
    vary={"units": (30, 50, 70, 100)},
    replicates=$replicates,
    extension=0,
    measures=(FinalLoss(), TestError()),
    smoke={"steps": 200, "replicates": $replicates},
)
''',
}


def wait(slots: int, tasks: int) -> list[dict]:
    """Give tasks to actors that answer at once; return the driver's cost a result."""
    from benchmarks.sharing import PRESTART, PROCESSES, Shared
    from benchmarks.waiting import GREETING, Waiting
    from study.lab.execute import cluster
    from study.lab.execute.relay import greeting

    with tempfile.TemporaryDirectory() as folder:
        path = written("xor", Path(folder), 1)
        os.environ[GREETING] = json.dumps(greeting())
        os.environ[PRESTART] = "0"
        cluster.Actors = Shared
        asked = [
            Task(path, "smoke", f"{i}", structure=f"{i % STRUCTURES}")
            for i in range(tasks)
        ]
        ends, memory, tenth = [], [], tasks // 10

        def finished(*_):
            ends.append((time.perf_counter(), time.process_time()))
            if len(ends) % tenth == 0:
                memory.append(_memory("self"))

        listener = Listener(
            lambda *_: None,
            lambda *_: None,
            finished,
            lambda *_: None,
            lambda task, why: sys.exit(why),
        )
        start = time.perf_counter()
        with cluster.Cluster("local", slots, print, relay=Waiting) as executor:
            up = time.perf_counter() - start
            executor.run([iter([(asked, listener)])])
            actors = max(map(_memory, _children("ray::Actor")), default=0)
    first, last = ends[tenth : 2 * tenth], ends[-tenth:]
    assert len(ends) == tasks
    row = {
        "slots": slots,
        "processes": min(slots, PROCESSES),
        "tasks": tasks,
        "up_s": round(up, 1),
        "ms_a_result": _each(ends[tenth:], 0),
        "cpu_ms_a_result": _each(ends[tenth:], 1),
        "cpu_ms_first_tenth": _each(first, 1),
        "cpu_ms_last_tenth": _each(last, 1),
        "driver_mb_first_tenth": memory[0],
        "driver_mb_half": memory[4],
        "driver_mb": memory[9],
        "actor_mb": actors,
        "load": round(os.getloadavg()[0], 2),
    }
    return [row]


def _each(ends, which):
    return round(1_000 * (ends[-1][which] - ends[0][which]) / (len(ends) - 1), 3)


def _memory(pid):
    """Return a process's proportional set size in MB."""
    lines = Path("/proc", str(pid), "smaps_rollup").read_text().splitlines()
    return round(int(next(x for x in lines if x.startswith("Pss:")).split()[1]) / 1e3)


def _children(name):
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
            if line.startswith(name.encode()) and os.getuid() == folder.stat().st_uid:
                yield folder.name
        except OSError:
            continue


def written(work: str, folder: Path, replicates: int | None = None) -> Path:
    """Write a work's definition into a folder; return its path."""
    path = folder / f"{work}.py"
    text = Template(WORKS[work])
    path.write_text(text.substitute(replicates=replicates or REPLICATES[work]))
    return path


def fewer(finding, replicates: int):
    """Return a finding with fewer replicates, by which workers compile its networks."""
    smoke = finding.definition.smoke | {"replicates": replicates}
    less = dataclasses.replace(finding.definition, smoke=smoke)
    return dataclasses.replace(finding, definition=less)


def race(work: str, slots: int) -> list[dict]:
    """Train a work in turns by both executors, which are up and have compiled.

    Both are there all the time, so that what else the machine does falls on both.
    """
    from study.lab.declare import registry
    from study.lab.declare.profiles import PROFILES
    from study.lab.execute.cluster import Cluster
    from study.lab.execute.progress import Progress
    from study.lab.execute.runner import Runner
    from study.lab.execute.supervisor import Workers

    rows = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Cluster("local", slots, print) as ray,
        Workers(slots) as workers,
        Progress() as progress,
    ):
        finding = registry.load(written(work, Path(folder)))
        both = {
            name: Runner(None, executor, progress)
            for name, executor in (("ray", ray), ("workers", workers))
        }
        for runner in both.values():
            runner.table(fewer(finding, BLOCKS[work]), PROFILES["smoke"])
        for turn in range(TURNS[work]):
            row = {"work": work, "slots": slots, "turn": turn}
            for name in sorted(both, reverse=turn % 2):
                start = time.perf_counter()
                runs = both[name].table(finding, PROFILES["smoke"])
                row |= {name: round(time.perf_counter() - start, 2), "runs": len(runs)}
            rows.append(row | {"load": round(os.getloadavg()[0], 2)})
    return rows


def measure(what: str) -> None:
    """Measure the waiting actors or the race, each in a process of its own.

    What was interrupted goes on where it was.
    """
    if what == "waiting":
        cases = [("wait", *each) for each in WAITING]
        file = FILE
    else:
        cases = [("race", work, slots) for slots in (2, 1) for work in WORKS]
        file = RACE
    rows = waited(file)
    done = len({(each.get("work"), each["slots"]) for each in rows})
    if done == len(cases):
        rows, done = [], 0
    for case in cases[done:]:
        words = [sys.executable, "-m", "benchmarks.cluster", json.dumps(case)]
        ran = subprocess.run(words, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise StudyError(f"{case}: {(ran.stdout + ran.stderr)[-500:]}")
        rows += json.loads(ran.stdout.splitlines()[-1])
        print(rows[-1], file=sys.stderr)
        table = pd.DataFrame(rows)
        write(file, table.to_csv(index=False, lineterminator="\n").encode())


def waited(path: Path) -> list[dict]:
    """List the rows of a table; none where nothing was measured."""
    return pd.read_csv(path).to_dict("records") if path.is_file() else []


def raced(path: Path) -> list[dict]:
    """List each work and number of slots: seconds, and Ray's speed by that of workers.

    The ratio is taken turn by turn, so that what else the machine did falls on both.
    """
    if not path.is_file():
        return []
    rows = []
    for (work, slots), found in pd.read_csv(path).groupby(["work", "slots"]):
        ratio = found["workers"] / found["ray"]
        rows.append(
            {
                "work": work,
                "slots": slots,
                "runs": f"{found['runs'].sum():,}",
                "turns": len(found),
                "ray": f"{found['ray'].sum():.0f}",
                "workers": f"{found['workers'].sum():.0f}",
                "ratio": f"{ratio.median():.2f} ({ratio.min():.2f} to "
                f"{ratio.max():.2f})",
                "load": f"{found['load'].median():.1f}",
                "met": "yes" if ratio.median() >= EFFICIENCY else "**no**",
            }
        )
    return rows


if __name__ == "__main__":
    name, *arguments = json.loads(sys.argv[1])
    print(json.dumps({"wait": wait, "race": race}[name](*arguments)))
