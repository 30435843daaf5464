"""Definitions on another data set: the same question, and sizes that it can hold."""

import dataclasses
from pathlib import Path

import other_sets
import pytest
import tiny_study

from study.lab.data import digits
from study.lab.declare import elsewhere
from study.lab.declare.definition import Claim
from study.lab.declare.identity import Identity
from study.lab.declare.measures import Column, FinalLoss, LossAt
from study.lab.declare.models import mlp
from study.lab.declare.registry import Finding
from study.lab.declare.scale import Size
from study.lab.declare.simulation import Simulation
from study.lab.errors import DefinitionError
from study.lab.rules.verdicts import Greater

CELL = {"units": 5, "learning_rate": "slow"}


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """Keep data sets in a folder of its own."""
    monkeypatch.setenv("STUDY_DATA", str(tmp_path))


@pytest.fixture
def other(data):
    """Return 90 examples to draw from and 30 to test on, of 36 numbers."""
    return other_sets.prepared()


def model(shape, classes, units=3):
    return mlp(shape, (units,), classes)


def finding(**changes):
    definition = tiny_study.experiment(**{"model": model} | changes)
    return Finding("tiny", Path("tiny.py"), "One sentence.", definition)


def moved(prepared, **changes):
    return elsewhere.move(finding(**changes), prepared).definition


def test_a_network_gets_the_shape_and_the_classes_of_the_other_set(other):
    assert moved(other).given == {"shape": (36,), "classes": 3}
    assert moved(other).data.name == "other"


def test_what_the_set_can_hold_stays_as_it_is(other):
    definition = moved(other, data=digits(train=60, validation=18))
    assert (definition.data.train, definition.data.validation) == (60, 18)
    assert definition.steps == 20
    assert definition.evaluations == tiny_study.experiment().evaluations


@pytest.mark.parametrize(
    ("train", "validation", "expected"),
    [(400, 100, (72, 18)), (80, 0, (80, 0)), (900, 0, (90, 0)), (73, 100, (72, 18))],
)
def test_at_most_a_fifth_validates_and_the_rest_trains(
    other, train, validation, expected
):
    measures = {"measures": (FinalLoss(),)}
    data = digits(train=train, validation=validation)
    definition = moved(other, data=data, **measures)
    assert (definition.data.train, definition.data.validation) == expected


def test_where_the_largest_training_set_does_not_fit_all_shrink_by_one_factor(other):
    definition = moved(
        other,
        data=digits(train=144, validation=20),
        vary={"train": (36, 144, 288), "learning_rate": (0.1,)},
    )
    assert definition.values("train") == [9, 36, 72]
    assert [*definition.vary["train"]] == [36, 144, 288]  # labels, which arms name
    assert definition.data.train == 36
    assert definition.setting("train", {"train": 144}) == 36


def test_shares_of_random_labels_and_the_like_are_kept(other):
    fields = {each.name for each in dataclasses.fields(digits())}
    changed = {"name", "read", "available", "train", "validation"}
    before, after = digits(train=60, validation=18), moved(other).data
    assert all(
        getattr(before, each) == getattr(after, each) for each in fields - changed
    )


def test_looks_are_at_most_one_a_step(other):
    long = {"steps": None, "epochs": 2, "evaluations": 40, "batch_size": 10}
    data = digits(train=800, validation=100)
    assert moved(other, data=data, **long).evaluations == 15


def test_each_profile_is_moved_by_its_own_sizes(other):
    definition = moved(
        other,
        smoke={"data": digits(train=20, validation=10), "steps": 17},
        paper={"data": digits(train=900, validation=100), "evaluations": 5},
    )
    small, large = definition.at("smoke"), definition.at("paper")
    assert (small.data.name, small.data.train, small.steps) == ("other", 20, 17)
    assert (large.data.train, large.data.validation, large.evaluations) == (72, 18, 5)
    assert not moved(other).sized("paper")


def test_a_moved_finding_is_made_of_other_runs_and_of_the_same_when_moved_again(other):
    runs = [
        Identity(definition).run("judge", CELL, 0)
        for definition in (moved(other), moved(other), finding().definition)
    ]
    assert runs[0] == runs[1] != runs[2]
    more = moved(other_sets.prepared(count=91))
    assert Identity(more).run("judge", CELL, 0) != runs[0]


def test_a_claim_tied_to_a_size_is_scaled_down_there(other):
    rule = Greater(measure="final_loss", arm=CELL, than=CELL | {"units": 3})
    tied = Claim("d1-01", verdict=rule, source_size=Size(examples=400))
    claims = {"claims": (tied,), "data": digits(train=400, validation=100)}
    assert finding(**claims).definition.scaled(tied) == ""
    assert moved(other, **claims).scaled(tied) == "72 of 400 examples"


def test_a_task_s_text_moves_a_finding_as_it_was(other):
    there = elsewhere.move(finding(), other)
    again = elsewhere.at(finding(), there.moved)
    assert again.definition == there.definition
    assert again.moved == there.moved
    assert elsewhere.at(finding(), "") == finding()
    assert (there.called, finding().called) == ("tiny on other", "tiny")


def test_what_is_otherwise_is_listed(other):
    there = elsewhere.move(finding(data=digits(train=400, validation=100)), other)
    assert there.elsewhere.differences("standard") == [
        ("training examples", "400", "72"),
        ("validation examples", "100", "18"),
        ("test examples", "500", "30"),
        ("shape of an example", "(64,)", "(36,)"),
        ("classes", "10", "3"),
        ("passes over the training set", "0.35", "1.9"),
    ]
    long = {"steps": None, "epochs": 7, "data": digits(train=400, validation=18)}
    rows = elsewhere.move(finding(**long), other).elsewhere.differences("standard")
    assert ("steps", "400", "72") in rows


def sizes_typed_in(units):
    return mlp(64, (units,), 10)


def classes_typed_in(units, shape):
    return mlp(shape, (units,), 10)


def simulation():
    return Simulation(title="s", claims=(), run=lambda: None, measures=(Column("a"),))


@pytest.mark.parametrize(
    ("changes", "shape", "parts"),
    [
        (
            {"model": sizes_typed_in},
            (6, 6),
            ["`shape` and `classes`", "no 'shape', so that the sizes of digits"],
        ),
        ({"model": classes_typed_in}, (6, 6), ["no 'classes'"]),
        (
            {},
            (4, 4, 3),
            ["that are vectors, of a shape like (64,)", "other, of shape (4, 4, 3);"],
        ),
        (
            {"loss": "categorical_crossentropy"},
            (6, 6),
            ["loss", "Received: loss='categorical_crossentropy'"],
        ),
        (
            {
                "steps": None,
                "epochs": 3,
                "measures": (LossAt(9, window=3),),
                "data": digits(train=400, validation=100),
                "batch_size": 100,
            },
            (6, 6),
            ["on other: measures[loss_at_9]: "],
        ),
    ],
    ids=["sizes", "classes", "channels", "loss", "too few steps"],
)
def test_what_cannot_be_moved_says_why_in_one_line(changes, shape, parts):
    prepared = other_sets.prepared(shape=shape)
    with pytest.raises(DefinitionError) as error:
        elsewhere.move(finding(**changes), prepared)
    message = str(error.value)
    assert message.startswith("tiny.py: ")
    assert "\n" not in message
    assert all(part in message for part in parts), message


def test_a_simulation_knows_no_data_set(other):
    there = dataclasses.replace(finding(), definition=simulation())
    with pytest.raises(DefinitionError, match="a simulation, which knows none"):
        elsewhere.move(there, other)
