"""Measures: one number a run, and no run is dropped."""

import dataclasses

import numpy as np
import pytest
from tiny_study import experiment

from study.lab.data import digits
from study.lab.declare.measures import (
    Column,
    FinalLoss,
    FirstStepSolved,
    Gap,
    History,
    LossAt,
    MeanLoss,
    Probe,
    Rise,
    Solved,
    StepsTo,
    TestError,
    TestLoss,
    TrainError,
    ValidationError,
)

INF, NAN = np.inf, np.nan
CHANCE_LOSS, CHANCE_ERROR = 0.693, 0.5


def history(loss=((1.0,),), hits=((0.0,),), **errors):
    return History(
        loss=np.array(loss, float),
        hits=np.array(hits, float),
        evaluations={
            split: {"error": np.array(error), "loss": np.zeros(len(error))}
            for split, error in errors.items()
        },
        chance_loss=CHANCE_LOSS,
        chance_error=CHANCE_ERROR,
    )


def test_divergence_is_the_first_step_from_1_without_a_finite_loss():
    loss = [[1, 2, 3], [INF, 2, 3], [1, NAN, INF], [1, 2, -INF]]
    assert history(loss).diverged().tolist() == [0, 1, 2, 3]


def test_the_final_loss_is_the_last_step_s_or_chance_where_a_run_diverged():
    loss = [[1, 2, 3], [1, NAN, 3], [1, 2, INF]]
    assert FinalLoss().read(history(loss)).tolist() == [3, CHANCE_LOSS, CHANCE_LOSS]


def test_loss_at_a_step_is_the_mean_of_the_steps_that_end_there():
    losses = np.stack([np.arange(1.0, 12), np.arange(11.0, 0, -1)])
    read = LossAt(7, window=3).read(history(losses))
    assert read.tolist() == [(5 + 6 + 7) / 3, (7 + 6 + 5) / 3]


def test_loss_at_a_step_is_chance_only_from_divergence_on():
    losses = np.ones((3, 11))
    losses[0, 7], losses[1, 4], losses[2, 6] = NAN, INF, NAN  # steps 8, 5 and 7
    read = LossAt(7, window=3).read(history(losses))
    assert read.tolist() == [1, CHANCE_LOSS, CHANCE_LOSS]


def test_a_run_that_diverged_before_the_window_counts_as_chance_though_it_recovered():
    losses = np.ones((1, 11))
    losses[0, 1] = NAN
    assert LossAt(7, window=3).read(history(losses)).tolist() == [CHANCE_LOSS]


def test_solved_means_all_right_at_the_last_step_and_never_diverged():
    hits = [[0, 1, 1], [1, 1, 0.75], [0, 0, 0], [1, 1, 1]]
    loss = [[1, 1, 1], [1, 1, 1], [1, 1, 1], [1, NAN, 1]]
    assert Solved().read(history(loss, hits)).tolist() == [1, 0, 0, 0]


def test_the_first_step_solved_counts_from_1_and_is_censored_at_the_budget():
    hits = [[0.5, 1, 0.5, 1], [1, 0, 0, 0], [0.75, 0.75, 0, 0.5], [0, 0, 0, 1]]
    loss = np.ones((4, 4))
    assert FirstStepSolved().read(history(loss, hits)).tolist() == [2, 1, 4, 4]


def test_what_looks_solved_from_divergence_on_is_censored():
    hits = [[0.5, 0.5, 0.5], [0.5, 1, 1], [1, 0.5, 0.5]]
    loss = [[1, NAN, NAN], [1, NAN, 1], [1, NAN, NAN]]
    assert FirstStepSolved().read(history(loss, hits)).tolist() == [3, 3, 1]


@pytest.mark.parametrize(
    ("measure", "split"),
    [(TrainError(), "train"), (ValidationError(), "validation"), (TestError(), "test")],
)
def test_an_error_is_its_split_s_in_percent_or_chance_where_a_run_diverged(
    measure, split
):
    others = {each: (0.9, 0.9) for each in ("train", "validation", "test")}
    read = measure.read(history([[1, 1], [1, INF]], **others | {split: (0.25, 0.0)}))
    assert read.tolist() == [25, 50]
    assert (measure.split, measure.unit) == (split, "%")


