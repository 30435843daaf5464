"""Identities: what makes a run is part of it, and what is listed besides is not."""

import dataclasses

import keras
import pytest
import tiny_study

from study.lab import data
from study.lab.data import Form, sets
from study.lab.declare import fields, identity, profiles
from study.lab.declare.closure import read
from study.lab.declare.definition import Claim
from study.lab.declare.experiment import Outputs
from study.lab.declare.identity import Identity
from study.lab.declare.measures import Column, FinalLoss, MeanLoss, Probe, TestError
from study.lab.declare.models import mlp
from study.lab.declare.simulation import Simulation
from study.lab.declare.takeaway import Takeaway
from study.lab.figures import Points
from study.lab.rules.verdicts import Greater

CELL = {"units": 3, "learning_rate": "slow"}


def what(stage="judge", replicate=0, cell=CELL, source=None, **changes):
    experiment = tiny_study.experiment(**changes)
    return Identity(experiment, source).run(stage, cell, replicate)


def rate(model, x, y):
    return keras.ops.mean(x)


def half(x, seed):
    return x / 2


def shaped(units, shape, classes):
    return mlp(shape, (units,), classes)


def grown(units):
    return tiny_study.model(units + 1)


def warmed(units=3):
    return half


def adam(learning_rate):
    return keras.optimizers.Adam(learning_rate)


def lowered():
    return keras.callbacks.ReduceLROnPlateau()


def inputs():
    return [[0.0] * 64]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "another"},
        {"takeaway": Takeaway(shows="Nothing.")},
        {"replicates": 7},
        {"extension": 5},
        {"first_replicate": 3},
        {"measures": (FinalLoss(), MeanLoss())},
        {"measures": (Probe("rate", rate),)},
        {"figures": (Points("final_loss", rows="units"),)},
        {
            "claims": (
                Claim(
                    "d1-01",
                    Greater(measure="final_loss", arm=CELL, than=CELL | {"units": 5}),
                ),
            )
        },
        {"vary": {"units": (3, 4, 5), "learning_rate": {"slow": 0.01, "fast": 0.5}}},
        {"vary": {"learning_rate": {"slow": 0.01}, "units": (3,)}},
        {"replacement": False},
        {"patience": None},
    ],
)
def test_what_a_definition_lists_besides_is_no_part_of_a_run(changes):
    assert what(**changes) == what()


def test_a_label_is_a_word_and_its_value_part_of_the_run():
    renamed = {"units": (3,), "learning_rate": {"crawling": 0.01}}
    cell = {"units": 3, "learning_rate": "crawling"}
    assert what(cell=cell, vary=renamed) == what()
    slower = {"units": (3,), "learning_rate": {"slow": 0.001}}
    assert what(vary=slower) != what()


WATCHED = {"watch": ("validation",)}


@pytest.mark.parametrize(
    "changes",
    [
        {"steps": 21},
        {"batch_size": 8},
        {"batch_size": None},
        {"data": data.digits(train=31, validation=20)},
        {"data": data.digits(train=30, validation=21)},
        {"data": data.mnist(train=30, validation=20)},
        {"data": data.with_random_labels(data.digits(train=30, validation=20), 0.2)},
        {"loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True)},
        {"replacement": True},
        {"augmentation": half},
        {"pretraining": warmed},
        {"model": grown},
        {"optimizer": adam},
        WATCHED,
        WATCHED | {"patience": 2},
        WATCHED | {"plateau": lowered},
    ],
)
def test_what_makes_a_run_is_part_of_it(changes):
    assert what(**changes) != what()


def test_the_shape_and_the_classes_that_a_model_got_are_part_of_a_run(monkeypatch):
    def parts():
        return Identity(tiny_study.experiment(model=shaped)).parts("judge", [CELL])

    asked, plain = what(model=shaped), what()
    assert {"shape", "classes"} <= {*parts()}
    forms = [Form((64,), 11, 500), Form((8, 8), 10, 500)]
    for form in forms:
        monkeypatch.setattr(sets, "_form", lambda read, form=form: form)
        assert what(model=shaped) != asked
        assert what() == plain


def test_runs_of_other_cells_stages_and_replicates_are_others():
    others = [
        what("tune"),
        what("draft"),
        what(replicate=1),
        what(cell=CELL | {"units": 5}),
        what(cell=CELL | {"learning_rate": "fast"}),
    ]
    assert len({what(), *others}) == 6


def test_how_often_a_run_is_looked_at_counts_where_it_is_looked_at():
    assert what(evaluations=5) == what()
    assert what(evaluations=5, **WATCHED) != what(**WATCHED)


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("study.lab.declare.models", "[activation] *", "[None] *"),
        ("study.lab.data.sets", "normal(0, 0.5", "normal(0, 0.6"),
    ],
)
def test_code_that_a_run_reaches_is_part_of_it(module, old, new):
    def source(name):
        text = read(name)
        assert name != module or old in text
        return text.replace(old, new) if name == module else text

    assert what(source=source) != what()


