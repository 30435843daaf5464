"""What is stacked follows from what was timed, and never costs."""

import pytest

from benchmarks import thresholds
from benchmarks.thresholds import NO_LIMIT, choose


def rows(kind, weights, **series):
    """Make rows of `one_0` and the like: threads, jit, and times of 1, 2, 5, … runs."""
    for name, times in series.items():
        threads, jit = name.split("_")
        for runs, ms in zip(thresholds.SIZES, times, strict=False):
            row = (kind, weights, runs, int(jit), threads, ms, 0.0)
            yield dict(zip(thresholds.COLUMNS, row, strict=True))


def chosen(**series):
    (row,) = choose(list(rows("dense", 100, **series)))
    return row["runs"], row["jit"], row["threads"]


def test_the_fastest_stack_is_chosen():
    assert chosen(one_0=[5, 4, 3], one_1=[6, 2, 1, 3], all_1=[4, 4, 4]) == (5, 1, "one")


def test_of_near_ties_the_smallest_stack_is_chosen():
    assert chosen(one_1=[5, 1.1, 1.0, 1.02]) == (2, 1, "one")
    assert chosen(one_1=[1.14, 1.0], one_0=[1.16]) == (1, 1, "one")


def test_of_near_ties_of_a_size_that_with_xla_is_chosen():
    assert chosen(one_0=[1.0, 1.3], one_1=[1.14, 1.3]) == (1, 1, "one")
    assert chosen(one_0=[1.0, 1.3], one_1=[1.16, 1.3]) == (1, 0, "one")


def test_no_stack_is_chosen_that_has_a_slower_smaller_one():
    """Ten runs would pay, but five of the same kind cost more than one alone."""
    assert chosen(one_0=[5, 4, 6, 1], all_0=[5.1]) == (2, 0, "one")


def test_what_gains_nothing_is_not_stacked():
    assert chosen(one_1=[9, 12], all_0=[5, 8], all_1=[7, 9]) == (1, 0, "all")


def test_what_cannot_be_compiled_is_not_chosen():
    assert chosen(one_1=[float("inf")], one_0=[5, 4]) == (2, 0, "one")


def test_limits_rise_and_the_last_of_a_kind_has_none():
    table = [
        *rows("dense", 300, one_1=[2, 1]),
        *rows("recurrence", 50, one_0=[1]),
        *rows("dense", 40, one_1=[2, 1]),
    ]
    assert [(each["kind"], each["weights"]) for each in choose(table)] == [
        ("dense", 110),  # between 40 and 300
        ("dense", NO_LIMIT),
        ("recurrence", NO_LIMIT),
    ]


def test_the_quickest_of_two_passes_counts():
    one, other = (
        list(rows("dense", 300, one_1=[2, 4])),
        list(rows("dense", 300, one_1=[3, 1])),
    )
    assert [each["ms"] for each in thresholds.quickest(one + other)] == [2, 1]


def test_a_table_is_read_as_it_was_written(tmp_path):
    table = list(rows("dense", 300, one_1=[2, float("inf")]))
    thresholds.write(tmp_path / "table.csv", table)
    assert thresholds.read(tmp_path / "table.csv") == table


def test_networks_are_ordered_by_size_within_their_kind():
    pytest.importorskip("tensorflow")
    sizes = {}
    for network in thresholds.NETWORKS:
        sizes.setdefault(network.kind, []).append(network.model().count_params())
    assert set(sizes) == {"dense", "convolution", "recurrence"}
    assert sizes["dense"][0] == 44
    assert all(each == sorted(each) for each in sizes.values())


@pytest.mark.skipif(
    not thresholds.MEASURED.exists(), reason="the thresholds are not measured yet"
)
def test_the_committed_thresholds_follow_from_the_committed_times():
    measured = thresholds.read(thresholds.MEASURED)
    assert thresholds.read(thresholds.CHOSEN) == choose(measured)
