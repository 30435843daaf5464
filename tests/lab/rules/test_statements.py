"""Statements are checked in every seed, and the largest deviation of each is kept."""

import numpy as np
import pandas as pd

from study.lab.rules.statements import checked, with_largest


def statements(replicate):
    yield "d0-01", "b", 0.5 - replicate
    yield "d0-01", "a", replicate


def test_each_seed_has_its_rows_and_each_statement_its_largest_in_their_order():
    found = checked(statements, 3)
    seeds, largest = found["seed"], found["largest"]
    assert seeds["replicate"].tolist() == [0, 0, 1, 1, 2, 2]
    assert seeds["deviation"].tolist() == [0.5, 0, -0.5, 1, -1.5, 2]
    assert largest["statement"].tolist() == ["b", "a"]
    assert largest["deviation"].tolist() == [0.5, 2]
    assert "replicate" not in largest


def test_rows_that_state_nothing_have_no_largest():
    table = pd.DataFrame({"row": ["x", None, "x"], "deviation": [1.0, 9.0, 2.0]})
    found = with_largest(table, ["row"])
    assert found["seed"] is table
    assert found["largest"].to_dict("list") == {"row": ["x"], "deviation": [2]}


def test_in_a_deviation_s_place_numbers_are_held_against_what_they_should_be():
    def statements(replicate):
        yield "d1-01", "an array", np.array([1.0, 2.0]), [1.0, 1.5]
        yield "d1-01", "a number", 0.25

    found = checked(statements, 1)["seed"]
    assert found["deviation"].tolist() == [0.5, 0.25]
