"""What is trained: only the runs that are not at hand, whatever asks for them."""

import numpy as np
import numpy_stack
import pandas as pd
import pytest
import tiny_study
from workplace import (
    FIGURE,
    FILE,
    NO_CLAIMS,
    SOFTMAX,
    Workplace,
    clear,
    losses,
    ones,
    replicates,
    runs,
)

from study.lab.declare.profiles import PROFILES
from study.lab.errors import StudyError
from study.lab.execute.executors import InProcess
from study.lab.execute.tasks import Hands
from study.lab.train import loop

SIMULATION = '''"""Facts."""

from pathlib import Path

import pandas as pd

from study.lab.declare.finding import Simulation
from study.lab.declare.measures import Column


def run(count=3):
    with Path(__file__).with_name("calls").open("a") as file:
        file.write("x")
    return pd.DataFrame({"part": ["a", "b", "c"][:count], "gap": [1 / 3, 0.0, None]})


EXPERIMENT = Simulation(title="Facts", claims=(), run=run, measures=(Column("gap"),))
'''


def test_more_replicates_train_only_the_new_ones(place):
    here = place()
    ten = ("replicates=5", "replicates=10")
    assert replicates(here.run(ten)) == [tuple(range(10))]
    more = here.run(("replicates=5", "replicates=12"))
    assert replicates(more) == [(10, 11)]
    assert len(here.table()) == 2 * 12
    assert here.run(ten) == []
    assert len(here.table()) == 2 * 10


def test_the_longest_programs_are_begun_first_and_tables_keep_the_sweep_s_order(place):
    here = place()
    swept = '"rate": {"slow": 0.01, "fast": 0.5}', '"units": (3, 30, 9)'
    fewer = (
        "def optimizer(rate, momentum=0.0)",
        "def optimizer(rate=0.1, momentum=0.0)",
    )
    here = place(lambda program: tiny_study.result([1.0] * len(program.runs)))
    trained = here.run(swept, fewer, NO_CLAIMS)
    assert [each.cells[0]["units"] for each in trained] == [30, 9, 3]
    assert [*dict.fromkeys(here.table()["units"])] == [3, 30, 9]


def test_a_value_added_to_what_is_swept_trains_only_its_cells(place):
    here = place()
    here.run()
    added = here.run(('"fast": 0.5}', '"fast": 0.5, "faster": 0.9}'))
    assert runs(added) == [("faster", replicate) for replicate in range(5)]
    assert len(here.table()) == 3 * 5
    more = ("replicates=5", "replicates=6"), ("0.01, ", '0.01, "middle": 0.1, ')
    assert sorted(runs(here.run(*more))) == [
        ("fast", 5),
        *[("middle", replicate) for replicate in range(6)],
        ("slow", 5),
    ]


@pytest.mark.parametrize(
    "edits",
    [
        [('title="Steps"', 'title="Large steps"')],
        [('"""Small steps', '"""Little steps')],
        [("def model(units=30):", "def model(units=30):  # small")],
        [NO_CLAIMS],
        [('"d1-01",', '"d1-02",'), ("delta=1,", "delta=0.5,")],
        [FIGURE],
        [("extension=3", "extension=0")],
        [("replicates=5", "replicates=4")],
        [NO_CLAIMS, ('"slow": 0.01, ', "")],
        [('"slow": 0.01, "fast": 0.5', '"fast": 0.5, "slow": 0.01')],
        [('"slow"', '"gentle"')],
        [NO_CLAIMS, ("(FinalLoss(), ", "(")],
    ],
    ids=[
        "title",
        "docstring",
        "comment",
        "no claim",
        "another claim",
        "a figure",
        "no extension",
        "fewer replicates",
        "fewer values",
        "another order",
        "a label",
        "fewer measures",
    ],
)
def test_what_no_run_depends_on_trains_nothing(place, edits):
    here = place()
    assert len(runs(here.run())) == 10
    here.forget()
    assert here.run(*edits) == []


