"""Tables: one row a run, in the order of the sweep, with what the figures show."""

import hashlib
import io
import json

import numpy as np
import pandas as pd
import pytest
from tiny_study import experiment, result

from study.lab.declare.experiment import Outputs
from study.lab.declare.measures import (
    FinalLoss,
    MeanLoss,
    Measure,
    Probe,
    StepsTo,
    Stopped,
    TestError,
)
from study.lab.figures import Curves, Learning, Lines, Points
from study.lab.train import provenance, tabulate
from study.lab.train.plan import Program
from study.lab.train.tabulate import Run

VARY = {"network": ("b", "a"), "rate": {"slow": 0.01, "fast": 0.5}}


def cell(network, rate):
    return {"network": network, "rate": rate}


def function(network, rate):
    return None


def points():
    return np.array([[0.0, 1.0], [1 / 3, 0.5], [2.0, -1.0]])


def definition(**changes):
    fields = {"vary": VARY, "model": function, "measures": (FinalLoss(),)}
    return experiment(optimizer=lambda: None, **fields | changes)


def program(*cells, replicates=(0, 1)):
    return Program("judge", cells, tuple(replicates))


def runs(program, made):
    return [Run(*run, made, row) for row, run in enumerate(program.runs)]


def finished(*programs):
    """Return runs whose final losses tell the program and the run: 1.0, 1.1, ..."""
    return [
        run
        for i, each in enumerate(programs, 1)
        for run in runs(each, result(i + np.arange(len(each.runs)) / 10))
    ]


SHUFFLED = finished(
    program(cell("a", "fast"), replicates=(2, 3)),
    program(cell("b", "slow"), cell("b", "fast")),
    program(cell("b", "slow"), cell("b", "fast"), replicates=(2, 3)),
    program(cell("a", "slow")),
    program(cell("a", "slow"), replicates=(2, 3)),
    program(cell("a", "fast")),
)


def test_rows_stand_in_the_order_of_the_sweep_whatever_that_of_the_programs():
    table = tabulate.table(definition(), SHUFFLED)
    assert list(table.columns) == [
        "network",
        "rate",
        "replicate",
        "diverged",
        "final_loss",
    ]
    keys = list(table[["network", "rate", "replicate"]].itertuples(index=False))
    expected = [
        (n, rate, r) for n in ("b", "a") for rate in ("slow", "fast") for r in range(4)
    ]
    assert keys == expected
    losses = dict(zip(keys, table["final_loss"], strict=True))
    assert losses["a", "fast", 3] == 1.1
    assert losses["b", "fast", 0] == 2.2
    assert losses["b", "slow", 3] == 3.1
    pd.testing.assert_frame_equal(table, tabulate.table(definition(), SHUFFLED[::-1]))


def test_tuned_values_stand_beside_the_labels():
    cells = [{**cell("a", "slow"), "depth": 3}, {**cell("a", "fast"), "depth": 5}]
    table = tabulate.table(definition(), finished(program(*cells, replicates=(0,))))
    assert table["depth"].tolist() == [3, 5]


def test_divergence_is_blank_where_there_is_none_and_a_whole_step_elsewhere():
    made = result([1, 2, 3])
    made.loss[1, 2:] = np.nan
    found = runs(program(cell("a", "slow"), replicates=(0, 1, 2)), made)
    table = tabulate.table(definition(), found)
    assert table["diverged"].isna().tolist() == [True, False, True]
    assert tabulate.to_csv(table).decode().splitlines()[1:] == [
        "a,slow,0,,1.0",
        "a,slow,1,3,2.3",  # chance level
        "a,slow,2,,3.0",
    ]


def test_nothing_diverged_is_an_empty_column_of_the_same_kind():
    table = tabulate.table(definition(), SHUFFLED)
    assert table["diverged"].isna().all()
    assert table["diverged"].dtype == "Int64"


def test_measures_keep_seven_significant_digits():
    values = [1 / 3, 2e9 / 7, 1e-9 / 3, np.nan]
    measured = definition(measures=(Probe("probed", points),))
    made = result(np.ones(4), reads={"probe probed": np.array(values)})
    found = runs(program(cell("a", "slow"), replicates=range(4)), made)
    kept = tabulate.table(measured, found)["probed"].tolist()
    assert kept[:3] == [0.3333333, 285714300.0, 3.333333e-10]
    assert np.isnan(kept[3])


def test_a_run_is_read_the_same_alone_and_in_any_company():
    together = result([1.0, 2.0, 3.0], error=[0.1, 0.2, 0.3])
    measured = definition(measures=(FinalLoss(), TestError()))
    for row in range(3):
        alone = result([row + 1.0], error=[(row + 1) / 10])
        one, other = (
            tabulate.table(measured, [Run(cell("a", "slow"), 0, made, at)])
            for made, at in ((together, row), (alone, 0))
        )
        pd.testing.assert_frame_equal(one, other)


def test_what_another_finding_had_read_is_found_under_the_name_it_has_there():
    measured = definition(measures=(Probe("mine", points),))
    made = result([1.0, 2.0], reads={"probe theirs": np.array([0.25, 0.75])})
    run = Run(cell("a", "slow"), 0, made, 1, {"probe mine": "probe theirs"})
    assert tabulate.table(measured, [run])["mine"].tolist() == [0.75]


