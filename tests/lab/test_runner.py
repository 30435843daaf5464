"""The runner: what is at hand is not trained again, and open claims get fresh seeds."""

import io
import json

import in_process
import numpy as np
import pandas as pd
import pytest
import tiny_study
from rich.console import Console

from study.lab import registry
from study.lab.errors import StudyError
from study.lab.plan import Program
from study.lab.progress import Progress
from study.lab.report import drawing
from study.lab.report.page import load_page
from study.lab.runner import Runner
from study.lab.store import Store
from study.lab.supervisor import Task

FILE = '''"""Small steps against large ones."""

import keras

from study.lab.data import digits
from study.lab.experiment import Claim, Experiment
from study.lab.figures import Curves
from study.lab.measures import FinalLoss, TestError, ValidationError
from study.lab.models import mlp
from study.lab.verdicts import Greater


def model(units=30):
    return mlp(64, (units,), 10)


def optimizer(rate, momentum=0.0):
    return keras.optimizers.SGD(rate, momentum=momentum)


EXPERIMENT = Experiment(
    title="Steps",
    claims=(
        Claim(
            "d1-01",
            Greater(
                measure="final_loss",
                arm={"rate": "slow"},
                than={"rate": "fast"},
                delta=1,
            ),
        ),
    ),
    data=digits(train=30, validation=20),
    model=model,
    optimizer=optimizer,
    batch_size=7,
    steps=20,
    vary={"rate": {"slow": 0.01, "fast": 0.5}},
    replicates=5,
    extension=3,
    measures=(FinalLoss(), ValidationError(), TestError()),
    figures=(Curves(hue="rate"),),
    smoke={"steps": 12, "replicates": 2},
)
'''
SIMULATION = '''"""Facts."""

from pathlib import Path

import pandas as pd

from study.lab.experiment import Simulation
from study.lab.measures import Column


def run(count=3):
    with Path(__file__).with_name("calls").open("a") as file:
        file.write("x")
    return pd.DataFrame({"part": ["a", "b", "c"][:count], "gap": [1 / 3, 0.0, None]})


EXPERIMENT = Simulation(title="Facts", claims=(), run=run, measures=(Column("gap"),))
'''


def losses(slow, fast=5.0):
    """Return a function to made-up results: final losses by rate and replicate."""

    def answer(task, program):
        made = [
            (slow(r) if cell["rate"] == "slow" else fast) for cell, r in program.runs
        ]
        names = ("final_loss", "validation_error", "test_error")
        return tiny_study.result(len(made), dict.fromkeys(names, made))

    return answer


def clear(replicate):
    return 7 + replicate / 100


def unclear(replicate):
    return (9, 2)[replicate % 2]


class Workplace:
    """A folder with a runner in it."""

    def __init__(self, folder, answer):
        self.folder, self.reports = folder, folder / "reports" / "steps"
        self.supervisor = in_process.Supervisor(answer=answer)
        self.screen = io.StringIO()
        progress = Progress(Console(file=self.screen, width=200))
        store = Store(folder / "store", progress.say)
        self.runner = Runner(store, self.supervisor, progress)
        self.count = 0

    def run(self, *edits, text=FILE, profile="standard"):
        """Run a definition with (old, new) edits; return the programs trained."""
        for old, new in edits:
            assert old in text, old
            text = text.replace(old, new)
        self.count += 1
        path = tiny_study.write(self.folder / f"{self.count}", "steps", text)
        self.runner.run([registry.load(path)], profile, self.reports.parent)
        return self.supervisor.taken()

    def table(self, name="results"):
        return pd.read_csv(self.reports / f"{name}.csv")

    def provenance(self):
        return json.loads((self.reports / "provenance.json").read_text())


@pytest.fixture
def place(tmp_path):
    return lambda answer=None: Workplace(tmp_path, answer or losses(clear))


def replicates(programs):
    return [each.replicates for each in programs]


