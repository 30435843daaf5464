"""Runs that git carries: made once, on whatever machine, and one page of them all."""

import shutil
from dataclasses import replace

import pytest
from answers import Answers
from machines import TWO, at, place
from workplace import FILE, clear, losses, ones, replicates, runs, unclear

from study.lab.declare.profiles import PROFILES
from study.lab.errors import StudyError
from study.lab.execute import work
from study.lab.show.book import Book
from study.lab.show.page import load_page, render_page
from study.lab.train import runtables

PAPER = PROFILES["paper"]


@pytest.fixture(autouse=True)
def own_place():
    """Forget where results were made, which these tests change."""
    yield
    work._digest_of_place.cache_clear()


def run(here, *edits, text=FILE):
    return here.run(*edits, text=text, profile="paper")


def tables(here):
    """Return the files of a page but those of its runs."""
    files = (each for each in here.reports.iterdir() if each.is_file())
    return {each.name: each.read_bytes() for each in files}


def carry(source, target):
    """Bring the finished runs of one place to another, as git does."""
    folder = target.reports / runtables.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for each in runtables.files(source.reports):
        assert not (folder / each.name).exists()
        shutil.copy(each, folder)


@pytest.fixture
def halves(tmp_path, monkeypatch):
    """Return two places, each with half of the runs, made by machines A and B."""
    found = []
    for processor, units in (("A", 30), ("B", 20)):
        at(monkeypatch, processor)
        here = place(tmp_path / processor, units=(units,))
        with pytest.raises(KeyboardInterrupt):
            run(here, *TWO)
        here.progress.trained()  # which forgets them
        found.append(here)
    return found


def test_what_was_finished_before_an_interruption_is_kept_and_judges_nothing(halves):
    one, other = halves
    assert [runtables.count(each.reports) for each in halves] == [10, 10]
    assert tables(one) == tables(other) == {}


def test_halves_of_two_machines_are_one_page_that_says_who_made_what(
    halves, tmp_path, monkeypatch, ledger
):
    one, other = halves
    carry(one, other)
    assert run(other, *TWO) == []
    assert "all 20 runs are at hand" in other.told()
    made = other.provenance()["machines"]
    assert {each["processor"]: each["runs"] for each in made} == {"A": 10, "B": 10}
    finding = other.write(*TWO)
    page = load_page(finding, other.reports, "paper")
    text = render_page(page, Book(ledger))["README.md"].decode()
    for name in "AB":
        assert f"10 runs on CPU, x86_64 ({name}, 1 thread) with keras " in text
    assert len(page.table) == 20
    assert page.judged[0][1].word == "reproduced"


def test_the_page_is_the_same_on_whatever_machine_it_is_made_of_the_same_runs(
    halves, tmp_path, monkeypatch
):
    one, other = halves
    third = place(tmp_path / "C")
    for each in halves:
        carry(each, third)
    carry(one, other)
    at(monkeypatch, "C")
    assert run(third, *TWO) == run(other, *TWO) == []
    assert tables(third) == tables(other) != {}


def test_a_run_that_another_machine_made_is_not_made_again_and_what_lacks_is(
    halves, tmp_path, monkeypatch
):
    third = place(tmp_path / "C")
    carry(halves[0], third)
    at(monkeypatch, "C")
    programs = run(third, *TWO)
    assert {units for _, units, _ in runs(programs)} == {20}
    made = third.provenance()["machines"]
    assert {each["processor"]: each["runs"] for each in made} == {"A": 10, "C": 10}


def test_runs_that_the_store_has_are_carried_too_and_need_no_training(tmp_path):
    here = place(tmp_path)
    run(here)
    shutil.rmtree(here.pages)
    assert run(here) == []
    assert runtables.count(here.reports) == 10
    shutil.rmtree(here.folder / "store")
    assert run(here) == []


def test_a_value_more_and_a_replicate_more_train_only_themselves(tmp_path):
    here = place(tmp_path)
    run(here)
    shutil.rmtree(here.folder / "store")
    more = ('"fast": 0.5', '"fast": 0.5, "faster": 0.9')
    assert {rate for rate, _ in runs(run(here, more))} == {"faster"}
    grown = run(here, more, ("replicates=5", "replicates=6"))
    assert replicates(grown) == [(5,)]
    assert len(here.table()) == 18


