"""Tables of a page: every number comes from results.csv."""

from dataclasses import replace

import pytest

from study.lab.declare.definition import Anchor
from study.lab.show import tables


def column(grid, heading):
    return [row[grid.headings.index(heading)] for row in grid.rows]


def test_every_cell_has_its_row_with_runs_and_divergence(page):
    table = page.table.copy()
    table.loc[0, "diverged"] = 12
    grid = tables.cells(replace(page, table=table))
    assert len(grid.rows) == 6
    assert column(grid, "runs") == ["10"] * 6
    assert column(grid, "diverged") == ["1", "0", "0", "0", "0", "0"]
    assert column(grid, "solved")[-1].startswith("10 of 10: 1.00 [0.69")
    assert column(grid, "first step solved (steps)")[0] == "never in 10 of 10"


def test_a_changed_value_changes_its_cell_alone(page):
    table = page.table.copy()
    table.loc[0, "test_error"] += 5
    before = column(tables.cells(page), "test error (%)")
    after = column(tables.cells(replace(page, table=table)), "test error (%)")
    assert before[0] != after[0]
    assert before[1:] == after[1:]


def test_few_cells_need_no_overview(page):
    assert tables.overview(page) is None


def test_many_cells_show_the_main_measure_first(page, declare):
    wide = declare.experiment(
        vary={"depth": tuple(range(1, 8)), "start": {"a|b": 0.1, "big": 1.0}}
    )
    grid = tables.overview(replace(page, definition=wide, table=declare.results(wide)))
    assert grid.headings == ("depth", "a|b", "big")
    assert len(grid.rows) == 7
    assert grid.rows[2] == ("3", "1.00 [0.69,\xa01.00]", "1.00 [0.69,\xa01.00]")


def test_an_anchor_not_read_in_its_source_is_marked(page):
    values = column(tables.anchors(page), "source's number")
    assert values == ["1.5, reported (not re-read)", "2.5"]


def test_an_anchor_stands_beside_ours_and_the_noise_of_the_test_set(page):
    grid = tables.anchors(page)
    mean = page.table[(page.table.depth == 3) & (page.table.start == "a|b")]
    assert f"{mean.test_error.mean():.1f}" in column(grid, "ours, 95 % interval")[0]
    assert column(grid, "noise of the test set")[0].startswith("±0.3")


def test_anchors_without_a_test_set_have_no_column_for_its_noise(page, declare):
    anchor = Anchor(
        source="S",
        measure="solved",
        arm={"depth": 3, "start": "big"},
        value=1,
        read=True,
    )
    changed = declare.experiment(anchors=(anchor,))
    grid = tables.anchors(replace(page, definition=changed))
    assert grid.headings[-1] == "ours, 95 % interval"


def test_no_anchors_no_table(simulated):
    assert tables.anchors(simulated) is None


def test_the_noise_of_the_test_set_is_told_at_the_smallest_error(page):
    (line,) = tables.noise(page)
    least = page.table.groupby(["depth", "start"])["test_error"].mean().min()
    assert line.startswith("10,000 test images leave ±0.38 points")
    assert f"{least:.2f} %" in line


def test_diverged_runs_are_listed_with_their_step(page):
    table = page.table.copy()
    table.loc[13, "diverged"] = 1234
    grid = tables.diverged(replace(page, table=table))
    assert grid.rows == (("1", "big", "3", "1,234"),)
    assert tables.diverged(page) is None


def test_a_declared_table_prints_its_rows_and_drops_rounding_noise(simulated):
    table = simulated.table.assign(right=[2.0, 2e-16])
    (declared,) = simulated.definition.tables
    declared = replace(declared, columns=("quantity", "right"), called={"right": "is"})
    grid = tables.declared(replace(simulated, table=table), declared)
    assert grid.headings == ("quantity", "is")
    assert grid.rows == (("sum", "2"), ("half", "0"))
    assert grid.marks == ["---", "---:"]


def test_columns_that_make_a_row_come_first_and_the_table_s_measures_follow(simulated):
    (declared,) = simulated.definition.tables
    by = replace(declared, by=("kind",), columns=(), called={"kind": "of which kind"})
    table = simulated.table.assign(kind=["fact", "claim"], beside=1.0)
    grid = tables.declared(replace(simulated, table=table), by)
    assert grid.headings == ("of which kind", "deviation (units)")
    assert [row[0] for row in grid.rows] == ["fact", "claim"]


def test_rows_as_they_are_have_all_columns_but_those_that_select_them(simulated):
    (declared,) = simulated.definition.tables
    declared = replace(declared, columns=(), where={"quantity": "sum"})
    grid = tables.declared(simulated, declared)
    others = [each for each in simulated.table if each != "quantity"]
    assert len(grid.headings) == len(others) > 0
    assert len(grid.rows) == 1


@pytest.mark.parametrize("text", ["", "1", "−1.5", "1,234", "2e−15"])
def test_numbers_are_aligned_to_the_right(text):
    assert tables.Grid("", ("n",), ((text,),)).marks == ["---:"]


def test_a_table_without_rows_has_its_columns():
    assert len(tables.Grid("", ("a", "n"), ()).marks) == 2