def test_from_a_definition_to_its_tables_and_a_second_run_trains_nothing(place):
    here = place(in_process.train)
    (program,) = here.run(("extension=3", "extension=0"))
    assert (program.stage, program.replicates) == ("judge", (0, 1, 2, 3, 4))
    table = here.table()
    assert len(table) == 10
    assert table["rate"].unique().tolist() == ["slow", "fast"]
    assert table["diverged"].isna().all()
    finals = table.groupby("rate")["final_loss"].mean()
    assert finals["fast"] < finals["slow"]  # 0.5 learns in 20 steps, 0.01 does not
    assert here.table("curves").columns[-1] == "20"
    found = here.provenance()
    assert (found["experiment"], found["profile"]) == ("steps", "standard")
    assert (found["edges"], found["failed"], found["retried"]) == ([], [], [])
    assert found["fingerprint"]["steps"]
    assert set(found["versions"]) >= {"python", "keras", "tensorflow", "numpy"}
    assert found["threads"] == ["one"]
    written = {each: each.read_bytes() for each in here.reports.iterdir()}
    assert here.run(("extension=3", "extension=0")) == []
    assert written == {each: each.read_bytes() for each in here.reports.iterdir()}
    assert "all 1 programs are at hand" in here.screen.getvalue()


def test_figures_are_drawn_by_who_trains_and_again_only_after_training(place):
    here = place(losses(clear))
    here.run()
    figure = here.reports / "curves.svg"
    page = load_page(
        registry.load(here.folder / "1" / "steps.py"), here.reports, "standard"
    )
    assert figure.read_bytes() == drawing.drawn(page.definition.figures[0], page)
    figure.unlink()
    here.run()
    assert not figure.exists()  # no table changed: whoever renders the page draws it
    here.run(("steps=20", "steps=21"))
    assert figure.exists()


def test_more_replicates_train_only_the_new_ones(place):
    here = place()
    ten = ("replicates=5", "replicates=10")
    assert replicates(here.run(ten)) == [tuple(range(10))]
    more = here.run(("replicates=5", "replicates=12"))
    assert replicates(more) == [(10, 11)]
    assert len(here.table()) == 2 * 12
    assert here.run(ten) == []
    assert len(here.table()) == 2 * 10


def test_editing_words_trains_nothing_and_editing_what_is_trained_all(place):
    here = place()
    here.run()
    words = ('title="Steps"', 'title="Large steps"'), ("delta=1,", "delta=0.5,")
    assert here.run(*words) == []
    assert len(here.run(("steps=20", "steps=21"))) == 1


def test_a_damaged_result_is_trained_again(place):
    here = place()
    here.run()
    (result,) = (here.folder / "store").glob("*.result")
    result.write_bytes(result.read_bytes()[:-1])
    assert replicates(here.run()) == [(0, 1, 2, 3, 4)]
    assert "damaged: " in here.screen.getvalue()


@pytest.mark.parametrize(
    ("slow", "edits", "profile", "trained"),
    [
        (unclear, [], "standard", [(0, 1, 2, 3, 4), (5, 6, 7)]),
        (unclear, [], "paper", [(0, 1, 2, 3, 4), (5, 6, 7)]),
        (clear, [], "standard", [(0, 1, 2, 3, 4)]),
        (unclear, [("extension=3", "extension=0")], "standard", [(0, 1, 2, 3, 4)]),
        (unclear, [], "smoke", [(0, 1)]),
    ],
    ids=["unresolved", "unresolved in a paper", "resolved", "none allowed", "a draft"],
)
def test_fresh_replicates_are_trained_only_where_a_claim_is_open(
    place, slow, edits, profile, trained
):
    here = place(losses(slow))
    assert replicates(here.run(*edits, profile=profile)) == trained
    rows = sorted(here.table()["replicate"].unique())
    assert rows == [r for block in trained for r in block]
    told = "unresolved at 5 seeds: d1-01; 3 fresh ones decide" in here.screen.getvalue()
    assert told == (len(trained) == 2)
    assert here.run(*edits, profile=profile) == []


def test_fresh_replicates_are_trained_only_in_cells_that_an_open_claim_compares(place):
    here = place(losses(unclear))
    programs = here.run(('"fast": 0.5}', '"fast": 0.5, "faster": 0.9}'))
    trained = {r: [] for r in range(8)}
    for program in programs:
        for cell, replicate in program.runs:
            trained[replicate].append(cell["rate"])
    assert trained[4] == ["slow", "fast", "faster"]
    assert trained[5] == trained[7] == ["slow", "fast"]
    assert len(here.table()) == 3 * 5 + 2 * 3


def test_a_definition_may_begin_past_the_replicates_that_were_seen(place):
    here = place(losses(unclear))
    edit = "replicates=5,", "replicates=5,\n    first_replicate=40,"
    assert replicates(here.run(edit)) == [tuple(range(40, 45)), (45, 46, 47)]
    assert sorted(here.table()["replicate"].unique()) == list(range(40, 48))


