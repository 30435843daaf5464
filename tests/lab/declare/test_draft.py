"""A draft is small by itself and judges nothing; else it is what a definition says."""

import dataclasses

from tiny_study import experiment

from study.lab.data import mnist, with_random_labels
from study.lab.declare.finding import Anchor, Claim
from study.lab.declare.measures import FinalLoss, LossAt, StepsTo, ValidationError
from study.lab.figures import Curves, Points
from study.lab.rules.verdicts import Raises

ARMS = [{"units": each, "learning_rate": "slow"} for each in (5, 3)]
RATE = "learning_rate"
LARGE = {
    "data": with_random_labels(mnist(train=2_000, validation=1_000), 0.2),
    "steps": None,
    "epochs": 40,
    "evaluations": 20,
    "replicates": 5,
}


def test_a_draft_has_few_images_steps_looks_and_seeds_and_the_same_sweep():
    large = experiment(**LARGE)
    found = large.at("smoke")
    assert found.data == with_random_labels(mnist(train=500, validation=500), 0.2)
    assert (found.steps, found.epochs) == (20, None)
    assert (found.evaluations, found.replicates) == (2, 2)
    assert found.vary == large.vary


def test_what_is_smaller_than_a_draft_stays_as_it_is():
    small = experiment(evaluations=1, replicates=1)
    found = small.at("smoke")
    assert (found.data, found.steps, found.evaluations) == (small.data, 20, 1)
    assert found.replicates == 1


def test_a_measure_of_a_window_has_as_many_steps_as_that():
    windows = StepsTo(error=10, window=50), StepsTo(error=5, window=30)
    found = experiment(**LARGE, measures=windows).at("smoke")
    assert (found.steps, found.measures) == (50, windows)


def test_what_a_definition_says_of_its_draft_counts():
    said = {"epochs": 3, "replicates": 4, "vary": {"units": (5,)}}
    whole = {**said, "vary": {**said["vary"], "learning_rate": (0.1,)}}
    found = experiment(**LARGE, smoke=whole).at("smoke")
    assert (found.epochs, found.steps, found.replicates) == (3, None, 4)
    assert [*found.vary["units"]] == [5]
    assert found.evaluations == 2


def test_images_whose_number_is_swept_stay_as_many():
    swept = {"train": (100, 2_000), "units": (5,), "learning_rate": (0.1,)}
    found = experiment(**LARGE | {"vary": swept}).at("smoke")
    assert (found.data.train, found.data.validation) == (2_000, 1_000)


def test_of_each_grid_the_middle_is_taken_by_its_label():
    vary = {"units": (5,)}
    listed = experiment(vary=vary, tune={"learning_rate": (0.1, 0.3, 1.0, 3.0)})
    assert listed.at("smoke").tune == {"learning_rate": (0.3,)}
    named = {"low": 0.1, "middle": 0.3, "high": 1.0}
    found = experiment(vary=vary, tune={"learning_rate": named}).at("smoke")
    assert found.tune == {"learning_rate": {"middle": 0.3}}


def test_a_draft_judges_nothing_and_leaves_out_what_comes_after_its_end():
    rule = Raises(measure="final_loss", arm=ARMS[0], than=ARMS[1])
    beside = Anchor(source="A 2020", measure="final_loss", arm=ARMS[0], value=1.0)
    shown = Curves(panels="units"), Points("loss_at_20", rows="units", panels=RATE)
    later = Points("loss_at_80", rows="units", panels=RATE)
    large = experiment(
        steps=80,
        claims=(Claim("d1-01", rule),),
        anchors=beside,
        measures=(LossAt(20, window=10), LossAt(80), FinalLoss(), ValidationError()),
        figures=(*shown, later),
    )
    found = large.at("smoke")
    assert (found.claims, found.anchors) == ((), ())
    names = [each.name for each in found.measures]
    assert names == ["loss_at_20", "final_loss", "validation_error"]
    assert found.figures == shown
    longer = dataclasses.replace(large, smoke={"steps": 80}).at("smoke")
    assert (longer.measures, longer.figures) == (large.measures, large.figures)
