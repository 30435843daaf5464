"""Natural margins: one of every measure, in its own unit, with its reason."""

import csv
import re

import numpy as np
import pytest

from study.lab.declare import measures
from study.lab.declare.definition import Claim
from study.lab.declare.measures import Column
from study.lab.declare.simulation import Simulation
from study.lab.errors import DefinitionError
from study.lab.rules import margins
from study.lab.rules.margins import Margin, natural
from study.lab.rules.verdicts import Lowers

LAB = (
    measures.FinalLoss(),
    measures.LossAt(2_000),
    measures.MeanLoss(),
    measures.StepsTo(5),
    measures.Stopped(),
    measures.Solved(),
    measures.FirstStepSolved(),
    measures.TrainError(),
    measures.ValidationError(),
    measures.TestError(),
    measures.Gap(),
    measures.TestLoss(),
    measures.Rise(),
)


@pytest.mark.parametrize("measure", LAB, ids=lambda each: each.name)
def test_every_measure_of_the_lab_has_a_margin_on_a_scale_that_suits_it(measure):
    margin = natural(measure.name)
    assert measure.unit in margin.units
    if measure.censored or measure.unit == "steps":
        assert margin.scale == "factor"
    elif "loss" in measure.name:
        assert margin.scale == "chance"
    elif not measure.unit:
        assert margin.scale == "share"


def test_no_measure_of_the_lab_is_left_out():
    kinds = {type(each) for each in LAB}
    named = {
        each
        for each in vars(measures).values()
        if isinstance(each, type)
        and issubclass(each, measures.Measure)
        and not each.__name__.startswith("_")
    }
    assert named - kinds == {measures.Measure, measures.Probe}


def test_every_row_has_its_reason_and_says_what_no_effect_is():
    with margins.FILE.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    assert all(all(row.values()) for row in rows)
    assert len({row["measure"] for row in rows}) == len(rows)
    assert len(margins.rows()) == len(rows)


@pytest.mark.parametrize("measure", ["test_error", "gap"])
def test_the_noise_that_a_reason_names_is_that_of_10_000_images(measure):
    error, margin = {"test_error": (0.04, 0.1), "gap": (0.07, 0.005)}[measure]
    half = 1.96 * np.sqrt(error * (1 - error) / 10_000)
    found = half / error if measure == "test_error" else half
    # told to one digit
    assert found == pytest.approx(margin, rel=0.05)
    assert f"{100 * error:g} %" in natural(measure).because


def test_a_name_comes_before_a_pattern_and_a_pattern_before_none():
    assert natural("train_error").value == 1
    assert natural("steps_to_95") == natural("steps_to_5")
    assert natural("seconds_log2").scale == "difference"
    assert natural("seconds_to_95").scale == "factor"
    message = (
        "`mine` has no natural margin: expected a measure of study/lab/rules/"
        "margins.csv. Received: margin=None. Give the rule one, margin=Margin(0.5, "
        'because="..."), or add a row.'
    )
    with pytest.raises(ValueError, match=re.escape(message)):
        natural("mine")


def test_a_definition_whose_measure_has_another_unit_is_told_so():
    arms = {"arm": {"units": 3}, "than": {"units": 5}}
    claim = Claim("d1-01", Lowers(measure="train_loss", **arms))
    column = {"title": "t", "run": lambda: None, "claims": (claim,)}
    assert Simulation(measures=(Column("train_loss", "nats"),), **column)
    message = (
        "claims[d1-01]: `train_loss` has its natural margin in no unit or nats. "
        "Received: a measure in decades; give the rule one of its own"
    )
    with pytest.raises(DefinitionError, match=re.escape(message)):
        Simulation(measures=(Column("train_loss", "decades"),), **column)


def test_doublings_and_factors_are_the_same_margin():
    # told to two decimals
    assert natural("rate_log2").value == pytest.approx(
        np.log2(natural("seconds").value), abs=0.005
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"value": 0}, "Received: value=0. No effect is 0 on this scale."),
        ({"value": True}, "Received: value=True."),
        ({"value": np.inf}, "Received: value=inf."),
        ({"value": 1, "scale": "factor"}, "> 1. Received: value=1. No effect is 1"),
        ({"value": 1, "scale": "ratio"}, "Received: scale='ratio'."),
        ({"value": 1, "because": " "}, "Received: because=' '. Write one, which the"),
    ],
)
def test_what_is_no_margin_is_refused(fields, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        Margin(**({"because": "a test"} | fields))