@pytest.mark.parametrize(
    "edit",
    [
        ("steps=20", "steps=21"),
        ("batch_size=7", "batch_size=8"),
        ("train=30", "train=31"),
        ("validation=20", "validation=21"),
        ("units=30", "units=31"),
        ("momentum=0.0", "momentum=0.1"),
        ("steps=20", 'steps=20, watch=("train",)'),
        ("steps=20", "steps=20, replacement=True"),
    ],
    ids=[
        "steps",
        "batch size",
        "training examples",
        "validation examples",
        "the model's code",
        "the optimizer's code",
        "looks",
        "replacement",
    ],
)
def test_what_runs_depend_on_trains_them_all(place, edit):
    def answer(program):
        made = ones(np.full(len(program.runs), 50))
        looks = {
            f"look train {each}": np.ones((len(program.runs), 1))
            for each in ("loss", "error")
        }
        made.reads.update(looks)
        return made

    here = place(answer)
    here.run(NO_CLAIMS)
    here.forget()
    assert len(runs(here.run(NO_CLAIMS, edit))) == 10


def test_one_value_changed_trains_its_cells_alone(place):
    here = place()
    here.run(NO_CLAIMS)
    assert {rate for rate, _ in runs(here.run(NO_CLAIMS, ("0.01", "0.02")))} == {"slow"}


def test_two_findings_share_the_runs_of_the_same_model_data_and_value(place):
    here = place()
    here.run()
    other = here.run(
        NO_CLAIMS,
        ('title="Steps"', 'title="Steps and more"'),
        ('{"slow": 0.01, "fast": 0.5}', '{"tiny": 0.001, "quick": 0.5}'),
        name="more_steps",
    )
    assert runs(other) == [("tiny", replicate) for replicate in range(5)]
    fast, quick = (
        table[table["rate"] == rate].drop(columns="rate").reset_index(drop=True)
        for table, rate in (
            (here.table(), "fast"),
            (here.table(name="more_steps"), "quick"),
        )
    )
    pd.testing.assert_frame_equal(fast, quick)


def test_what_another_stage_trained_is_not_taken_for_it(place):
    here = place()
    alike = ("replicates=5", "replicates=2"), ("steps=20", "steps=12")
    (draft,) = here.run(*alike, profile="smoke")
    (judged,) = here.run(*alike)
    assert (draft.replicates, judged.replicates) == ((0, 1), (0, 1))


