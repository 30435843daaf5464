"""Exported models: the right network, trained as in the finding, usable elsewhere."""

import contextlib
import io
import json
from pathlib import Path

import keras
import numpy as np
import pytest
import tiny_study
from answers import Answers, workers
from processes import python
from rich.console import Console
from workplace import Told

from study.lab.declare import registry
from study.lab.errors import StudyError
from study.lab.execute import export, supervisor
from study.lab.execute.command import main
from study.lab.execute.executors import InProcess
from study.lab.execute.progress import Progress
from study.lab.execute.runner import Runner
from study.lab.train import plan, tabulate, thresholds
from study.lab.train.loop import Engine
from study.lab.train.plan import Program
from study.lab.train.tabulate import Run

FINDING = '''"""One sentence."""

import keras

from study.initializers import He
from study.lab.data import digits
from study.lab.declare.finding import Experiment
from study.lab.declare.measures import FinalLoss, TestError, ValidationError
from study.layers import BatchNormalization
from study.optimizers import SGD


def model(units, start):
    return keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Dense(units, "relu", kernel_initializer=start),
            BatchNormalization(momentum=0.5),
            keras.layers.Dense(10, "softmax"),
        ]
    )


def optimizer(learning_rate=0.1):
    return SGD(learning_rate)


EXPERIMENT = Experiment(
    title="Two widths and two starts",
    claims=(),
    data=digits(train=50, validation=20),
    model=model,
    optimizer=optimizer,
    batch_size=7,
    steps=20,
    vary={"units": (5, 3), "start": {"He": He(), "zeros": "zeros"}},
    replicates=2,
    extension=0,
    measures=(FinalLoss(), ValidationError(), TestError()),
    smoke={"steps": 10},
)
'''
SIMULATION = '''"""One sentence."""

import pandas as pd

from study.lab.declare.finding import Simulation
from study.lab.declare.measures import Column


def run():
    return pd.DataFrame({"gap": [0.0]})


EXPERIMENT = Simulation(title="Facts", claims=(), run=run, measures=(Column("gap"),))
'''
TUNED = FINDING.replace(
    "    replicates=2,", '    tune={"learning_rate": (0.01, 0.1)},\n    replicates=2,'
)


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(supervisor, "Workers", workers)
    for name, text in (("widths", FINDING), ("facts", SIMULATION), ("tuned", TUNED)):
        tiny_study.write(tmp_path / "experiments", name, text)
    return tmp_path


def finding(name="widths"):
    return registry.load(Path("experiments", f"{name}.py"))


def file(arm, name="widths", executor=None):
    """Export a network of a finding."""
    progress = Progress(Console(file=io.StringIO()))
    work = Runner(None, executor or InProcess(), progress)
    return export.file(work, finding(name), "standard", arm, Path("reports"))


class Asked:
    """Stand for a network: its file says which program it is the first of."""

    def __init__(self, program):
        self.program = program

    def to_bytes(self):
        return self.program.to_json().encode()


def asked(arm, name="widths"):
    """Return the one run that an export has trained."""
    program = Program.from_json(file(arm, name, Answers(Asked)).decode())
    assert program.stage == "judge"
    ((cell, replicate),) = program.runs
    assert replicate == 0
    return cell


@pytest.mark.slow
def test_the_network_errs_as_the_finding_says_replicate_0_does(place):
    experiment = finding().definition
    cell = {"units": 3, "start": "He"}
    runs = [(cell, replicate) for replicate in range(2)]
    (program,) = plan.programs(experiment, "judge", runs)
    result = Engine(experiment).run(program, lambda *_: None)
    told = tabulate.table(experiment, [Run(cell, 0, result, 0)])["test_error"][0]

    (place / "network.keras").write_bytes(file({"units": "3"}))
    network = keras.saving.load_model(place / "network.keras")
    arrays = experiment.data.load()
    outputs = keras.ops.convert_to_numpy(network(arrays.x_test, training=False))
    error = 100 * np.mean(outputs.argmax(1) != arrays.y_test)
    assert error == pytest.approx(told, abs=1e-4)
    assert network.layers[0].units == 3
    # The moving moments, which are not trained, have come along.
    assert (network.layers[1].get_weights()[3] != 1).all()


def test_what_is_not_named_takes_its_first_label(place):
    assert asked({}) == {"units": 5, "start": "He"}
    assert asked({"start": "zeros"}) == {"units": 5, "start": "zeros"}
    assert asked({"units": "3"}) == {"units": 3, "start": "He"}