def test_a_table_survives_its_csv():
    table = tabulate.table(definition(), SHUFFLED)
    again = pd.read_csv(io.BytesIO(tabulate.to_csv(table)), dtype={"diverged": "Int64"})
    pd.testing.assert_frame_equal(again, table, check_dtype=False)


@pytest.mark.parametrize(
    ("figures", "shown"),
    [
        ((), None),
        ((Points("final_loss", rows="rate"),), None),
        ((Lines("final_loss", x="rate", hue="network", panels="network"),), None),
        ((Learning(panels="network"),), None),
        ((Curves(hue="rate"),), {"bslow", "bfast", "aslow", "afast"}),
        ((Curves(hue="rate", where={"network": "a"}),), {"aslow", "afast"}),
        (
            (
                Curves(hue="rate", where={"network": "a"}),
                Curves(hue="network", where={"rate": "slow"}),
            ),
            {"aslow", "afast", "bslow"},
        ),
    ],
    ids=["no figures", "a strip", "a trend", "errors", "all", "where", "two"],
)
def test_curves_are_kept_for_the_cells_whose_curves_a_figure_reads(figures, shown):
    table = tabulate.curves(definition(figures=figures), SHUFFLED)
    if shown is None:
        assert table is None
    else:
        assert set(table["network"] + table["rate"]) == shown
        assert len(table) == 4 * len(shown)


def test_a_curve_has_a_column_a_stretch_and_four_significant_digits():
    loss = np.array([[1 / 3, 2 / 3, 12345.6], [1, 2, np.inf]], "float32")
    found = runs(program(cell("a", "slow")), result([1, 2], loss=loss))
    table = tabulate.curves(definition(figures=(Curves(hue="rate"),)), found)
    assert list(table.columns) == ["network", "rate", "replicate", "1", "2", "3"]
    assert table.iloc[:, 3:].to_numpy().tolist() == [
        [0.3333, 0.6667, 12350.0],
        [1, 2, np.inf],
    ]


def test_a_long_curve_is_the_means_of_even_stretches():
    loss = np.arange(600, dtype="float32")[None]
    (run,) = runs(program(cell("a", "slow"), replicates=(0,)), result([1], loss=loss))
    table = tabulate.curves(definition(figures=(Curves(hue="rate"),)), [run])
    assert list(table.columns[3:]) == [str(each) for each in range(10, 601, 10)]
    assert table.iloc[0, 3:].tolist() == [
        10.0 * i + 4.5 for i in range(tabulate.POINTS)
    ]


def test_outputs_are_kept_of_the_first_replicate_for_each_value():
    arm = cell("b", "fast")
    wanted = definition(outputs=Outputs(inputs=points, arm=arm, per="final_loss"))
    both = [
        program(cell("b", "slow"), arm, replicates=r) for r in ((3, 4, 5), (0, 1, 2))
    ]
    # The last three runs of each are the arm's.
    solved = [[9, 9, 9, 1, 0, 1], [9, 9, 9, 0, 0, 1]]
    found = []
    for i, (each, values) in enumerate(zip(both, solved, strict=True)):
        outputs = np.arange(18.0).reshape(6, 3, 1) / 7 + 100 * i
        found += runs(each, result(values, reads={"outputs": outputs}))
    table = tabulate.outputs(wanted, found)
    assert table["final_loss"].tolist() == [0] * 3 + [1] * 3
    assert table["replicate"].tolist() == [0] * 3 + [2] * 3
    assert set(table["network"] + table["rate"]) == {"bfast"}
    assert table["input_0"].tolist() == [0, 0.333333, 2] * 2
    assert table["input_1"].tolist() == [1, 0.5, -1] * 2
    expected = [100 + i / 7 for i in (9, 10, 11, 15, 16, 17)]
    assert table["output_0"].tolist() == [round(each, 1) for each in expected]


def test_of_runs_without_a_number_the_first_ones_outputs_are_kept(monkeypatch):
    arm = cell("b", "fast")
    wanted = definition(outputs=Outputs(inputs=points, arm=arm, per="final_loss"))
    outputs = np.arange(12.0).reshape(4, 3, 1)
    values = result([9, 9, 9, 9], reads={"outputs": outputs})
    found = runs(program(arm, replicates=(0, 1, 2, 3)), values)
    numbers = [np.inf, np.nan, 0.5, np.nan]
    monkeypatch.setattr(
        tabulate.Run, "measured", lambda run, *rest: numbers[run.replicate]
    )
    table = tabulate.outputs(wanted, found)
    assert table["replicate"].tolist() == [2] * 3 + [0] * 3
    assert table["final_loss"].isna().tolist() == [False] * 3 + [True] * 3


def test_no_outputs_are_kept_where_none_are_asked_for():
    assert tabulate.outputs(definition(), SHUFFLED) is None


