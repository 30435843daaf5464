"""Tables: one row a run, in the order of the sweep, with what the figures show."""

import io
import json

import numpy as np
import pandas as pd
import pytest
from tiny_study import experiment, result

from study.lab import plan, record
from study.lab.experiment import Outputs
from study.lab.figures import Curves, Strip
from study.lab.measures import FinalLoss
from study.lab.plan import Program

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


def finished(*programs):
    """Return results whose final losses tell the program and the run: 1.0, 1.1, ..."""
    return [
        (
            each,
            result(len(each.runs), {"final_loss": i + np.arange(len(each.runs)) / 10}),
        )
        for i, each in enumerate(programs, 1)
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
    table = record.table(definition(), SHUFFLED)
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
    pd.testing.assert_frame_equal(table, record.table(definition(), SHUFFLED[::-1]))


def test_tuned_values_stand_beside_the_labels():
    cells = [{**cell("a", "slow"), "depth": 3}, {**cell("a", "fast"), "depth": 5}]
    table = record.table(definition(), finished(program(*cells, replicates=(0,))))
    assert table["depth"].tolist() == [3, 5]


def test_divergence_is_blank_where_there_is_none_and_a_whole_step_elsewhere():
    runs = program(cell("a", "slow"), replicates=(0, 1, 2))
    made = result(3, {"final_loss": [1, 2, 3]}, diverged=np.array([0, 17, 0]))
    table = record.table(definition(), [(runs, made)])
    assert table["diverged"].isna().tolist() == [True, False, True]
    assert record.to_csv(table).decode().splitlines()[1:] == [
        "a,slow,0,,1.0",
        "a,slow,1,17,2.0",
        "a,slow,2,,3.0",
    ]


def test_nothing_diverged_is_an_empty_column_of_the_same_kind():
    table = record.table(definition(), SHUFFLED)
    assert table["diverged"].isna().all()
    assert table["diverged"].dtype == "Int64"


def test_measures_keep_seven_significant_digits():
    values = [1 / 3, 2e9 / 7, 1e-9 / 3, np.nan]
    runs = program(cell("a", "slow"), replicates=range(4))
    table = record.table(definition(), [(runs, result(4, {"final_loss": values}))])
    kept = table["final_loss"].tolist()
    assert kept[:3] == [0.3333333, 285714300.0, 3.333333e-10]
    assert np.isnan(kept[3])


def test_a_table_survives_its_csv():
    table = record.table(definition(), SHUFFLED)
    again = pd.read_csv(io.BytesIO(record.to_csv(table)), dtype={"diverged": "Int64"})
    pd.testing.assert_frame_equal(again, table, check_dtype=False)


@pytest.mark.parametrize(
    ("figures", "shown"),
    [
        ((), None),
        ((Strip("final_loss", by="rate"),), None),
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
    ids=["no figures", "no curves", "all", "where", "two"],
)
def test_curves_are_kept_for_the_cells_that_a_figure_shows(figures, shown):
    table = record.curves(definition(figures=figures), SHUFFLED)
    if shown is None:
        assert table is None
    else:
        assert set(table["network"] + table["rate"]) == shown
        assert len(table) == 4 * len(shown)


def test_a_curve_has_a_column_a_stretch_and_four_significant_digits():
    curves = np.array([[1 / 3, 2 / 3, 12345.6], [1, 2, np.inf]])
    made = result(
        2, {"final_loss": [1, 2]}, steps=np.array([50, 100, 150]), curves=curves
    )
    runs = program(cell("a", "slow"))
    table = record.curves(definition(figures=(Curves(hue="rate"),)), [(runs, made)])
    assert list(table.columns) == ["network", "rate", "replicate", "50", "100", "150"]
    assert table.iloc[:, 3:].to_numpy().tolist() == [
        [0.3333, 0.6667, 12350.0],
        [1, 2, np.inf],
    ]


def test_outputs_are_kept_of_the_first_replicate_for_each_value():
    arm = cell("b", "fast")
    wanted = definition(outputs=Outputs(inputs=points, arm=arm, per="final_loss"))
    both = [
        program(cell("b", "slow"), arm, replicates=r) for r in ((3, 4, 5), (0, 1, 2))
    ]
    # The last three runs of each are the arm's.
    solved = [[9, 9, 9, 1, 0, 1], [9, 9, 9, 0, 0, 1]]
    made = [
        (
            each,
            result(
                6,
                {"final_loss": values},
                outputs=np.arange(18.0).reshape(6, 3, 1) / 7 + 100 * i,
            ),
        )
        for i, (each, values) in enumerate(zip(both, solved, strict=True))
    ]
    table = record.outputs(wanted, made)
    assert table["final_loss"].tolist() == [0] * 3 + [1] * 3
    assert table["replicate"].tolist() == [0] * 3 + [2] * 3
    assert set(table["network"] + table["rate"]) == {"bfast"}
    assert table["input_0"].tolist() == [0, 0.333333, 2] * 2
    assert table["input_1"].tolist() == [1, 0.5, -1] * 2
    expected = [100 + i / 7 for i in (9, 10, 11, 15, 16, 17)]
    assert table["output_0"].tolist() == [round(each, 1) for each in expected]


def test_no_outputs_are_kept_where_none_are_asked_for():
    assert record.outputs(definition(), SHUFFLED) is None


def test_saving_writes_every_table_and_takes_away_what_there_is_no_more(tmp_path):
    table = record.table(definition(), SHUFFLED)
    record.save(tmp_path, {"results": table, "curves": table}, {"device": "σ"})
    assert (tmp_path / "curves.csv").read_bytes() == record.to_csv(table)
    record.save(tmp_path, {"results": table, "curves": None}, {"device": "σ"})
    assert {each.name for each in tmp_path.iterdir()} == {
        "results.csv",
        "provenance.json",
    }
    text = (tmp_path / "provenance.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"device": "σ"}
    assert text.endswith("}\n")


def test_watched_errors_have_a_row_a_run_and_split_and_end_with_the_last_look():
    definition = experiment(watch=("train", "validation"), evaluations=2)
    (program, *_) = plan.programs(
        definition, "judge", plan.cells(definition.vary), range(2)
    )
    looks = np.arange(1, 101)
    runs = len(program.runs)
    made = result(
        runs,
        {"final_loss": np.zeros(runs)},
        looks=looks,
        watched={
            split: np.tile(looks / 1000 + i, (runs, 1))
            for i, split in enumerate(("train", "validation"))
        },
    )
    found = record.errors(definition, [(program, made)])
    assert len(found) == 2 * runs
    steps = [each for each in found.columns if each.isdigit()]
    assert len(steps) == record.LOOKS
    assert (steps[0], steps[-1]) == ("1", "100")
    assert set(found[found["split"] == "validation"]["100"]) == {1.1}
    assert record.errors(experiment(), []) is None