@pytest.mark.slow
def test_the_command_writes_a_file_that_loads_elsewhere(place, capsys):
    assert main(["export", "wid", "--model", "--arm", "units=3", "start=He"]) == 0
    path = place / "build" / "models" / "widths.keras"
    out = capsys.readouterr().out
    assert "build/models/widths.keras: load it" in out
    assert "3, He, replicates 0 to 0 (1 runs): done in " in out
    assert list(path.parent.iterdir()) == [path]
    program = (
        "import json, keras, study, sys\n"
        "model = keras.saving.load_model(sys.argv[1])\n"
        "x = keras.ops.ones((1, 64)) / 2\n"
        "print(json.dumps(keras.ops.convert_to_numpy(model(x))[0].tolist()))\n"
    )
    ran = python("-c", program, path, cwd=place / "build")
    assert ran.returncode == 0, ran.stderr
    here = keras.saving.load_model(path)(keras.ops.ones((1, 64)) / 2)[0]
    there = json.loads(ran.stdout.splitlines()[-1])
    np.testing.assert_allclose(there, keras.ops.convert_to_numpy(here), rtol=1e-5)


def test_a_draft_goes_where_it_is_told_and_has_weights_of_its_own(place, monkeypatch):
    answers = contextlib.nullcontext(Answers(Asked))
    monkeypatch.setattr(supervisor, "Workers", lambda count: answers)
    assert main(["export", "widths", "--profile", "smoke", "--model", "m.keras"]) == 0
    assert not (place / "build" / "models").exists()
    draft = Program.from_json((place / "m.keras").read_text())
    assert draft.stage == "draft"


def test_tuned_values_are_those_on_the_page(place):
    message = r"tuned: expected .*reports/tuned/results.csv.*make report NAME=tuned"
    with pytest.raises(StudyError, match=message):
        asked({}, name="tuned")
    folder = place / "reports" / "tuned"
    folder.mkdir(parents=True)
    (folder / "provenance.json").write_text("{}")
    rows = ["units,start,learning_rate,replicate", "5,He,0.01,0", "3,He,0.1,0"]
    (folder / "results.csv").write_text("\n".join(rows) + "\n")
    for units, tuned in ((5, 0.01), (3, 0.1)):
        cell = {"units": units, "start": "He", "learning_rate": tuned}
        assert asked({"units": str(units)}, name="tuned") == cell


def test_a_finding_whose_replicates_are_spent_exports_the_first_that_is_left(place):
    spent = Path("experiments", "spent.csv")
    spent.write_text("finding,first,last,why\nwidths,0,6,a change\n")
    program = Program.from_json(file({}, executor=Answers(Asked)).decode())
    assert program.replicates == (7,)


def test_a_network_is_trained_with_the_threads_of_its_finding(place, monkeypatch):
    limit = thresholds.Limit("dense", 10**9, 1, True, "all", ms=1)
    monkeypatch.setattr(thresholds, "limit", lambda model: limit)
    told = Told(io.StringIO())
    work = Runner(None, Answers(Asked), told)
    export.file(work, finding(), "standard", {}, Path("reports"))
    assert [(each.threads, each.network) for each in told.tasks] == [("all", True)]


@pytest.mark.slow
def test_a_network_that_diverged_is_not_saved(place, recwarn):
    wild = FINDING.replace("learning_rate=0.1", "learning_rate=1e30")
    tiny_study.write(place / "experiments", "wild", wild)
    with pytest.raises(StudyError, match=r"units=5, start=He, which diverged at step"):
        file({}, name="wild")
    assert [each for each in recwarn if each.category is RuntimeWarning] == []


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["facts"], ["a simulation has no model", "'facts'"]),
        (["widths", "--arm", "unit=3"], ["'unit'", "did you mean 'units'?"]),
        (["widths", "--arm", "units=4"], ["'units'", "'4'", "valid: '5', '3'"]),
        (["widths", "--arm", "units"], ["--arm: expected name=label", "'units'"]),
        (["width", "--arm", "start="], ["valid: 'He', 'zeros'"]),
        (["nothing"], ["'nothing'", "no finding"]),
        (["", "--profile", "smoke"], ["expected one finding", "facts, tuned, widths"]),
    ],
)
def test_a_mistake_is_one_line(place, capsys, arguments, parts):
    assert main(["export", *arguments, "--model", "m.keras"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("study: ")
    assert err.count("\n") == 1
    assert all(part in err for part in parts), err
    assert not (place / "m.keras").exists()


def test_a_file_of_another_kind_is_refused_before_anything_trains(place, capsys):
    assert main(["export", "widths", "--model", "model.h5"]) == 1
    assert "ends in .keras. Received: model.h5" in capsys.readouterr().err
