"""Running a definition in this process gives the table that a page is made of."""

import keras
import pandas as pd
import pytest
import tiny_study

import study.lab
from study.lab.declare import registry, simulation
from study.lab.declare.measures import Column
from study.lab.train.result import Result


def optimizer(learning_rate, momentum):
    return keras.optimizers.SGD(learning_rate, momentum)


def counted(folder, kept):
    """Return what was read off the runs of each file of a store that is new."""
    new = {*folder.glob("*.result")} - {*kept}
    kept += new
    contents = (path.read_bytes().split(b"\n", 2)[2] for path in new)
    return [{*Result.from_bytes(each).reads} for each in contents]


@pytest.mark.slow
def test_a_trained_definition_gives_one_row_a_run_and_a_kept_one_trains_nothing(
    tmp_path,
):
    told, kept = [], []
    definition = tiny_study.experiment(
        tune={"momentum": (0.0, 0.5)}, optimizer=optimizer
    )
    table = study.lab.run(definition, say=told.append, store=tmp_path)
    assert len(table) == 8
    assert {"units", "learning_rate", "momentum", "test_error"} <= {*table}
    assert any("runs" in each for each in told)
    reads = counted(tmp_path, kept)
    # Tuning reads the validation examples and never opens the test set.
    assert {"end validation loss", "end validation error"} in reads
    assert any("end test error" in each for each in reads)
    again = study.lab.run(definition, say=told.append, store=tmp_path)
    assert counted(tmp_path, kept) == []
    pd.testing.assert_frame_equal(again, table)
    assert "tiny: all 8 runs are at hand" in told


def test_a_simulation_gives_what_it_computes_with_the_settings_of_the_profile():
    definition = simulation.Simulation(
        title="tiny",
        claims=(),
        run=lambda n: pd.DataFrame({"gap": range(n)}),
        settings={"n": 5},
        smoke={"settings": {"n": 2}},
        measures=(Column("gap"),),
    )
    assert len(study.lab.run(definition)) == 5
    assert len(study.lab.run(definition, profile="smoke")) == 2


FILE = '''"""One sentence."""

from tiny_study import experiment

EXPERIMENT = experiment()
'''


@pytest.mark.parametrize("loaded", [True, False], ids=["its own", "the registry's"])
def test_replicates_that_are_spent_are_not_run_again(tmp_path, monkeypatch, loaded):
    seen = []
    monkeypatch.setattr(
        "study.lab.execute.runner.Runner.table",
        lambda self, finding, profile: seen.append(finding.definition.first),
    )
    path = tiny_study.write(tmp_path, "mine", FILE)
    (tmp_path / "spent.csv").write_text("finding,first,last,why\nmine,0,6,a change\n")
    finding = registry.load(path)
    own = registry.sys.modules["study_experiments.mine"].EXPERIMENT
    study.lab.run(own if loaded else finding.definition)
    assert seen == [range(7, 9)]
