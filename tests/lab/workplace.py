"""A folder with a runner in it, which tells what it trained."""

import io
import json
import shutil

import numpy as np
import pandas as pd
import tiny_study
from rich.console import Console

from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.execute.progress import Progress
from study.lab.execute.runner import Runner
from study.lab.files.store import Store
from study.lab.train.plan import Program

FILE = '''"""Small steps against large ones."""

import keras

from study.lab.data import digits
from study.lab.declare.finding import Claim, Experiment
from study.lab.declare.measures import FinalLoss, TestError, ValidationError
from study.lab.declare.models import mlp
from study.lab.figures import Curves
from study.lab.rules.verdicts import Greater


def model(units=30):
    return mlp(64, (units,), 10)


def optimizer(rate, momentum=0.0):
    return keras.optimizers.SGD(rate, momentum=momentum)


EXPERIMENT = Experiment(
    title="Steps",
    claims=(
        Claim(
            "d1-01",
            Greater(
                measure="final_loss",
                arm={"rate": "slow"},
                than={"rate": "fast"},
                delta=1,
            ),
        ),
    ),
    data=digits(train=30, validation=20),
    model=model,
    optimizer=optimizer,
    batch_size=7,
    steps=20,
    vary={"rate": {"slow": 0.01, "fast": 0.5}},
    replicates=5,
    extension=3,
    measures=(FinalLoss(), ValidationError(), TestError()),
    figures=(),
    smoke={"steps": 12, "replicates": 2},
)
'''
NO_CLAIMS = (
    FILE[FILE.index("    claims=") : FILE.index("    data=")],
    "    claims=(),\n",
)
# Softmax regression, which NumPy trains.
SOFTMAX = (
    ("mlp(64, (units,), 10)", "mlp(64, (), 10)"),
    ("model(units=30)", "model()"),
    ("rate, momentum=0.0", "rate"),
    (", momentum=momentum", ""),
)


# A figure takes longer to draw than all else that these tests do.
FIGURE = ("figures=()", 'figures=(Curves(hue="rate"),)')


def losses(slow, fast=5.0):
    """Return a function to made-up results: final losses by rate and replicate."""

    def answer(program):
        return tiny_study.result(
            [
                slow(replicate) if cell["rate"] == "slow" else fast
                for cell, replicate in program.runs
            ]
        )

    return answer


def clear(replicate):
    return 7 + replicate / 100


def unclear(replicate):
    return (9, 2)[replicate % 2]


def edited(text, *edits):
    """Return a text with (old, new) edits."""
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return text


class Told(Progress):
    """Note which tasks are begun."""

    def __init__(self, screen):
        super().__init__(Console(file=screen, width=200))
        self.tasks = []

    def started(self, task, *more):
        self.tasks.append(task)
        super().started(task, *more)

    def trained(self):
        """Return the programs that were begun since the last call."""
        tasks, self.tasks = self.tasks, []
        return [Program.from_json(each.program) for each in tasks if each.program]


class Workplace:
    """A folder with a runner in it, and definitions in folders of their own."""

    def __init__(self, folder, executor):
        self.folder, self.pages = folder, folder / "reports"
        self.screen = io.StringIO()
        self.progress, self.executor = Told(self.screen), executor
        self.count = 0

    @property
    def reports(self):
        return self.pages / "steps"

    def runner(self):
        store = Store(self.folder / "store", self.progress.say)
        return Runner(store, self.executor, self.progress)

    def write(self, *edits, text=FILE, name="steps"):
        """Write a definition with edits into a folder of its own; load it."""
        self.count += 1
        path = self.folder / f"{self.count}"
        return registry.load(tiny_study.write(path, name, edited(text, *edits)))

    def run(self, *edits, text=FILE, profile="standard", name="steps"):
        """Run a definition with edits; return the programs trained."""
        return self.run_entry(self.write(*edits, text=text, name=name), profile)

    def run_entry(self, finding, profile="standard"):
        self.runner().run([finding], PROFILES[profile], self.pages)
        return self.progress.trained()

    def forget(self):
        """Remove the pages, so that nothing was seen."""
        shutil.rmtree(self.pages)

    def told(self):
        return self.screen.getvalue()

    def table(self, table="results", name="steps"):
        return pd.read_csv(self.pages / name / f"{table}.csv")

    def provenance(self):
        return json.loads((self.reports / "provenance.json").read_text())


def replicates(programs):
    return [each.replicates for each in programs]


def runs(programs):
    """List the runs of programs: labels and replicate."""
    return [
        (*cell.values(), replicate)
        for each in programs
        for cell, replicate in each.runs
    ]


def ones(errors):
    """Return a made-up result of runs with these validation errors, in percent."""
    return tiny_study.result(np.ones(len(errors)), error=np.array(errors) / 100)