def test_fresh_seeds_and_tuned_values_are_carried(tmp_path, monkeypatch):
    tuned = ('smoke={"steps"', 'tune={"momentum": (0.0, 0.9)},\n    smoke={"steps"')
    answer = losses(unclear)

    def made(program):
        if program.stage == "tune":
            return ones([cell["momentum"] for cell, _ in program.runs])
        return answer(program)

    here, other = place(tmp_path / "A", made), place(tmp_path / "B", made)
    assert {each.stage for each in run(here, tuned)} == {"tune", "judge"}
    assert here.table()["replicate"].max() == 7
    carry(here, other)
    at(monkeypatch, "B")
    assert run(other, tuned) == []
    assert tables(here) == tables(other)


def test_fresh_makes_all_anew_and_sets_the_runs_of_before_aside(tmp_path, monkeypatch):
    here = place(tmp_path)
    finding = here.write()
    here.run_entry(finding, "paper")
    (file,) = runtables.files(here.reports)
    before = file.read_text()
    here.executor = Answers(losses(lambda replicate: 8 + replicate))
    assert here.run_entry(finding, "paper") == []
    replace(here.runner(), fresh=True).run([finding], PAPER, here.pages)
    assert len(runs(here.progress.trained())) == 10
    assert here.table()["final_loss"].max() == 12
    assert file.with_suffix(".aside").read_text() == before
    assert f"{file}: 10 runs made before; set aside in " in here.told()
    assert here.run_entry(finding, "paper") == []


def test_fresh_asks_the_store_for_nothing_at_a_profile_that_git_does_not_carry(
    tmp_path,
):
    here = place(tmp_path)
    finding = here.write()
    here.run_entry(finding)
    fresh = replace(here.runner(), fresh=True)
    fresh.run([finding], PROFILES["standard"], here.pages)
    assert len(runs(here.progress.trained())) == 10
    assert here.run_entry(finding) == []
    assert not (here.reports / runtables.FOLDER).exists()


def test_a_program_that_fails_leaves_the_runs_of_the_others(tmp_path, monkeypatch):
    def answer(program):
        failed = program.cells[0]["units"] == 20
        return "RuntimeError: no memory" if failed else losses(clear)(program)

    here = place(tmp_path, answer)
    run(here, *TWO)
    assert runtables.count(here.reports) == len(here.table()) == 10
    assert len(here.provenance()["failed"]) == 1


SIMULATION = '''"""A sum."""

import pandas as pd

from study.lab.declare.finding import Simulation
from study.lab.declare.measures import Column


def run():
    return pd.DataFrame({"gap": [0.25]})


EXPERIMENT = Simulation(title="Sum", claims=(), run=run, measures=(Column("gap"),))
'''


def test_a_simulation_that_stands_is_not_made_again_and_a_damaged_one_is(tmp_path):
    def made():
        here.run(text=SIMULATION, profile="paper")
        tasks, here.progress.tasks = here.progress.tasks, []
        return len(tasks)

    here = place(tmp_path)
    here.progress.trained = list  # which clears the tasks
    assert made() == 1
    shutil.rmtree(here.folder / "store")
    assert made() == 0
    (here.reports / "results.csv").write_text("gap\n0.5\n")
    assert made() == 1
    assert here.table()["gap"].tolist() == [0.25]


def test_the_page_of_no_other_profile_has_runs_beside_it(tmp_path):
    here = place(tmp_path)
    for profile in ("smoke", "standard"):
        here.run(profile=profile)
        assert not (here.reports / runtables.FOLDER).exists()
        here.forget()


LOOSER = ("delta=1,", "delta=0.5,")


def test_a_rule_that_changed_after_runs_of_a_page_that_is_not_finished_is_refused(
    halves,
):
    here, _ = halves
    before = {each: each.read_bytes() for each in here.reports.rglob("*.*")}
    with pytest.raises(
        StudyError, match=r"Received: the rule of d1-01, and replicates"
    ):
        run(here, *TWO, LOOSER)
    assert before == {each: each.read_bytes() for each in here.reports.rglob("*.*")}


def test_fresh_seeds_judge_by_another_rule_though_runs_of_the_page_were_seen(halves):
    here, _ = halves
    finding = here.write(*TWO, LOOSER)
    fresh = replace(finding.definition, first_replicate=50)
    with pytest.raises(KeyboardInterrupt):
        here.run_entry(replace(finding, definition=fresh), "paper")
    assert len(runtables.declarations(here.reports)) == 2