def test_drafts_have_seeds_and_overrides_of_their_own(place):
    here = place()
    (draft,) = here.run(profile="smoke")
    assert (draft.stage, draft.replicates) == ("draft", (0, 1))
    assert here.provenance()["profile"] == "smoke"
    (judging,) = here.run(("replicates=5", "replicates=2"), ("steps=20", "steps=12"))
    assert (judging.stage, judging.replicates) == ("judge", (0, 1))


TUNE = "    replicates=5,\n"
ERRORS = {"slow": {1: 40, 2: 30, 4: 20, 8: 25}, "fast": {1: 9, 2: 10, 4: 11, 8: 12}}


def validation(name, grid):
    """Answer with validation errors by rate and the place of `name` in its grid."""

    def answer(task, program):
        errors = [
            ERRORS[cell["rate"]][2 ** list(grid).index(cell[name])] + r
            for cell, r in program.runs
        ]
        made = {"validation_error": errors, "final_loss": np.ones(len(errors))}
        return tiny_study.result(len(errors), made)

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
    def answer(task, program):
        errors = [
            abs(cell["momentum"] - 0.5) + cell["units"] for cell, _ in program.runs
        ]
        made = {"validation_error": errors, "final_loss": np.ones(len(errors))}
        return tiny_study.result(len(errors), made)

    here = place(answer)
    tune = "    tune={'momentum': (0.0, 0.5, 0.9), 'units': (30,)},\n"
    programs = here.run((TUNE, TUNE + tune), ("extension=3", "extension=0"))
    (judged,) = [each for each in programs if each.stage == "judge"]
    assert {(c["momentum"], c["units"]) for c in judged.cells} == {(0.5, 30)}
    assert here.provenance()["edges"] == []


def test_tuning_reads_the_validation_error_and_never_opens_the_test_set(tmp_path):
    path = tiny_study.write(tmp_path, "steps", FILE)
    task = Task(path, "smoke", "")
    program = Program("tune", ({"rate": "slow"},), (0,))
    assert set(in_process.train(task, program).measures) == {"validation_error"}


def failing(cell_value, answer=None):
    """Answer as usual, but fail the programs of a network of these units."""

    def answered(task, program):
        if any(cell.get("units") == cell_value for cell in program.cells):
            return "Traceback:\n  ValueError: no such luck\n"
        return (answer or losses(clear))(task, program)

    return answered


VARY = ('"fast": 0.5}}', '"fast": 0.5}, "units": (30, 31)}')
NO_CLAIMS = (
    FILE[FILE.index("    claims=") : FILE.index("    data=")],
    "    claims=(),\n",
)


def test_a_program_that_failed_is_recorded_and_the_others_make_the_tables(place):
    here = place(failing(31))
    here.run(VARY, NO_CLAIMS)
    assert here.table()["units"].unique().tolist() == [30]
    (failed,) = here.provenance()["failed"]
    assert "31" in failed
    assert "ValueError: no such luck" in failed
    here.supervisor.answer = losses(clear)
    assert [each.cells[0]["units"] for each in here.run(VARY, NO_CLAIMS)] == [31]
    assert here.provenance()["failed"] == []


def test_when_every_program_fails_there_is_no_page_and_one_line(place):
    here = place(failing(30))
    with pytest.raises(StudyError, match=r"^steps: every program failed$"):
        here.run(('"fast": 0.5}}', '"fast": 0.5}, "units": (30,)}'), NO_CLAIMS)
    assert not here.reports.exists()


def test_an_arm_whose_tuning_failed_altogether_is_left_out_and_recorded(place):
    here = place(failing(31, validation("momentum", (0.0, 0.5))))
    tune = "    tune={'momentum': (0.0, 0.5)},\n"
    here.run(VARY, NO_CLAIMS, (TUNE, TUNE + tune))
    assert here.table()["units"].unique().tolist() == [30]
    assert len(here.provenance()["failed"]) == 2  # one for each momentum
    here.supervisor.answer = validation("momentum", (0.0, 0.5))
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
    here.run(("run=run,", f"{edit}run=run,"), text=SIMULATION, profile=profile)
    assert here.supervisor.threads == [threads]


def test_a_simulation_that_failed_is_one_line_and_no_page(place):
    here = place()
    here.supervisor.simulate = lambda entry, profile: "Traceback:\n  ValueError: no"
    with pytest.raises(StudyError, match=r"^steps: the simulation failed$"):
        here.run(text=SIMULATION)
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
