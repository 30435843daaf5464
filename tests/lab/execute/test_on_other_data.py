"""Findings on another data set: runs of their own, pages apart, nothing lost."""

import csv

import numpy as np
import numpy_stack
import other_sets
import pytest
import tiny_study
from answers import workers
from workplace import FILE, NO_CLAIMS, SOFTMAX, edited

import study.lab
from study.lab.data import named
from study.lab.declare import elsewhere, registry
from study.lab.declare.profiles import PROFILES
from study.lab.execute import supervisor, unfinished
from study.lab.execute.command import main
from study.lab.execute.elsewhere import movable
from study.lab.execute.progress import Progress
from study.lab.execute.work import Work
from study.lab.files.store import Store
from study.lab.show import states
from study.lab.train import loop

SHAPED = (
    ("def model(units=30)", "def model(shape, classes)"),
    ("mlp(64, (units,), 10)", "mlp(shape, (), classes)"),
    *SOFTMAX[2:],
    ("extension=3", "extension=0"),
)
FACTS = '''"""One sentence."""

import pandas as pd

from study.lab.declare.finding import Simulation
from study.lab.declare.measures import Column


def run():
    return pd.DataFrame({"gap": [0.0]})


EXPERIMENT = Simulation(title="Facts", claims=(), run=run, measures=(Column("gap"),))
'''


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """Work in a folder with three findings, of which one takes its sizes from data."""
    monkeypatch.setenv("STUDY_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(supervisor, "Workers", workers)
    monkeypatch.setattr(loop, "Stack", numpy_stack.Stack)
    experiments = tmp_path / "experiments"
    tiny_study.write(experiments, "steps", edited(FILE, *SHAPED))
    typed = edited(FILE, ("d1-01", "d1-02"), ('"Steps"', '"Typed"'))
    tiny_study.write(experiments, "typed", typed)
    tiny_study.write(experiments, "facts", FACTS)
    np.savez(tmp_path / "mine.npz", **other_sets.arrays())
    return tmp_path


def test_pages_on_another_set_stand_apart_beside_the_words_on_their_own(clone, capsys):
    assert main(["run", "steps"]) == 0
    before = {each: each.read_bytes() for each in clone.glob("reports/**/*.*")}
    assert main(["run", "--data", "mine.npz"]) == 0
    after = {each: each.read_bytes() for each in clone.glob("reports/**/*.*")}
    assert before == after
    said = capsys.readouterr().out
    assert "typed.py: expected a `model` with the parameters" in said
    assert "left out: 1 findings that train nothing" in said
    assert "test examples 30 in place of 500" in said
    (folder,) = (clone / "build" / "elsewhere").iterdir()
    page = (folder / "steps" / "README.md").read_text()
    assert "| claim | on digits | verdict |" in page
    assert "| test examples | 500 | 30 |" in page
    with (clone / "reports" / "claims.csv").open(newline="") as file:
        word = next(csv.DictReader(file))["verdict"]
    assert f"A claim of the lecture d1-01. | {word} |" in page.replace(
        "<br><sub>line 1</sub>", ""
    )
    assert "make report NAME=steps DATA=mine.npz" in page
    overview = (folder / "README.md").read_text()
    assert overview.startswith(f"# On {folder.name}")
    assert "(steps/README.md#d1-01)" in overview


@pytest.mark.slow
def test_what_is_finished_is_at_hand_and_the_own_runs_are_others(clone, capsys):
    assert main(["run", "steps", "--data", "mine.npz"]) == 0
    table = next((clone / "build" / "elsewhere").glob("*/steps/results.csv"))
    written = table.read_bytes()
    capsys.readouterr()
    assert main(["run", "steps", "--data", "mine.npz"]) == 0
    assert "all 10 runs are at hand" in capsys.readouterr().out
    assert table.read_bytes() == written
    assert main(["run", "steps"]) == 0
    assert "all 10 runs" not in capsys.readouterr().out
    assert (clone / "reports" / "steps" / "results.csv").read_bytes() != written


def test_a_page_on_another_set_is_up_to_date_until_the_set_is_another(clone):
    finding = registry.load(clone / "experiments" / "steps.py")
    found = named.find("mine.npz")
    assert main(["run", "steps", "--data", "mine.npz"]) == 0
    pages = clone / "build" / "elsewhere" / found.label
    profile = PROFILES["standard"]
    there = elsewhere.move(finding, found)
    assert states.say(there, pages, profile).state == states.UP_TO_DATE
    other = elsewhere.move(finding, other_sets.prepared(count=80))
    assert "data" in states.say(other, pages, profile).stale


def test_a_page_on_another_set_keeps_no_figure_that_is_no_more_declared(clone):
    assert main(["run", "steps", "--data", "mine.npz"]) == 0
    (folder,) = clone.glob("build/elsewhere/*/steps")
    (folder / "old.svg").touch()
    assert main(["run", "steps", "--data", "mine.npz"]) == 0
    assert not (folder / "old.svg").exists()


def test_a_page_on_another_set_whose_tables_no_longer_fit_is_left_as_it_is(
    clone, capsys
):
    tiny_study.write(clone / "experiments", "other", edited(FILE, *SHAPED, NO_CLAIMS))
    assert main(["run", "steps", "other", "--data", "mine.npz"]) == 0
    (page,) = clone.glob("build/elsewhere/*/other/README.md")
    before = page.read_text()
    path = clone / "experiments" / "other.py"
    edits = (
        ("import FinalLoss", "import FinalLoss, TrainError"),
        ("(FinalLoss(), ", "(FinalLoss(), TrainError(), "),
    )
    path.write_text(edited(path.read_text(), *edits))
    capsys.readouterr()
    assert main(["run", "steps", "--data", "mine.npz"]) == 0
    out = capsys.readouterr().out
    assert f"{page.relative_to(clone)}: left as it is." in out
    assert "make report NAME=other DATA=mine.npz" in out
    assert page.read_text() == before


@pytest.mark.slow
def test_drafts_stand_in_a_folder_of_their_own(clone):
    assert main(["run", "steps", "--data", "mine.npz", "--profile", "smoke"]) == 0
    assert [*clone.glob("build/elsewhere/*/smoke/steps/README.md")]
    assert not [*clone.glob("build/elsewhere/*/steps")]


@pytest.mark.slow
def test_a_definition_of_one_s_own_runs_on_another_set(clone):
    own = clone / "own.py"
    text = edited(FILE, *SHAPED, ('"d1-01",', '"own-1", text="Mine.", verdict='))
    own.write_text(text.replace("verdict=\n            Greater", "verdict=Greater"))
    assert main(["run", "own.py", "--data", "mine.npz", "--out", "pages"]) == 0
    (page,) = clone.glob("pages/*/own/README.md")
    assert "Mine." in page.read_text()


@pytest.mark.slow
def test_a_notebook_trains_on_another_set(clone):
    definition = registry.load(clone / "experiments" / "steps.py").definition
    said = []
    table = study.lab.run(definition, say=said.append, data="mine.npz")
    assert len(table) == 10
    assert not table["test_error"].equals(study.lab.run(definition)["test_error"])


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (
            ["typed", "--data", "mine.npz"],
            ["typed.py", "no 'shape'", "digits are typed"],
        ),
        (["facts", "--data", "mine.npz"], ["facts.py", "a simulation"]),
        (["steps", "--data", "none.npz"], ["none.npz: no such file"]),
        (["steps", "--data", "color.npz"], ["steps.py", "vectors", "(4, 4, 3)"]),
        (
            ["steps", "--data", "mine.npz", "--cluster", "local"],
            ["--data: expected without --cluster"],
        ),
    ],
    ids=["typed in", "simulation", "missing", "colors", "cluster"],
)
def test_what_cannot_be_is_one_line_and_nothing_is_lost(
    clone, capsys, arguments, parts
):
    other_sets.prepared()
    page = clone / "build" / "elsewhere" / "other" / "steps" / "README.md"
    page.parent.mkdir(parents=True)
    page.write_text("A page.")
    files = (each for each in clone.rglob("*.*") if each.is_file())
    kept = {each: each.read_bytes() for each in files}
    np.savez("color.npz", **other_sets.arrays(shape=(4, 4, 3)))
    capsys.readouterr()
    assert main(["run", *arguments]) == 1
    out, said = capsys.readouterr()
    assert "left out" not in out
    assert said.count("\n") == 1
    assert all(part in said for part in parts), said
    assert all(path.read_bytes() == each for path, each in kept.items())