SMALL = (
    NO_CLAIMS,
    *SOFTMAX,
    ("replicates=5", "replicates=2"),
    ("extension=3", "extension=0"),
    ('{"slow": 0.01, "fast": 0.5}', '{"fast": 0.5}'),
)
HISTORY = (
    ("FinalLoss, TestError", "FinalLoss, LossAt, StepsTo, TestError"),
    ("(FinalLoss(), V", "(FinalLoss(), LossAt(20, window=9), StepsTo(50, window=9), V"),
)
PROBED = (
    ("FinalLoss, TestError", "FinalLoss, Probe, TestError"),
    (
        "def model(",
        "def width(model, x, y):\n    return 1.5 * x.shape[1]\n\n\ndef model(",
    ),
    ("(FinalLoss(), ", '(FinalLoss(), Probe("width", width), '),
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A place where two runs are trained for good."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "Stack", numpy_stack.Stack)
        here = Workplace(tmp_path_factory.mktemp("trained"), InProcess())
        assert len(runs(here.run(*SMALL))) == 2
        yield here, here.table()


def test_a_measure_of_the_kept_history_trains_nothing_and_has_a_fresh_run_s_numbers(
    trained, tmp_path
):
    here, before = trained
    assert here.run(*SMALL, *HISTORY) == []
    fresh = Workplace(tmp_path, InProcess())
    assert len(runs(fresh.run(*SMALL, *HISTORY))) == 2
    pd.testing.assert_frame_equal(here.table(), fresh.table())
    assert {"loss_at_20", "steps_to_50"} == {*here.table()} - {*before}


@pytest.mark.slow
def test_a_new_probe_trains_the_runs_again_and_the_old_reading_stays_usable(trained):
    here, before = trained
    assert len(runs(here.run(*SMALL, *PROBED))) == 2
    table = here.table()
    assert table["width"].tolist() == [96.0, 96.0]
    pd.testing.assert_frame_equal(table.drop(columns="width"), before)
    assert here.run(*SMALL) == []
    pd.testing.assert_frame_equal(here.table(), before)
    probed = PROBED[-1]
    renamed = *PROBED[:-1], (probed[0], probed[1].replace('"width"', '"breadth"'))
    assert here.run(*SMALL, *renamed) == []
    assert here.table()["breadth"].tolist() == [96.0, 96.0]


def test_a_store_of_an_earlier_version_is_read_as_empty_and_says_so(place):
    here = place()
    here.run()
    for path in (here.folder / "store").glob("*.result"):
        head, _, rest = path.read_bytes().partition(b"\n")
        path.write_bytes(b"study 1 " + head.split()[2] + b"\n" + rest)
    assert len(runs(here.run())) == 10
    assert "1 results are of another version of the store and are not read" in (
        here.told()
    )
    assert "damaged" not in here.told()


def test_a_damaged_file_is_set_aside_and_its_runs_are_trained_again(place):
    here = place()
    here.run()
    here.run(("replicates=5", "replicates=7"))
    first, second = sorted(
        (here.folder / "store").glob("*.result"), key=lambda each: each.stat().st_size
    )
    damaged = first.read_bytes()[:-1]
    first.write_bytes(damaged)
    seven = ("replicates=5", "replicates=7")
    assert replicates(here.run(seven)) == [(5, 6)]
    assert first.with_suffix(".damaged").read_bytes() == damaged
    assert f"damaged: {first} is not what was written" in here.told()
    assert here.run(seven) == []
    assert second.exists()


def test_a_definition_edited_while_its_run_is_under_way_is_refused_in_one_line(place):
    here = place()
    finding = here.write()

    class Editing:
        """Edit the definition between planning and training."""

        def run(self, jobs, until):
            for job in jobs:
                for tasks, _ in job:
                    text = FILE.replace("units=30", "units=31")
                    finding.path.write_text(text)
                    for task in tasks:
                        Hands().do(task)

        def threads(self, wanted):
            return 1

    here.executor = Editing()
    with pytest.raises(StudyError) as error:
        here.run_entry(finding)
    message = str(error.value)
    assert message.startswith(f"{finding.path}: expected the code that was there when")
    assert "run the command again" in message
    assert "\n" not in message
    assert not (here.folder / "store").exists()


TUNE = "    replicates=5,\n"
ERRORS = {"slow": {1: 40, 2: 30, 4: 20, 8: 25}, "fast": {1: 9, 2: 10, 4: 11, 8: 12}}


def validation(name, grid):
    """Answer with validation errors by rate and the place of `name` in its grid."""

    def answer(program):
        return ones(
            [
                ERRORS[cell["rate"]][2 ** list(grid).index(cell[name])] + r
                for cell, r in program.runs
            ]
        )

    return answer


@pytest.mark.parametrize(
    ("name", "grid"),
    [
        ("momentum", (0.0, 0.5, 0.9, 0.99)),
        ("units", (30, 31, 32, 33)),
        ("momentum", {"none": 0.0, "some": 0.5, "much": 0.9, "most": 0.99}),
    ],
    ids=["numbers", "whole numbers", "labels"],
)
def test_tuning_takes_the_least_validation_error_of_each_arm_and_flags_edges(
    place, name, grid
):
    here = place(validation(name, grid))
    programs = here.run(
        (TUNE, f"{TUNE}    tune={{{name!r}: {grid!r}}},\n"),
        ("extension=3", "extension=0"),
    )
    tried = [each for each in programs if each.stage == "tune"]
    assert {each.replicates for each in tried} == {(0, 1)}
    assert sum(len(each.cells) for each in tried) == 8
    judged = [each for each in programs if each.stage == "judge"]
    labels = list(grid)
    assert {(c["rate"], c[name]) for each in judged for c in each.cells} == {
        ("slow", labels[2]),
        ("fast", labels[0]),
    }
    assert {r for each in judged for r in each.replicates} == set(range(5))
    assert here.provenance()["edges"] == [{"rate": "fast", name: labels[0]}]
    assert len(here.table()) == 10


def test_a_grid_of_one_has_no_edges_and_two_names_are_tuned_together(place):
    def answer(program):
        return ones(
            [abs(cell["momentum"] - 0.5) + cell["units"] for cell, _ in program.runs]
        )

    here = place(answer)
    tune = "    tune={'momentum': (0.0, 0.5, 0.9), 'units': (30,)},\n"
    programs = here.run((TUNE, TUNE + tune), ("extension=3", "extension=0"))
    (judged,) = [each for each in programs if each.stage == "judge"]
    assert {(c["momentum"], c["units"]) for c in judged.cells} == {(0.5, 30)}
    assert here.provenance()["edges"] == []


@pytest.mark.parametrize(("profile", "seeds"), [("smoke", (0,)), ("standard", (0, 1))])
def test_a_draft_is_tuned_on_one_seed_and_what_is_judged_on_two(place, profile, seeds):
    here = place(validation("momentum", (0.0, 0.5, 0.9)))
    grid = "{'momentum': (0.0, 0.5, 0.9)}"
    tune = (TUNE, f"{TUNE}    tune={grid},\n")
    drafted = ('smoke={"steps"', f'smoke={{"tune": {grid}, "steps"')
    tried = [x for x in here.run(tune, drafted, profile=profile) if x.stage == "tune"]
    assert {each.replicates for each in tried} == {seeds}


def test_a_draft_that_has_nothing_to_choose_from_is_trained_at_the_middle(place):
    here = place(validation("momentum", (0.0, 0.5, 0.9)))
    tune = (TUNE, f"{TUNE}    tune={{'momentum': (0.0, 0.5, 0.9)}},\n")
    (draft,) = here.run(tune, profile="smoke")
    assert draft.stage == "draft"
    assert {cell["momentum"] for cell in draft.cells} == {0.5}


def test_a_value_added_to_a_grid_tries_only_itself(place):
    grid = (0.0, 0.5, 0.9, 0.99)
    here = place(validation("momentum", grid))
    few, more = (
        (TUNE, f"{TUNE}    tune={{'momentum': {grid[:n]}}},\n") for n in (3, 4)
    )
    here.run(few, NO_CLAIMS)
    added = here.run(more, NO_CLAIMS)
    assert {each.stage for each in added} == {"tune"}
    assert {cell["momentum"] for each in added for cell in each.cells} == {0.99}


def test_tuning_reads_the_validation_error_and_never_opens_the_test_set(place):
    definition = place().write().definition
    assert definition.reads("tune") == {"end validation"}
    assert "end test" in definition.reads("judge")


def failing(units, answer):
    """Answer as usual, but fail the programs of a network of these units."""

    def answered(program):
        if any(cell.get("units") == units for cell in program.cells):
            return "Traceback:\n  ValueError: no such luck\n"
        return answer(program)

    return answered


VARY = ('"fast": 0.5}', '"fast": 0.5}, "units": (30, 31)')


def test_a_program_that_failed_is_recorded_and_the_others_make_the_tables(place):
    here = place(failing(31, losses(clear)))
    here.run(VARY, NO_CLAIMS)
    assert here.table()["units"].unique().tolist() == [30]
    (failed,) = here.provenance()["failed"]
    assert "31" in failed
    assert "ValueError: no such luck" in failed
    here.executor.answer = losses(clear)
    assert [each.cells[0]["units"] for each in here.run(VARY, NO_CLAIMS)] == [31]
    assert here.provenance()["failed"] == []


def test_when_every_program_fails_there_is_no_page_and_one_line(place):
    here = place(failing(30, losses(clear)))
    with pytest.raises(StudyError, match=r"^steps: every program failed$"):
        here.run(('"fast": 0.5}', '"fast": 0.5}, "units": (30,)'), NO_CLAIMS)
    assert not here.reports.exists()


def test_an_arm_whose_tuning_failed_altogether_is_left_out_and_recorded(place):
    here = place(failing(31, validation("momentum", (0.0, 0.5))))
    tune = "    tune={'momentum': (0.0, 0.5)},\n"
    here.run(VARY, NO_CLAIMS, (TUNE, TUNE + tune))
    assert here.table()["units"].unique().tolist() == [30]
    assert len(here.provenance()["failed"]) == 2  # one for each momentum
    here.executor.answer = validation("momentum", (0.0, 0.5))
    here.run(VARY, NO_CLAIMS, (TUNE, TUNE + tune))
    assert len(here.table()) == 2 * 2 * 5


def test_a_simulation_is_run_once_and_then_read_from_the_store(place):
    here = place()
    here.run(text=SIMULATION)
    table = here.table()
    assert table["part"].tolist() == ["a", "b", "c"]
    assert table["gap"].iloc[:2].tolist() == [1 / 3, 0.0]
    assert np.isnan(table["gap"].iloc[2])
    written = (here.reports / "results.csv").read_bytes()
    here.run(text=SIMULATION)
    assert not (here.folder / "2" / "calls").exists()
    assert (here.reports / "results.csv").read_bytes() == written
    assert here.provenance()["seconds"] >= 0
    edit = ('"gap": [1 / 3', '"gap": [1 / 4')
    here.run(edit, text=SIMULATION)
    assert (here.folder / "3" / "calls").exists()


@pytest.mark.parametrize(
    ("edit", "profile", "threads"),
    [
        ("", "standard", "one"),
        ("timed=True, ", "standard", "all"),
        ("timed=True, ", "smoke", "one"),
    ],
    ids=["no times", "times", "a draft's times"],
)
def test_a_simulation_that_takes_times_has_the_machine_to_itself(
    place, edit, profile, threads
):
    here = place()
    finding = here.write(("run=run,", f"{edit}run=run,"), text=SIMULATION)
    here.runner().run([finding], PROFILES[profile], here.pages)
    assert [each.threads for each in here.progress.tasks] == [threads]


def test_a_simulation_that_failed_is_one_line_and_no_page(tmp_path):
    here = Workplace(tmp_path, InProcess())
    raising = ("    with Path", '    raise ValueError("no")\n    with Path')
    with pytest.raises(StudyError, match=r"^steps: the simulation failed$"):
        here.run(raising, text=SIMULATION)
    assert "ValueError: no" in here.told()
    assert not here.reports.exists()


def test_other_settings_run_a_simulation_again(place):
    here = place()
    here.run(text=SIMULATION)
    settings = ("run=run,", "run=run, settings={'count': 3},")
    here.run(settings, text=SIMULATION)
    assert (here.folder / "2" / "calls").read_text() == "x"


def test_a_simulation_that_lacks_a_declared_column_is_told_with_the_columns(place):
    here = place()
    with pytest.raises(StudyError) as error:
        here.run(('Column("gap")', 'Column("gab")'), text=SIMULATION)
    message = str(error.value)
    assert message.startswith(f"{here.folder / '1' / 'steps.py'}: run: ")
    assert "no 'gab'; " in message
    assert "gap" in message.split(";")[1]
    assert not here.reports.exists()