@pytest.mark.parametrize(
    ("measure", "name"),
    [
        (FinalLoss(), "final_loss"),
        (LossAt(1_200, window=30), "loss_at_1200"),
        (Solved(), "solved"),
        (FirstStepSolved(), "first_step_solved"),
        (TrainError(), "train_error"),
        (ValidationError(), "validation_error"),
        (TestError(), "test_error"),
    ],
)
def test_every_measure_has_a_name_a_label_and_reads_one_number_a_run(measure, name):
    errors = {each: np.zeros(3) for each in ("train", "validation", "test")}
    made = history(np.ones((3, 1_300)), np.zeros((3, 1_300)), **errors)
    assert measure.read(made).shape == (3,)
    assert measure.name == name
    assert len(measure.label) > 5
    assert measure.censored == (name == "first_step_solved")


def test_the_label_of_a_loss_says_its_window_and_step():
    label = LossAt(1_200, window=30).label
    assert "30 steps" in label
    assert "1,200" in label


def test_a_column_has_no_unit_and_is_not_censored_unless_it_says_so():
    assert (Column("gap").unit, Column("gap").censored) == ("", False)
    assert Column("gap", "steps").unit == "steps"


def test_a_column_that_says_when_it_counts_as_never_is_censored_there():
    column = Column("escape", "steps", never=500)
    assert column.censored
    assert column.budget(None, {}) == 500
    assert Column("gap").budget(None, {}) == np.inf


def test_a_count_of_steps_is_censored_at_the_steps_of_its_cell():
    class Ten:
        def budget(self, cell):
            return 10 * cell["train"]

    assert StepsTo(5).budget(Ten(), {"train": 3}) == 30


def test_the_mean_loss_is_chance_from_a_divergence_on():
    read = MeanLoss().read(history([[1, 2, 6], [1, NAN, 6]]))
    np.testing.assert_allclose(read, [3, (1 + 2 * CHANCE_LOSS) / 3])


def test_steps_to_an_error_is_the_end_of_the_first_window_that_is_low_enough():
    hits = np.array(
        [
            [0.0, 0.5, 1.0, 1.0, 0.0, 1.0],  # windows of 2: .75 .25 0 .5 .5
            [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
            [1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
        ]
    )
    read = StepsTo(25, window=2).read(history(np.ones((3, 6)), hits))
    assert read.tolist() == [3, 6, 2]


def test_a_run_that_diverged_reaches_no_error_from_then_on():
    loss, hits = np.ones((2, 5)), np.ones((2, 5))
    loss[0, 0], loss[1, 3] = NAN, INF
    read = StepsTo(10, window=3).read(history(loss, hits))
    assert read.tolist() == [5, 3]


def test_the_gap_is_the_test_error_minus_the_training_error_in_points():
    errors = {"test": [0.25, 0.1], "train": [0.05, 0.1]}
    read = Gap().read(history(((1.0,), (1.0,)), ((0.0,), (0.0,)), **errors))
    np.testing.assert_allclose(read, [20, 0])


def test_the_test_loss_is_chance_where_a_run_diverged():
    told = history(((1.0,), (NAN,)), ((0.0,), (0.0,)), test=[0.1, 0.2])
    assert TestLoss().read(told).tolist() == [0, CHANCE_LOSS]


def test_the_rise_is_from_the_lowest_look_to_the_last_one():
    seen = np.array([[2.0, 0.5, 0.75], [2.0, 1.0, 0.5], [0.25, NAN, NAN]])
    told = dataclasses.replace(history(), watched={"validation": {"loss": seen}})
    np.testing.assert_allclose(Rise().read(told), [0.25, 0, CHANCE_LOSS - 0.25])


def test_the_rise_needs_validation_on_the_way():
    assert "watch=()" in Rise().problem(experiment(watch=()))
    assert Rise().problem(experiment(watch=("validation",))) == ""


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"when": "now"}, "when='now'"),
        ({"on": "exam"}, "on='exam'"),
        ({"on": "validation"}, "on='validation'"),
    ],
)
def test_a_probe_that_cannot_be_read_says_why(changes, part):

    without = experiment(data=digits(train=40, validation=0), measures=(FinalLoss(),))
    assert part in Probe("norm", np.linalg.norm, **changes).problem(without)
