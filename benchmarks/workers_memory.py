"""Print the peak memory of the workers that train work A's network, 8 runs of it.

It is the sum, in MB, of the workers' proportional set sizes: what several map counts
once. The study in the path trains, whichever commit's it is.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DEFINITION = '''"""Work A on MNIST."""

import keras

from study.lab.data import mnist
from study.lab.declare.experiment import Experiment
from study.lab.declare.measures import FinalLoss, TestError
from study.lab.declare.models import mlp


def model(units):
    return mlp(784, (units,) * 4, 10)


def optimizer():
    return keras.optimizers.SGD(0.01)


EXPERIMENT = Experiment(
    title="Work A",
    claims=(),
    data=mnist(),
    model=model,
    optimizer=optimizer,
    batch_size=128,
    steps=2_000,
    vary={"units": (100,)},
    replicates=8,
    extension=0,
    measures=(FinalLoss(), TestError()),
)
'''


def main() -> None:
    """Train once, and look at the workers until they are gone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "work_a.py")
        text = DEFINITION
        if not Path("study", "lab", "declare").exists():  # before the lab had folders
            text = text.replace("study.lab.declare.", "study.lab.")
        path.write_text(text)
        words = ["-m", "study", "run", path, "--out", folder, "--workers", "2"]
        peak = 0.0
        # In a folder of its own, whose store has nothing yet.
        data = Path("build", "data").absolute()
        with subprocess.Popen(
            [sys.executable, *words],
            cwd=folder,
            env=os.environ | {"STUDY_DATA": str(data)},
            stdout=subprocess.DEVNULL,
        ) as process:
            while process.poll() is None:
                peak = max(peak, sum(map(proportional, workers(process.pid))))
                time.sleep(0.05)
    if process.returncode:
        raise SystemExit(process.returncode)
    print(f"{peak / 1e6:.0f}")


def workers(pid: int) -> list[Path]:
    """List the processes that a command has started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = status.read_text().rpartition(")")[2].split()[1]
        except OSError:  # it has just ended
            continue
        if int(parent) == pid:
            found.append(status.parent)
    return found


def proportional(process: Path) -> int:
    """Return a process's proportional set size in bytes."""
    try:
        for line in (process / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1_024
    except OSError:
        pass
    return 0


if __name__ == "__main__":
    main()
