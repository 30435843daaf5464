"""Tuning: the least validation error of each arm, ties and edges."""

import pandas as pd
import pytest
from tiny_study import experiment

from study.lab.train import plan, tuning

GRID = {"low": 0.01, "middle": 0.1, "high": 1.0}


def choose(errors, tune=None, vary=None, shuffle=False):
    """Choose from (units, label, errors of the two seeds)."""
    definition = experiment(
        vary=vary or {"units": (5, 3)}, tune=tune or {"learning_rate": GRID}
    )
    rows = [
        {
            "units": units,
            "learning_rate": label,
            "replicate": replicate,
            "validation_error": error,
        }
        for units, label, seeds in errors
        for replicate, error in enumerate(seeds)
    ]
    table = pd.DataFrame(rows[::-1] if shuffle else rows)
    return tuning.choose(definition, plan.cells(definition.vary), table)


def chosen(cells):
    return [(cell["units"], cell["learning_rate"]) for cell in cells]


FIVE = [(5, "low", (9, 9)), (5, "middle", (1, 5)), (5, "high", (4, 4))]
THREE = [(3, "low", (2, 2)), (3, "middle", (1, 4)), (3, "high", (0, 9))]


@pytest.mark.parametrize("shuffle", [False, True])
def test_the_mean_over_the_seeds_decides_for_each_arm_alone(shuffle):
    cells, edges = choose(FIVE + THREE, shuffle=shuffle)
    assert chosen(cells) == [(5, "middle"), (3, "low")]
    assert edges == [{"units": 3, "learning_rate": "low"}]


@pytest.mark.parametrize("shuffle", [False, True])
def test_of_equals_the_first_of_the_grid_is_taken_whatever_the_order_of_rows(shuffle):
    ties = [(units, label, (3, 3)) for units in (5, 3) for label in GRID]
    cells, _ = choose(ties, shuffle=shuffle)
    assert chosen(cells) == [(5, "low"), (3, "low")]


def test_a_value_whose_programs_failed_is_not_taken_and_an_arm_without_any_left_out():
    cells, edges = choose(FIVE[:1] + FIVE[2:])
    assert chosen(cells) == [(5, "high")]
    assert edges == [{"units": 5, "learning_rate": "high"}]


def test_a_chosen_value_is_the_grid_s_own_not_pandas_kind_of_number():
    tune = {"learning_rate": (1, 2, 3)}
    cells, _ = choose([(5, 2, (1, 1)), (3, 2, (1, 1))], tune=tune)
    assert {type(cell["learning_rate"]) for cell in cells} == {int}


def test_without_anything_swept_there_is_one_arm():
    tune = {"learning_rate": GRID, "units": (5, 3)}
    definition = experiment(vary={}, tune=tune)
    table = pd.DataFrame(
        [
            {"learning_rate": label, "units": units, "validation_error": i + units}
            for i, label in enumerate(["middle", "low", "high"])
            for units in (3, 5)
        ]
    )
    cells, edges = tuning.choose(definition, plan.cells({}), table)
    assert cells == [{"learning_rate": "middle", "units": 3}]
    assert edges == [{"units": 3}]


def test_numbers_lie_at_an_edge_by_their_order_not_by_that_of_the_grid():
    tune = {"learning_rate": (0.1, 1.0, 0.01)}
    rows = [(5, 0.1, (9, 9)), (5, 1.0, (1, 1)), (5, 0.01, (9, 9))]
    rows += [(3, 0.1, (1, 1)), (3, 1.0, (9, 9)), (3, 0.01, (9, 9))]
    _, edges = choose(rows, tune=tune)
    assert edges == [{"units": 5, "learning_rate": 1.0}]


def test_an_edge_is_that_of_the_values_which_an_arm_was_tried_with():
    tune = {"learning_rate": (0.01, 0.1, 1.0)}
    tried = [(5, 0.01, (9, 9)), (5, 0.1, (1, 1)), (3, 0.1, (1, 1))]
    _, edges = choose(tried, tune=tune)
    assert edges == [{"units": 5, "learning_rate": 0.1}]


def test_an_arm_that_was_tried_once_is_at_no_edge():
    rows = [(5, "low", (9, 9)), *THREE[:2]]
    cells, edges = choose(rows)
    assert chosen(cells) == [(5, "low"), (3, "low")]
    assert [each["units"] for each in edges] == [3]


def test_a_value_that_never_changed_an_arm_s_error_is_at_no_edge():
    tune = {"learning_rate": GRID, "units": (5, 3)}
    definition = experiment(vary={}, tune=tune)
    table = pd.DataFrame(
        [
            {"learning_rate": label, "units": units, "validation_error": i}
            for i, label in enumerate(["middle", "low", "high"])
            for units in (3, 5)
        ]
    )
    cells, edges = tuning.choose(definition, plan.cells({}), table)
    assert cells == [{"learning_rate": "middle", "units": 5}]
    assert edges == []


@pytest.mark.parametrize(
    ("errors", "best", "at_edge"),
    [
        ((2.0, 2.0, 2.5), "middle", False),
        ((2.0, 2.0, 2.0), "low", False),  # which never changed it
        ((2.0, 2.5, 2.0), "low", True),
    ],
)
def test_of_equals_the_first_inside_the_grid_is_chosen(errors, best, at_edge):
    definition = experiment(vary={}, tune={"learning_rate": GRID})
    table = pd.DataFrame(
        {"learning_rate": ["low", "middle", "high"], "validation_error": errors}
    )
    cells, edges = tuning.choose(definition, plan.cells({}), table)
    assert cells == [{"learning_rate": best}]
    assert edges == ([{"learning_rate": best}] if at_edge else [])
