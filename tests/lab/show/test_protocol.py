"""What was varied, tuned and fixed: read off the definition."""

from dataclasses import replace

import keras
import pytest

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.measures import TrainError, ValidationError
from study.lab.declare.profiles import PROFILES
from study.lab.show.protocol import components, describe, origin, protocol


def tuned(page, declare):
    definition = declare.experiment(
        model=lambda depth, start, rate: rate,
        data=mnist(train=1_000, validation=500),
        tune={"rate": (0.1, 0.3, 1.0)},
        measures=(*page.definition.measures, ValidationError()),
    )
    edges = [{"depth": 3, "start": "big", "rate": 1.0}]
    return replace(
        page, definition=definition, provenance={**page.provenance, "edges": edges}
    )


def test_what_is_varied_is_told_with_its_labels_and_values(page):
    facts = dict(protocol(page).facts)
    assert facts["varied: `depth`"] == "1, 2, 3"
    assert facts["varied: `start`"] == "a|b = `0.1`; big = `1.0`"


def test_what_is_fixed_is_told(page):
    facts = dict(protocol(page).facts)
    assert facts["data"].startswith("MNIST: 1,000 training examples, drawn by each")
    assert facts["a step's batch"] == "the whole training set"
    assert facts["steps"] == "400"


def test_where_training_errors_are_of_some_of_the_examples_is_told(page, declare):
    def told(train, **changes):
        definition = declare.experiment(data=mnist(train=train), **changes)
        facts = dict(protocol(replace(page, definition=definition)).facts)
        return facts.get("training errors")

    measures = (*page.definition.measures, TrainError())
    assert told(10_001, measures=measures) == "of 10,000 of the training examples"
    assert told(10_001, watch=("train",)) == "of 10,000 of the training examples"
    assert told(10_001) is told(10_000, measures=measures) is None


def test_seeds_that_are_fresh_are_told(page, declare):
    changed = replace(page, definition=declare.experiment(first_replicate=30))
    assert "from 30 on" in dict(protocol(changed).facts)["fresh seeds"]
    assert "fresh seeds" not in dict(protocol(page).facts)


def test_model_and_optimizer_are_shown_as_they_are_written(page):
    code = protocol(page).code
    assert "def model(depth, start):" in code
    assert "def optimizer():" in code


def test_tuning_tells_the_grid_and_flags_what_is_best_at_its_edge(page, declare):
    facts = dict(protocol(tuned(page, declare)).facts)
    assert facts["tuned: `rate`"].startswith("from 0.1, 0.3, 1.0")
    seen = "on 2 seeds of its own with 500 validation examples each"
    assert facts["tuned: `rate`"].endswith(seen)
    edge = facts["at the edge of the grid: `rate`"]
    assert "depth=3, start=big, rate=1.0" in edge


def test_a_draft_is_tuned_on_one_seed(page, declare):
    draft = replace(tuned(page, declare), profile=PROFILES["smoke"])
    assert " on 1 seed of its own with " in dict(protocol(draft).facts)["tuned: `rate`"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (
            keras.initializers.RandomNormal(0.0, 0.01),
            "RandomNormal(mean=0.0, stddev=0.01)",
        ),
        (He(), "He()"),
        (((5, 4), "relu"), "((5, 4), 'relu')"),
        (describe, "describe"),
        (("relu", describe), "('relu', describe)"),
        ((He, 0.1), "(He, 0.1)"),
        ({"of": [describe, 3]}, "{'of': (describe, 3)}"),
        (None, "None"),
    ],
)
def test_a_value_is_described_the_same_way_in_every_process(value, text):
    assert describe(value) == text


def test_components_link_to_their_source(page):
    definition = replace(page.definition, about=(He, keras.layers.Dense))
    assert components(definition) == [("He", "study/initializers.py"), ("Dense", "")]


def test_the_origin_tells_what_the_machine_was_set_to_and_no_settings_of_the_runs(page):
    record = {**page.provenance, "settings": {"epochs": 3}}
    assert "epochs" not in origin(record)
    told = origin({**record, "environment": {"NVIDIA_TF32_OVERRIDE": "0"}})
    assert told.endswith("under `NVIDIA_TF32_OVERRIDE=0`.")


def test_the_origin_tells_time_device_versions_and_what_was_retried(page):
    declared = {"settings": {"epochs": None, "bounds": []}}
    text = origin({**page.provenance, **declared, "retried": ["one"]})
    assert "epochs" not in text
    assert "bounds" not in text
    assert "12.3 s" in text
    assert "CPU, x86_64" in text
    assert "python 3.11 and keras 3.15" in text
    assert "1 program" in text
    assert "again" not in origin(page.provenance)