def test_the_engine_enters_by_its_number_alone(monkeypatch):
    def source(name):
        assert ".train." not in name, name
        return read(name)

    before = what(source=source)
    monkeypatch.setattr(identity, "ENGINE_VERSION", identity.ENGINE_VERSION + 1)
    assert what() != before


def test_another_seed_of_all_runs_is_another_run(monkeypatch):
    before = what()
    monkeypatch.setattr(identity, "SEED", 1)
    assert what() != before


def test_what_is_read_is_told_by_content_and_tuning_reads_one_thing():
    def reads(stage="judge", cell=CELL, **changes):
        return Identity(tiny_study.experiment(**changes)).reads(stage, cell)

    measures = (FinalLoss(), TestError(), Probe("a", rate))
    read_off = reads(measures=measures, **WATCHED)
    assert {*read_off} == {"end test", "look validation", "probe a"}
    again = reads(measures=(Probe("b", rate, label="words", unit="%"),))
    assert again == {"probe b": read_off["probe a"]}
    assert reads(measures=(Probe("a", rate, on="test"),)) != again
    assert {*reads("tune", measures=measures, **WATCHED)} == {"end validation"}
    kept = Outputs(inputs=inputs, arm=CELL, per="final_loss")
    assert "outputs" in reads(outputs=kept)
    assert "outputs" not in reads(outputs=kept, cell=CELL | {"units": 5})


def test_how_fields_are_checked_is_no_part_of_what_a_page_reads():
    def checks(module):
        text = read(module)
        return text + "\nKind = None\n" if module == fields.__name__ else text

    kept = Outputs(inputs=inputs, arm=CELL, per="final_loss")
    told = [
        Identity(tiny_study.experiment(outputs=kept), source).read()
        for source in (None, checks)
    ]
    assert "outputs" in told[0]
    assert told[0] == told[1]
    other = Outputs(inputs=inputs, arm=CELL, per="test_error")
    assert Identity(tiny_study.experiment(outputs=other)).read() != told[0]


def test_parts_name_the_fields_and_the_code():
    experiment = tiny_study.experiment()
    found = Identity(experiment).parts("judge", [CELL])
    assert {"steps", "batch_size", "train", "value of units", "engine"} <= {*found}
    assert {"model", "mlp", "_digits"} <= {*found}


def test_a_simulation_is_its_code_its_settings_and_the_stage_of_its_draws():
    def simulation(run, **settings):
        declared = Simulation(
            title="s", claims=(), run=run, settings=settings, measures=(Column("a"),)
        )
        return [
            identity.simulated(declared, profile.stage).digest
            for profile in profiles.PROFILES.values()
        ]

    draft, judged, paper = simulation(drawing, count=2)
    assert judged == paper != draft
    assert len({*simulation(counting, count=2)}) == 1
    assert simulation(counting, count=3) != simulation(counting, count=2)


def drawing(draws, count):
    return draws, count


def counting(count):
    return count


def test_fields_left_at_their_default_rename_nothing():
    fields = {each.name for each in dataclasses.fields(tiny_study.experiment())}
    shared = Identity(tiny_study.experiment())._shared
    assert {"pretraining", "plateau", "replacement"} <= fields
    assert not {"pretraining", "plateau", "replacement"} & {*shared}
