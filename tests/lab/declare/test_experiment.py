"""Definitions: every mistake is told in one line, and nothing changes afterwards."""

import dataclasses
import itertools
import math
import re

import pandas as pd
import pytest
from tiny_study import experiment

from study.callbacks.early_stopping import Patience
from study.lab.data import Draws, mnist, xor
from study.lab.declare.definition import Anchor, Claim
from study.lab.declare.experiment import Experiment, Outputs
from study.lab.declare.measures import (
    Column,
    FinalLoss,
    FirstStepSolved,
    LossAt,
    Solved,
    ValidationError,
)
from study.lab.declare.profiles import PROFILES
from study.lab.declare.simulation import Simulation
from study.lab.errors import DefinitionError, StudyError
from study.lab.figures import Deviations, Points, Table
from study.lab.rules.verdicts import Cited, Exact, Greater, Less
from study.lab.train.stretches import looks

SLOW = {"units": 5, "learning_rate": "slow"}
FAST = {"units": 5, "learning_rate": "fast"}


def claim(id="d1-01", measure="test_error", arm=SLOW, than=FAST):
    return Claim(id, Greater(measure=measure, arm=arm, than=than))


def anchor(measure="test_error", arm=SLOW):
    return Anchor(source="A 2020", measure=measure, arm=arm, value=1.0, read=True)


def simulation(**changes):
    fields = {
        "title": "facts",
        "claims": (Claim("d1-01", Exact(measure="gap", where={}, tolerance=0)),),
        "run": lambda count=3: pd.DataFrame({"gap": [0] * count}),
        "measures": (Column("gap"),),
    }
    return Simulation(**fields | changes)


def points():
    return [[0.0] * 64]


def shaped(shape, units, classes):
    return shape, units, classes


