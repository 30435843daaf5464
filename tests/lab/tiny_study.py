"""A study small enough for tests: a definition, its files and made-up results."""

import keras
import numpy as np

from study.lab import data
from study.lab.declare.experiment import Experiment
from study.lab.declare.measures import FinalLoss, TestError, ValidationError
from study.lab.declare.models import mlp
from study.lab.train.result import Result

HEADER = "id,lecture,lines,kind,claim\n"


def model(units=3):
    return mlp(64, (units,), 10)


def softmax():
    """Return a network that NumPy trains."""
    return mlp(64, (), 10)


def optimizer(learning_rate=0.1):
    return keras.optimizers.SGD(learning_rate)


def experiment(**changes):
    """Return an experiment of 4 cells on the drawn digits, with changes."""
    fields = {
        "title": "tiny",
        "claims": (),
        "data": data.digits(train=30, validation=20),
        "model": model,
        "optimizer": optimizer,
        "batch_size": 7,
        "steps": 20,
        "vary": {"units": (5, 3), "learning_rate": {"slow": 0.01, "fast": 0.5}},
        "replicates": 2,
        "extension": 0,
        "measures": (FinalLoss(), ValidationError(), TestError()),
    }
    return Experiment(**fields | changes)


def result(last, error=0.5, **changes):
    """Return a made-up result of runs that end with these losses and errors, shares."""
    last = np.asarray(last, "float32")
    runs = len(last)
    ends = {"loss": last, "error": np.broadcast_to(error, runs).astype("float32")}
    fields = {
        "loss": last[:, None] + np.arange(3, -1, -1, dtype="float32"),
        "hits": np.zeros((runs, 4), "float32"),
        "looks": np.array([4]),
        "reads": {
            f"end {split} {value}": each
            for split in ("train", "validation", "test")
            for value, each in ends.items()
        },
        "chance": np.array([2.3, 0.9]),
        "seconds": 0.5,
    }
    fields |= changes
    steps = fields["loss"].shape[1]
    return Result(**{"stopped": np.full(runs, steps)} | fields)


def write(folder, name, text, ledger=("d1-01", "d1-02")):
    """Write a definition's file, and the ledger beside it; return the file's path."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = (f"{id},A lecture,1,fact,A claim of the lecture {id}.\n" for id in ledger)
    (folder / "ledger.csv").write_text(HEADER + "".join(rows))
    path = folder / f"{name}.py"
    path.write_text(text)
    return path
