"""NumPy's numbers in a declaration are taken as Python's, wherever they stand."""

import dataclasses

import numpy as np
import pytest
from tiny_study import experiment

from study.lab.data import digits
from study.lab.declare.definition import Anchor
from study.lab.rules import verdicts

ARM, THAN = {"units": np.int64(5)}, {"units": np.int64(3)}
DECLARED = {
    **{name: np.int64(2) for name in ("batch_size", "evaluations", "replicates")},
    **{name: np.uint8(3) for name in ("first_replicate", "extension", "patience")},
    "steps": np.int32(60),
}


def is_plain(value):
    return type(value) in (int, float, str, bool)


@pytest.mark.parametrize("name", DECLARED)
def test_an_experiment_takes_them(name):
    declared = experiment(**{name: DECLARED[name]}, watch=("validation",))
    found = getattr(declared, name)
    assert type(found) is int
    assert found == DECLARED[name]


def test_an_experiment_takes_epochs_of_numpy():
    found = experiment(steps=None, epochs=np.int64(4))
    assert type(found.epochs) is int
    assert type(found.shortest) is int


@pytest.mark.parametrize("sweep", [tuple, list, dict.fromkeys])
def test_labels_and_values_of_a_sweep_are_pythons(sweep):
    units = sweep((np.int64(5), np.int16(3)))
    rates = {"low": np.float32(0.5), "high": np.float64(0.25)}
    found = experiment(vary={"units": units, "learning_rate": rates})
    assert [*map(type, found.vary["units"])] == [int, int]
    assert all(map(is_plain, found.vary["learning_rate"].values()))


def test_profiles_data_and_sources_take_them():
    found = experiment(smoke={"steps": np.int64(50)}).at("smoke")
    assert type(found.steps) is int
    assert type(digits(train=np.int64(50)).train) is int
    anchor = Anchor(
        source="a", measure="b", arm=ARM, value=np.float32(0.5), read=np.bool_(True)
    )
    assert is_plain(anchor.value)
    assert anchor.read is True
    assert anchor.arm == {"units": 5}


@pytest.mark.parametrize(
    ("rule", "arguments"),
    [
        (verdicts.Greater, {"arm": ARM, "than": THAN, "delta": np.int64(1)}),
        (verdicts.Less, {"arm": ARM, "than": THAN, "delta": np.float32(0.5)}),
        (
            verdicts.Equivalent,
            {"arm": ARM, "than": THAN, "margin": np.int64(1), "because": "one"},
        ),
        (verdicts.Rate, {"arm": ARM, "above": np.float32(0.5)}),
        (verdicts.Exact, {"where": ARM, "tolerance": np.float32(0)}),
    ],
)
def test_a_rule_takes_them_and_reads_the_same(rule, arguments):
    found = rule(measure="a", **arguments)
    same = {
        name: {"units": int(each["units"])} if isinstance(each, dict) else _plain(each)
        for name, each in arguments.items()
    }
    assert repr(found) == repr(rule(measure="a", **same))
    assert "np." not in repr(found)
    json = [each for each in dataclasses.asdict(found).values() if each is not None]
    assert all(is_plain(each) or isinstance(each, dict) for each in json)


def _plain(value):
    return value.item() if isinstance(value, np.generic) else value