def assert_one_line(error, *parts):
    message = str(error.value)
    assert "\n" not in message
    for part in parts:
        assert part in message


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        (
            {"vary": {"unit": (5, 3)}},
            ["vary: ", "Received: 'unit'", "did you mean 'units'?"],
        ),
        (
            {"tune": {"learning_rat": (0.1,)}},
            ["tune: ", "Received: 'learning_rat'", "did you mean 'learning_rate'?"],
        ),
        ({"vary": {"units": ()}}, ["vary[units]: ", "empty", "Received: ()"]),
        ({"vary": {"units": {}}}, ["vary[units]: ", "empty", "Received: {}"]),
        (
            {"tune": {"learning_rate": ()}, "vary": {"units": (5, 3)}},
            ["tune[learning_rate]: ", "empty"],
        ),
        ({"vary": {"units": ((5, 4), 3)}}, ["vary[units]: ", "(5, 4)"]),
        ({"vary": {"units": 5}}, ["vary[units]: ", "Received: 5"]),
        (
            {"claims": (claim(measure="test_eror"),)},
            ["claims[d1-01]: ", "Received: 'test_eror'", "did you mean 'test_error'?"],
        ),
        (
            {"figures": (Points("validation_eror", rows="units"),)},
            ["figures[Points]: ", "'validation_eror'", "mean 'validation_error'?"],
        ),
        (
            {"anchors": (anchor(measure="accuracy"),)},
            ["anchors: ", "'accuracy'", "valid: 'final_loss', 'test_error', 'valid"],
        ),
        (
            {"outputs": Outputs(inputs=points, arm=SLOW, per="final_los")},
            ["outputs: ", "'final_los'", "did you mean 'final_loss'?"],
        ),
        (
            {"claims": (claim(arm={"unit": 5, "learning_rate": "slow"}),)},
            ["claims[d1-01]: ", "not swept", "'unit'", "did you mean 'units'?"],
        ),
        (
            {"claims": (claim(arm={"units": 5, "learning_rate": "slov"}),)},
            ["claims[d1-01]: ", "'learning_rate'", "'slov'", "did you mean 'slow'?"],
        ),
        (
            {"claims": (claim(than={"units": 5}),)},
            ["claims[d1-01]: ", "without 'learning_rate'", "valid: 'fast', 'slow'"],
        ),
        (
            {"anchors": (anchor(arm={"units": 4, "learning_rate": "slow"}),)},
            ["anchors: ", "'units'", "Received: 4", "valid: '3', '5'"],
        ),
        (
            {"outputs": Outputs(inputs=points, arm={"units": 5}, per="final_loss")},
            ["outputs: ", "without 'learning_rate'"],
        ),
        (
            {"smoke": {"stepz": 9}},
            ["smoke: ", "Received: 'stepz'", "did you mean 'steps'?"],
        ),
        (
            {"paper": {"replicate": 9}},
            ["paper: ", "'replicate'", "did you mean 'replicates'?"],
        ),
        ({"claims": (claim(), claim())}, ["claims: ", "'d1-01' twice"]),
        (
            {"model": lambda units, depth: None},
            ["vary: ", "without values", "Received: no 'depth'"],
        ),
        ({"steps": 0}, ["steps: ", "positive integer", "Received: steps=0"]),
        ({"steps": 2.5}, ["steps: ", "positive integer", "Received: steps=2.5"]),
        ({"replicates": -1}, ["replicates: ", "Received: replicates=-1"]),
        ({"evaluations": 0}, ["evaluations: ", "Received: evaluations=0"]),
        (
            {"steps": 3, "evaluations": 4},
            ["evaluations: ", "Received: evaluations=4, steps=3"],
        ),
        ({"extension": -1}, ["extension: ", "0 or a pos", "Received: extension=-1"]),
        ({"extension": 1.5}, ["extension: ", "Received: extension=1.5"]),
        ({"first_replicate": -1}, ["first_replicate: ", "0 or a positive integer"]),
        ({"batch_size": 0}, ["batch_size: ", "Received: batch_size=0"]),
        (
            {"measures": (FinalLoss(),), "tune": {"units": (3,)}, "vary": {}},
            ["tune: ", "validation_error", "ValidationError()"],
        ),
        ({"measures": ()}, ["measures: ", "at least one"]),
        (
            {"measures": (LossAt(70),)},
            ["measures[loss_at_70]: ", "step=70", "steps=20"],
        ),
        (
            {"measures": (LossAt(20),)},
            ["measures[loss_at_20]: ", "window=50", "step=20"],
        ),
        (
            # 10 looks at 20 steps: the third is the earliest end.
            {"measures": (LossAt(7, 2),), "patience": 2, "watch": ("validation",)},
            ["measures[loss_at_7]: ", "may end after 6. Received: step=7", "FinalLoss"],
        ),
        (
            {
                "measures": (LossAt(5, 2),),
                "vary": {"units": (3,), "patience": {"0": 0, "never": None}},
                "watch": ("validation",),
            },
            ["measures[loss_at_5]: ", "may end after 4. Received: step=5"],
        ),
        ({"measures": (Solved(),)}, ["measures[solved]: ", "batch_size=7"]),
        (
            {"measures": (FirstStepSolved(),)},
            ["measures[first_step_solved]: ", "batch_size=7"],
        ),
        (
            {"measures": (ValidationError(),), "data": xor()},
            ["measures[validation_error]: ", "validation=0"],
        ),
        ({"measures": (Column("m"),)}, ["measures[m]: ", "Column"]),
        ({"loss": "hing"}, ["loss: ", "Received: loss='hing'"]),
        ({"replacement": 1}, ["replacement: ", "Received: replacement=1"]),
        ({"claims": claim()}, ["claims: ", "tuple of Claim"]),
        ({"figures": ("Points",)}, ["figures: ", "tuple of figures"]),
        ({"claims": {"d1-01": "Greater"}}, ["claims[d1-01].verdict: ", "'Greater'"]),
        ({"differences": {"a": ("b",)}}, ["differences: ", "{'a': ('b',)}"]),
        ({"differences": (("a", "b"),)}, ["differences: ", "(('a', 'b'),)"]),
        ({"title": " "}, ["title: ", "Received: title=' '"]),
        ({"data": "xor"}, ["data: ", "Received: data='xor'"]),
        ({"model": "mlp"}, ["model: ", "Received: model='mlp'"]),
        (
            {"model": shaped, "vary": {"units": (5,), "shape": ((64,), (8, 8))}},
            ["vary: `shape`", "filled in from the data", "Received: shape=", "leave"],
        ),
        (
            {"model": shaped, "tune": {"classes": (2, 3)}},
            ["tune: `classes`", "Received: classes=(2, 3)"],
        ),
        (
            {"optimizer": lambda learning_rate, shape: learning_rate},
            ["vary: ", "Received: no 'shape'", "default"],
        ),
    ],
)
def test_a_mistake_names_the_field_what_came_and_what_is_valid(changes, parts):
    with pytest.raises(DefinitionError) as error:
        experiment(**changes)
    assert_one_line(error, *parts)


