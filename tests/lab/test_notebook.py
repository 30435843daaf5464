"""Running a definition in this process gives the table that a page is made of."""

import pandas as pd
import tiny_study

import study.lab
from study.lab import experiment
from study.lab.measures import Column


def test_a_trained_definition_gives_one_row_a_run():
    told = []
    definition = tiny_study.experiment(tune={"momentum": (0.0,)}, optimizer=optimizer)
    table = study.lab.run(definition, say=told.append)
    assert len(table) == 8
    assert {"units", "learning_rate", "momentum", "test_error"} <= {*table}
    assert any("runs" in each for each in told)


def optimizer(learning_rate, momentum):
    import keras

    return keras.optimizers.SGD(learning_rate, momentum)


def test_a_simulation_gives_what_it_computes_with_the_settings_of_the_profile():
    definition = experiment.Simulation(
        title="tiny",
        claims=(),
        run=lambda n: pd.DataFrame({"gap": range(n)}),
        settings={"n": 5},
        smoke={"settings": {"n": 2}},
        measures=(Column("gap"),),
    )
    assert len(study.lab.run(definition)) == 5
    assert len(study.lab.run(definition, profile="smoke")) == 2
