"""A small project of its own in a folder: two definitions and a ledger."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Of the counts of the long tests.
SHARE = float(os.environ.get("STUDY_FAULTS") or 1)

FACTS = '''"""Squares are squares."""

import pandas as pd

from study.lab.declare.finding import Claim, Simulation
from study.lab.declare.measures import Column
from study.lab.rules.verdicts import Exact


def run(n):
    return pd.DataFrame(
        {"number": range(n), "error": [abs(i * i - i**2) * 1.0 for i in range(n)]}
    )


EXPERIMENT = Simulation(
    title="Squares",
    claims=(
        Claim("d0-01", verdict=Exact(measure="error", where={}, tolerance=0)),
    ),
    run=run,
    settings={"n": 40},
    measures=(Column("error"),),
)
'''

TRAINED = '''"""Two widths on drawn digits, two learning rates each."""

import keras

from study.lab.data import digits
from study.lab.declare.finding import Claim, Experiment
from study.lab.declare.measures import FinalLoss, TestError
from study.lab.declare.models import mlp
from study.lab.figures import Curves, Points
from study.lab.rules.verdicts import Less


def model(width):
    return mlp(64, (width,), 10)


def optimizer(learning_rate):
    return keras.optimizers.SGD(learning_rate)


EXPERIMENT = Experiment(
    title="Width on digits",
    claims=(
        Claim(
            "d0-02",
            verdict=Less(
                measure="final_loss",
                arm={"width": 60, "learning_rate": 0.1},
                than={"width": 50, "learning_rate": 0.01},
            ),
        ),
    ),
    data=digits(train=100),
    model=model,
    optimizer=optimizer,
    batch_size=20,
    steps=STEPS,
    vary={"width": (50, 60), "learning_rate": (0.01, 0.1)},
    replicates=20,
    extension=0,
    measures=(FinalLoss(), TestError()),
    figures=(Curves(panels="width", hue="learning_rate"),),
)
'''


def share(count: int) -> int:
    """Return the share of a count that is asked for, at least one."""
    return max(1, round(SHARE * count))


def make(folder: Path, steps: int = 1_000) -> Path:
    """Write the project's definitions; two programs a structure, four in all."""
    experiments = folder / "experiments"
    experiments.mkdir(parents=True)
    (experiments / "squares_are_exact.py").write_text(FACTS)
    trained = TRAINED.replace("STEPS", str(steps))
    (experiments / "width_on_digits.py").write_text(trained)
    (experiments / "ledger.csv").write_text(
        "id,lecture,lines,kind,claim\n"
        "d0-01,Deep Learning,1,fact,Squares are squares.\n"
        "d0-02,Deep Learning,2,training,Wider nets learn faster.\n"
    )
    return folder


def start(folder: Path, *arguments: str) -> subprocess.Popen:
    """Start `python -m study run` in the project."""
    return subprocess.Popen(
        [sys.executable, "-m", "study", "run", "--workers", "2", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen) -> str:
    """Wait for a run to end well and return what it printed."""
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, out + err
    return out


def pages(folder: Path) -> dict[str, bytes]:
    """Read tables, verdicts and figures: all that must not depend on the run.

    Pages, provenance and the index of findings tell the seconds that a run took, and
    are left out.
    """
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted((folder / "reports").rglob("*"))
        if path.suffix in (".csv", ".svg", ".gif") and path.name != "findings.csv"
    }


def results(folder: Path) -> dict[str, tuple[int, int]]:
    """Tell each stored result apart from one computed again: its inode and time."""
    return {
        path.name: (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in (folder / "build" / "results").glob("*.result")
    }
