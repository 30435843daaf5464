"""A run as a line has all that the tables of a page have of it."""

import json

import numpy as np
import pandas as pd
import pytest
from tiny_study import experiment, result

from study.lab.declare.experiment import Outputs
from study.lab.declare.measures import FinalLoss, Probe, TestError, ValidationError
from study.lab.figures import Curves
from study.lab.train import tabulate
from study.lab.train.tabled import Tabled, tabled
from study.lab.train.tabulate import Run

CELLS = [{"units": 5, "learning_rate": "slow"}, {"units": 3, "learning_rate": "fast"}]


def inputs():
    return np.array([[0.0, 1.0], [2.0, 3.0]])


def probed():
    return None


DEFINITION = experiment(
    measures=(FinalLoss(), ValidationError(), TestError(), Probe("probed", probed)),
    figures=(Curves(hue="units", where={"learning_rate": "slow"}),),
    watch=("train", "validation"),
    outputs=Outputs(inputs=inputs, arm=CELLS[0], per="final_loss"),
)


def runs():
    """Return a run of each cell; the last one diverged, and its probe has no number."""
    looks = np.array([[0.5, 0.25], [0.4, 0.1]])
    made = result(
        [1 / 3, np.nan],
        looks=np.array([2, 4]),
        reads=result([1.0, 1.0]).reads
        | {"probe probed": np.array([np.inf, np.nan])}
        | {"outputs": np.array([[[0.1], [0.9]], [[0.2], [0.8]]])}
        | {
            f"look {split} {value}": looks
            for split in ("train", "validation")
            for value in ("loss", "error")
        },
    )
    return [Run(cell, row, made, row) for row, cell in enumerate(CELLS)]


def rows(stage="judge"):
    return [
        tabled(DEFINITION, stage, run, f"run {i}", 1.23456)
        for i, run in enumerate(runs())
    ]


TABLES = {
    "table": tabulate.table,
    "curves": tabulate.curves,
    "errors": tabulate.errors,
    "outputs": tabulate.outputs,
}


@pytest.mark.parametrize("name", TABLES)
def test_a_page_s_tables_are_the_same_of_lines_as_of_runs(name):
    table = TABLES[name]
    again = [Tabled.from_json(each.to_json()) for each in rows()]
    one, other = table(DEFINITION, runs()), table(DEFINITION, again)
    pd.testing.assert_frame_equal(one.round(6), other.round(6))
    if name != "outputs":  # whose measure has all of its digits there
        assert tabulate.to_csv(one) == tabulate.to_csv(other)


def test_a_line_has_what_figures_show_and_no_more():
    slow, fast = (json.loads(each.to_json()) for each in rows())
    assert {*slow} - {*fast} == {"losses", "outputs"}
    assert {*json.loads(rows("tune")[0].to_json())} == {
        "run",
        "cell",
        "replicate",
        "seconds",
        "measured",
    }
    assert {*rows("tune")[0].measured} == {"diverged", "validation_error"}


def test_lines_are_plain_json_whatever_the_numbers():
    def refused(constant):
        raise AssertionError(constant)

    for each in rows():
        assert "\n" not in each.to_json()
        json.loads(each.to_json(), parse_constant=refused)


def test_runs_are_the_same_whatever_they_took_and_another_with_other_numbers():
    one, other = (
        tabled(DEFINITION, "judge", runs()[1], "run 1", each) for each in (1.0, 2.0)
    )
    assert one.same(other)
    assert other.same(one)
    assert not one.same(rows()[0])


LINE = json.loads(rows()[0].to_json())


@pytest.mark.parametrize(
    "line",
    [
        "",
        "<<<<<<< HEAD",
        "[]",
        "1",
        rows()[0].to_json()[:-9],
        *(
            json.dumps(LINE | each)
            for each in (
                {"more": 1},
                {"cell": []},
                {"replicate": "0"},
                {"replicate": True},
                {"run": 3},
                {"seconds": "1"},
                {"measured": {"final_loss": 1.0}},
                {"measured": {"diverged": None, "final_loss": "much"}},
                {"measured": {"diverged": None, "final_loss": True}},
                {"measured": {"diverged": None, "final_loss": [1.0]}},
                {"losses": {"2": {"3": 1.0}}},
                {"errors": {"train": 0.5}},
                {"outputs": [1.0]},
            )
        ),
        json.dumps({name: each for name, each in LINE.items() if name != "cell"}),
    ],
)
def test_what_is_no_line_of_a_run_is_refused(line):
    with pytest.raises(ValueError, match=r"."):
        Tabled.from_json(line)
