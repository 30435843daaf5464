"""Exported models: the right network, trained as in the finding, usable elsewhere."""

import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tiny_study

from study.lab import export, plan, registry
from study.lab.command import main
from study.lab.engine.loop import Engine
from study.lab.errors import StudyError

ROOT = Path(__file__).parents[2]
FINDING = '''"""One sentence."""

import keras

from study.initializers import He
from study.lab.data import digits
from study.lab.experiment import Experiment
from study.lab.measures import FinalLoss, TestError, ValidationError
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

from study.lab.experiment import Simulation
from study.lab.measures import Column


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
    for name, text in (("widths", FINDING), ("facts", SIMULATION), ("tuned", TUNED)):
        tiny_study.write(tmp_path / "experiments", name, text)
    return tmp_path


def entry(name="widths"):
    return registry.load(Path("experiments", f"{name}.py"))


@pytest.fixture(scope="module")
def trained():
    """Keep networks, since each takes seconds to compile."""
    return {}


@pytest.fixture
def exported(trained, place):
    """Return a function from an arm, and a finding's name, to the network."""

    def exported(arm, name="widths"):
        key = name, *arm.items()
        if key not in trained:
            trained[key] = export.model(
                entry(name), "standard", arm, Path("reports"), lambda text: None
            )
        return trained[key]

    return exported


def test_the_network_errs_as_the_finding_says_replicate_0_does(place, exported):
    experiment = entry().definition
    cells = plan.cells(experiment.vary)
    cell = {"units": 3, "start": "He"}
    (program,) = (
        each
        for each in plan.programs(experiment, "judge", cells, range(2))
        if cell in each.cells
    )
    result = Engine(experiment).run(program, lambda *_: None)
    told = result.measures["test_error"][program.runs.index((cell, 0))]

    network = exported({"units": "3"})
    arrays = experiment.data.load()
    outputs = keras.ops.convert_to_numpy(network(arrays.x_test, training=False))
    error = 100 * np.mean(outputs.argmax(1) != arrays.y_test)
    assert error == pytest.approx(told, abs=1e-4)
    assert network.layers[0].units == 3
    # The moving moments, which are not trained, have come along.
    assert (network.layers[1].get_weights()[3] != 1).all()


def test_what_is_not_named_takes_its_first_label(place, exported):
    network = exported({})
    assert network.layers[0].units == 5
    assert network.layers[0].get_weights()[0].any()
    network = exported({"start": "zeros"})
    assert network.layers[0].units == 5
    # From zeros a ReLU network's first layer never moves.
    assert not network.layers[0].get_weights()[0].any()


def test_the_command_writes_a_file_that_loads_elsewhere(place, exported, capsys):
    assert main(["export", "wid", "--model", "--arm", "units=3", "start=He"]) == 0
    path = place / "build" / "models" / "widths.keras"
    out = capsys.readouterr().out
    assert "build/models/widths.keras: load it" in out
    assert "step 20: loss " in out
    assert list(path.parent.iterdir()) == [path]
    program = (
        "import json, keras, study, sys\n"
        "model = keras.saving.load_model(sys.argv[1])\n"
        "x = keras.ops.ones((1, 64)) / 2\n"
        "print(json.dumps(keras.ops.convert_to_numpy(model(x))[0].tolist()))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, path],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        cwd=place / "build",
        capture_output=True,
        text=True,
        check=True,
    )
    here = exported({"units": "3"})(keras.ops.ones((1, 64)) / 2)[0]
    there = json.loads(ran.stdout.splitlines()[-1])
    np.testing.assert_allclose(there, keras.ops.convert_to_numpy(here), rtol=1e-5)


def test_a_draft_goes_where_it_is_told_and_has_weights_of_its_own(place, exported):
    assert main(["export", "widths", "--profile", "smoke", "--model", "m.keras"]) == 0
    assert not (place / "build" / "models").exists()
    draft = keras.saving.load_model(place / "m.keras").get_weights()[0]
    assert not np.isclose(draft, exported({}).get_weights()[0]).any()


def test_tuned_values_are_those_on_the_page(place, exported):
    message = r"tuned: expected .*reports/tuned/results.csv.*make report NAME=tuned"
    with pytest.raises(StudyError, match=message):
        exported({}, name="tuned")
    folder = place / "reports" / "tuned"
    folder.mkdir(parents=True)
    (folder / "provenance.json").write_text("{}")
    rows = ["units,start,learning_rate,replicate", "5,He,0.01,0", "3,He,0.1,0"]
    (folder / "results.csv").write_text("\n".join(rows) + "\n")
    slow, fast = (
        exported({"units": units}, name="tuned").get_weights() for units in ("5", "3")
    )
    # Biases start at 0 and move with the learning rate; 0.1 is also the default.
    np.testing.assert_allclose(fast[1], exported({"units": "3"}).get_weights()[1], 1e-4)
    assert abs(slow[1]).max() < abs(exported({}).get_weights()[1]).max() / 2


def test_a_network_that_diverged_is_not_saved(place, exported):
    wild = FINDING.replace("learning_rate=0.1", "learning_rate=1e30")
    tiny_study.write(place / "experiments", "wild", wild)
    with pytest.raises(StudyError, match=r"units=5, start=He, which diverged at step"):
        exported({}, name="wild")


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