def test_a_network_that_cannot_be_built_there_is_left_out_before_anything_trains(clone):
    square = edited(
        FILE,
        *SHAPED,
        (
            "    return mlp(",
            "    keras.layers.Reshape((8, 8))(keras.Input(shape))\n    return mlp(",
        ),
    )
    path = tiny_study.write(clone / "experiments", "square", square)
    findings = [registry.load(path), registry.load(path.with_name("steps.py"))]
    said = []
    found = movable(
        findings, other_sets.prepared(), "other", PROFILES["smoke"], said.append
    )
    assert [each.name for each in found] == ["steps"]
    assert any("square.py: on other: " in each for each in said)
    assert all("\n" not in each for each in said)


def test_checkpoints_of_the_own_data_set_are_left_alone(clone, monkeypatch):
    finding = registry.load(clone / "experiments" / "steps.py")
    pages = []
    monkeypatch.setattr(
        unfinished.Unfinished,
        "__init__",
        lambda self, store, say, page, index: pages.append(page),
    )
    there = elsewhere.move(finding, other_sets.prepared())
    for each in (finding, there):
        store = Store(clone / "store", print)
        Work(store, None, Progress(), each, PROFILES["paper"])
    assert pages == [("steps", "paper"), ("steps on other", "paper")]


def test_findings_of_the_list_are_trained_for_one_page_made_of_their_tables(
    clone, monkeypatch, capsys
):
    rows = "finding,why\nsteps,It is small.\ntyped,It is typed.\n"
    (clone / "experiments" / "elsewhere.csv").write_text(rows)
    monkeypatch.setattr(named, "find", lambda word: other_sets.prepared())
    assert main(["run", "steps"]) == 0
    assert not (clone / "reports" / "elsewhere.md").exists()
    assert main(["elsewhere"]) == 0
    page = clone / "reports" / "elsewhere.md"
    tables = {each.name for each in (clone / "reports/elsewhere/steps").iterdir()}
    assert tables == {"results.csv", "provenance.json"}
    written = page.read_text()
    assert "Of 1 claims, " in written
    assert "**d1-01** A claim of the lecture d1-01." in written
    assert written.count("test examples 30 in place of 500") == 1
    assert "It is small." in written
    assert "- typed has no part in it: " in written
    assert "stale" not in written
    capsys.readouterr()
    assert main(["elsewhere"]) == 0
    assert "all 10 runs are at hand" in capsys.readouterr().out
    assert main(["render"]) == 0
    assert page.read_text() == written
    assert "[elsewhere.md](elsewhere.md)" in (clone / "reports/README.md").read_text()


def test_what_changed_since_it_was_tried_is_told_as_stale(clone, monkeypatch):
    rows = "finding,why\nsteps,It is small.\n"
    (clone / "experiments" / "elsewhere.csv").write_text(rows)
    monkeypatch.setattr(named, "find", lambda word: other_sets.prepared())
    assert main(["elsewhere"]) == 0
    path = clone / "experiments" / "steps.py"
    path.write_text(edited(path.read_text(), ("steps=20", "steps=21")))
    assert main(["render"]) == 0
    page = (clone / "reports" / "elsewhere.md").read_text()
    assert "(stale)" in page
    assert "**Stale**: changed since it ran: steps" in page