def test_saving_writes_every_table_and_takes_away_what_there_is_no_more(tmp_path):
    table = tabulate.table(definition(), SHUFFLED)
    tabulate.save(tmp_path, {"results": table, "curves": table}, {"device": "σ"})
    assert (tmp_path / "curves.csv").read_bytes() == tabulate.to_csv(table)
    tabulate.save(tmp_path, {"results": table, "curves": None}, {"device": "σ"})
    assert {each.name for each in tmp_path.iterdir()} == {
        "results.csv",
        "provenance.json",
    }
    text = (tmp_path / provenance.FILE).read_text(encoding="utf-8")
    sums = {"results.csv": hashlib.sha256(tabulate.to_csv(table)).hexdigest()}
    assert json.loads(text) == {"device": "σ", "tables": sums}
    assert text.endswith("}\n")
    tabulate.save(tmp_path, {"way": table, "end": table}, {"device": "σ"})
    assert {each.name for each in tmp_path.glob("*.csv")} == {"way.csv", "end.csv"}


def test_the_record_of_the_same_tables_stands_unless_it_is_wanted_anew(tmp_path):
    tables = {"results": tabulate.table(definition(), SHUFFLED)}

    def seconds(told, **how):
        tabulate.save(tmp_path, tables, {"device": "σ", "seconds": told}, **how)
        return provenance.load(tmp_path)["seconds"]

    assert seconds(2.0) == 2.0
    assert seconds(3.0) == 2.0
    assert seconds(4.0, anew=True) == 4.0
    tables["results"].iloc[0, -1] += 1
    assert seconds(5.0) == 5.0
    (tmp_path / provenance.FILE).write_text("{")
    assert seconds(6.0) == 6.0
    tabulate.save(tmp_path, tables, {"device": "τ", "seconds": 7.0})
    assert provenance.load(tmp_path)["seconds"] == 7.0


def test_watched_errors_have_a_row_a_run_and_split_and_end_with_the_last_look():
    looks = np.arange(1, 101)
    measured = definition(
        watch=("train", "validation"),
        evaluations=2,
        vary={"network": ("a",)},
        model=lambda network: None,
    )
    each = program({"network": "a"})
    reads = {
        f"look {split} error": np.tile(looks / 1000 + i, (2, 1))
        for i, split in enumerate(measured.watch)
    }
    found = tabulate.errors(
        measured,
        runs(
            each,
            result([0, 0], looks=looks, reads=reads, stopped=np.full(2, 100)),
        ),
    )
    assert len(found) == 2 * 2
    steps = [each for each in found.columns if each.isdigit()]
    assert len(steps) == tabulate.LOOKS
    assert (steps[0], steps[-1]) == ("1", "100")
    assert set(found[found["split"] == "validation"]["100"]) == {1.1}
    assert tabulate.errors(experiment(), []) is None


def test_steps_after_a_run_s_end_count_nowhere():
    """Runs that differ in patience alone share their steps, to the last one's end."""
    loss = [[4, 3, 2, 1, np.nan, np.nan], [4, 3, 2, 1, np.nan, np.nan]]
    hits = [[0.0, 0.5, 0.5, 0.5, 1.0, 1.0]] * 2
    looks = np.array([2, 4, 6])
    errors = np.array([[0.5, 0.4, 0.0]] * 2)
    measured = definition(
        measures=(
            FinalLoss(),
            MeanLoss(),
            Stopped(),
            TestError(),
            StepsTo(60, window=1),
            StepsTo(10, window=2),
            LowestWatched(),
        ),
        watch=("validation",),
        steps=6,
        evaluations=3,
        figures=(Curves(hue="rate"),),
    )
    made = result(
        [0, 0],
        loss=np.array(loss, "float32"),
        hits=np.array(hits, "float32"),
        looks=looks,
        stopped=np.array([3, 6]),
        reads={f"look validation {each}": errors for each in ("loss", "error")}
        | {f"end test {each}": np.array([0.2, 0.2]) for each in ("loss", "error")},
    )
    found = runs(program(cell("a", "slow")), made)
    ended, broken = tabulate.table(measured, found).to_dict("records")
    assert pd.isna(ended["diverged"])
    assert broken["diverged"] == 5
    read = [each.name for each in measured.measures]
    assert [ended[each] for each in read] == [2, 3, 3, 20, 2, 6, 0.5]
    expected = [2.3, (10 + 2 * 2.3) / 6, 6, 90, 2, 6, 0.0]
    assert [broken[each] for each in read] == pytest.approx(expected)
    looked = tabulate.errors(measured, found)
    np.testing.assert_array_equal(looked.iloc[0, -3:], [0.5, np.nan, np.nan])
    np.testing.assert_array_equal(looked.iloc[1, -3:], [0.5, 0.4, np.nan])
    curves = tabulate.curves(measured, found)
    np.testing.assert_array_equal(curves.iloc[0, -6:], [4, 3, 2, *[np.nan] * 3])
    np.testing.assert_array_equal(curves.iloc[1, -6:], [4, 3, 2, 1, *[np.nan] * 2])


class LowestWatched(Measure):
    """The lowest watched error."""

    name = "lowest"

    def read(self, history):
        return history.watched["validation"]["error"].min(axis=1)
