"""Rows that say which table they stand in come into it, in their order."""

import pytest

from study.lab.data import Draws, generator
from study.lab.declare.rows import at_edge, every_seed, of, tables


def test_each_table_has_its_rows_in_order_and_no_column_of_another():
    found = tables(
        [
            {"table": "way", "step": 0, "x": 1.0},
            {"table": "end", "steps": 2},
            {"table": "way", "step": 1, "x": 0.5},
        ]
    )
    assert [*found] == ["way", "end"]
    assert found["way"].to_dict("list") == {"step": [0, 1], "x": [1.0, 0.5]}
    assert found["end"].to_dict("list") == {"steps": [2]}


def test_numbers_that_every_row_of_a_table_has_stay_whole():
    found = tables([{"table": "a", "n": 3}, {"table": "b", "x": 0.5}])
    assert found["a"]["n"].dtype == "int64"


def test_a_row_without_a_table_is_refused():
    with pytest.raises(KeyError, match="table"):
        tables([{"x": 1.0}])


def test_rows_are_given_their_table():
    assert [*of("way", [{"x": 1.0}])] == [{"table": "way", "x": 1.0}]


def test_a_chosen_value_is_at_an_edge_where_none_was_tried_beyond():
    tried = (0.03, 0.1, 0.3, 1.0)
    assert [at_edge(each, tried) for each in tried] == [0.03, None, None, 1.0]


def test_every_seed_has_its_rows_of_numbers_drawn_for_the_purpose():
    def rows(random, count):
        for place in range(count):
            yield {"place": place, "drawn": random.random()}

    found = [*every_seed(Draws("draft"), 2, "numbers", rows, 2)]
    assert [each["replicate"] for each in found] == [0, 0, 1, 1]
    assert [each["place"] for each in found] == [0, 1, 0, 1]
    random = generator("draft", 1, "numbers")
    assert [each["drawn"] for each in found[2:]] == [random.random(), random.random()]