@pytest.mark.parametrize("patience", [0, 1, 2, 9, 50])
def test_the_steps_that_every_run_takes_are_those_of_one_that_never_improves(patience):
    for steps, evaluations in itertools.product((20, 23), (1, 4, 10)):
        declared = experiment(
            steps=steps,
            evaluations=evaluations,
            patience=patience,
            watch=("validation",),
        )
        waiting, end = Patience(patience), steps
        for loss, step in enumerate(looks(steps, evaluations)):
            if waiting.update([float(loss)])[1].all():
                end = min(end, step)
        assert declared.surest == end
        dataclasses.replace(declared, measures=(LossAt(end, window=2),))


def test_a_simulation_takes_only_settings_that_run_has():
    with pytest.raises(DefinitionError) as error:
        simulation(settings={"coun": 3})
    assert_one_line(error, "settings: ", "Received: 'coun'", "did you mean 'count'?")


@pytest.mark.parametrize(
    "setting",
    [{"draws": Draws("judge")}, {"draws": None}, {"stage": "judge"}],
    ids=str,
)
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    "run", [lambda draws: None, lambda stage: None, lambda: None], ids=range(3)
)
def test_a_simulation_sets_its_stage_in_no_profile(setting, profile, run):
    settings = {"settings": setting}
    with pytest.raises(DefinitionError) as error:
        simulation(
            run=run, **settings if profile == "standard" else {profile: settings}
        ).at(profile)
    (name,) = setting
    assert_one_line(
        error, "settings: ", "`draws`, not set", f"Received: {name}=", "; leave it out"
    )


def test_only_a_run_that_draws_is_handed_its_draws_and_only_for_a_profile():
    def run(draws, count):
        return draws, count

    random = simulation(run=run, settings={"count": 4})
    assert dict(random.settings) == {"count": 4}
    for name, stage in (("smoke", "draft"), ("standard", "judge"), ("paper", "judge")):
        assert random.table(PROFILES[name]) == (Draws(stage), 4)
    plain = simulation(run=lambda count: count, settings={"count": 4})
    assert plain.table(PROFILES["smoke"]) == 4


def test_replicates_default_to_ten_and_in_a_draft_to_two():
    def run(replicates, rate=1.0):
        return replicates

    def settings(**changes):
        declared = simulation(run=run, **changes)
        return [dict(declared.at(each).settings) for each in ("standard", "smoke")]

    assert settings() == [{"replicates": 10}, {"replicates": 2}]
    assert settings(settings={"replicates": 3}) == [
        {"replicates": 3},
        {"replicates": 2},
    ]
    given = {"replicates": 3, "rate": 0.5}
    assert settings(settings=given) == [given, given]
    smoke = {"settings": {"replicates": 1}}
    assert settings(smoke=smoke) == [{"replicates": 10}, {"replicates": 1}]


def test_of_what_a_source_does_not_say_only_what_is_here_is_declared():
    differences = {"rate": "0.5", "seeds": ("one", "10")}
    declared = simulation(differences=differences)
    assert declared.differences == {"rate": ("not said", "0.5"), "seeds": ("one", "10")}


def test_an_experiment_has_one_table():
    rule = Less(measure="final_loss", arm={"units": 5}, than={"units": 3}, table="way")
    with pytest.raises(DefinitionError) as error:
        experiment(claims=(Claim("d1-01", verdict=rule),))
    assert_one_line(error, "claims[d1-01]: table:", "Received: 'way'; leave it out")


def test_a_mistyped_setting_is_not_told_to_be_what_is_handed_in():
    with pytest.raises(DefinitionError) as error:
        simulation(run=lambda draws, count: None, settings={"draw": 3})
    assert_one_line(error, "Received: 'draw'", "valid: 'count'")


def test_a_verdict_that_is_no_rule_is_refused_with_the_rules_there_are():
    with pytest.raises(DefinitionError) as error:
        Claim("d1-02", "greater")
    assert_one_line(error, "verdict: ", "Greater", "verdict='greater'")


def test_rules_by_the_ids_of_claims_are_claims_of_which_nothing_else_is_said():
    one, other = claim("d1-01"), claim("d1-02", "final_loss")
    rules = {each.id: each.verdict for each in (one, other)}
    assert experiment(claims=rules).claims == (one, other)


def test_an_unknown_profile_is_told_with_the_nearest_there_is():
    with pytest.raises(DefinitionError) as error:
        experiment().at("papers")
    assert_one_line(error, "profile: ", "Received: 'papers'", "did you mean 'paper'?")


def test_an_override_is_checked_like_the_field_when_its_profile_is_taken():
    definition = experiment(smoke={"steps": 0})
    with pytest.raises(StudyError, match=r"^steps: .*Received: steps=0"):
        definition.at("smoke")


def test_each_profile_applies_its_own_overrides_and_leaves_the_rest():
    changes = {"smoke": {"steps": 11}, "paper": {"replicates": 99}}
    definition = experiment(evaluations=2, **changes)
    smoke, paper = definition.at("smoke"), definition.at("paper")
    assert (smoke.steps, smoke.replicates) == (11, definition.replicates)
    assert (paper.steps, paper.replicates) == (definition.steps, 99)
    assert definition.at("standard") == definition
    assert dataclasses.replace(smoke, steps=definition.steps) == definition


@pytest.mark.parametrize("make", [experiment, simulation])
def test_fields_cannot_be_set(make):
    definition = make()
    for field in dataclasses.fields(definition):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(definition, field.name, None)


@pytest.mark.parametrize("name", ["vary", "tune", "smoke", "paper"])
def test_mappings_can_neither_be_changed_nor_follow_the_one_that_was_given(name):
    given = {
        "vary": {"units": (5, 3)},
        "tune": {"learning_rate": (0.1,)},
        "smoke": {"steps": 30},
        "paper": {"steps": 40},
    }
    definition = experiment(**given)
    given[name]["more"] = (1,)
    assert "more" not in getattr(definition, name)
    with pytest.raises(TypeError):
        getattr(definition, name)["more"] = (1,)


def test_settings_of_a_simulation_cannot_be_changed():
    with pytest.raises(TypeError):
        simulation(settings={"count": 4}).settings["count"] = 5


def test_a_label_stands_for_its_value_and_a_plain_value_for_itself():
    definition = experiment(
        vary={"learning_rate": {"slow": 0.01}}, tune={"units": (5, 3)}
    )
    assert definition.value("learning_rate", "slow") == 0.01
    assert definition.value("units", 3) == 3


def test_units_and_censored_step_counts_are_those_of_the_measures():
    definition = experiment(batch_size=None, measures=(FinalLoss(), FirstStepSolved()))
    assert definition.units() == {"final_loss": "", "first_step_solved": "steps"}
    assert definition.censored() == {"first_step_solved"}


def test_an_arm_may_leave_out_what_takes_a_single_value():
    vary = {"units": (5,), "learning_rate": {"slow": 0.01, "fast": 0.5}}
    slow, fast = ({"learning_rate": each} for each in ("slow", "fast"))
    definition = experiment(vary=vary, claims=(claim(arm=slow, than=fast),))
    assert definition.claims[0].verdict.arms() == (slow, fast)


def test_citations_need_neither_arm_nor_measure():
    assert experiment(claims=(Claim("d1-01", Cited(source="A 2020")),)).claims


def test_every_field_of_a_definition_is_explained_in_its_docstring():
    for kind in (Experiment, Simulation):
        for field in dataclasses.fields(kind):
            assert re.search(rf"\b{field.name}\b", kind.__doc__), field.name


def test_a_model_is_given_the_shape_and_the_classes_that_it_names():
    assert experiment(model=shaped).given == {"shape": (64,), "classes": 10}
    assert experiment(model=lambda units, classes: units).given == {"classes": 10}
    assert experiment().given == {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, math.log(10)),
        ({"data": mnist(train=9, validation=9)}, math.log(10)),
        (
            {"data": xor(), "loss": "binary_crossentropy", "measures": (FinalLoss(),)},
            math.log(2),
        ),
        ({"loss": "mean_squared_error", "measures": (FinalLoss(),)}, None),
    ],
    ids=["digits", "MNIST", "XOR", "no classes"],
)
def test_chance_is_the_entropy_of_naming_all_classes_alike(changes, expected):
    assert experiment(**changes).chance == expected


def test_a_single_figure_table_or_anchor_is_shown_as_one_of_several():
    table = Table("Gaps")
    figure = Deviations(measure="gap", by="gap", limit=0.5, title="Gaps")
    beside = Anchor(source="A 2020", measure="gap", arm={}, value=1.0)
    declared = simulation(figures=figure, tables=table, anchors=beside)
    assert (declared.figures, declared.tables) == ((figure,), (table,))
    assert declared.anchors == (beside,)
    assert declared.at("smoke") == declared
