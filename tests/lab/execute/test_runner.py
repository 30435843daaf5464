"""The runner: from definitions to pages, and who may judge with which seeds."""

import re

import numpy_stack
import pytest
import tiny_study
from answers import Answers
from workplace import (
    FIGURE,
    FILE,
    NO_CLAIMS,
    SOFTMAX,
    Workplace,
    clear,
    losses,
    replicates,
    unclear,
)

import study.lab
from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.errors import StudyError
from study.lab.execute import command
from study.lab.execute.executors import InProcess
from study.lab.show import drawing, states
from study.lab.show.page import load_page
from study.lab.show.protocol import protocol
from study.lab.train import loop, tabulate

STANDARD = PROFILES["standard"]


def test_from_a_definition_to_its_tables_and_a_second_run_trains_nothing(tmp_path):
    here = Workplace(tmp_path, InProcess())
    (program,) = here.run(FIGURE, ("extension=3", "extension=0"))
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
    assert {"steps", "model", "mlp"} <= {*found["parts"]}
    assert [each["cell"] for each in found["cells"]] == [
        {"rate": "slow"},
        {"rate": "fast"},
    ]
    assert found["replicates"] == [0, 5]
    assert set(found["versions"]) >= {"python", "keras", "numpy"}
    assert found["threads"] == here.executor.threads("one")
    written = {each: each.read_bytes() for each in here.reports.iterdir()}
    assert here.run(FIGURE, ("extension=3", "extension=0")) == []
    assert written == {each: each.read_bytes() for each in here.reports.iterdir()}
    assert "all 10 runs are at hand" in here.told()


def test_a_model_that_takes_its_shape_from_the_data_has_a_page_like_another(
    tmp_path, monkeypatch
):
    here = Workplace(tmp_path, InProcess())
    usual = *SOFTMAX, ("extension=3", "extension=0")
    shaped = (
        *usual,
        ("def model()", "def model(shape, classes)"),
        ("mlp(64, (), 10)", "mlp(shape, (), classes)"),
    )
    with monkeypatch.context() as patch:
        patch.setattr(loop, "Stack", numpy_stack.Stack)
        here.run(*usual)
        written = (here.reports / "results.csv").read_bytes()
        here.forget()
        finding = here.write(*shaped)
        here.run_entry(finding)
    assert (here.reports / "results.csv").read_bytes() == written
    assert {"shape", "classes"} <= {*here.provenance()["parts"]}
    assert states.say(finding, here.pages, STANDARD).state == states.UP_TO_DATE
    page = load_page(finding, here.reports, STANDARD)
    facts = dict(protocol(page).facts)
    assert facts["`shape`"] == "(64,), from the data"
    assert facts["`classes`"] == "10, from the data"
    assert here.runner().network(finding, STANDARD, {"rate": "fast"})


@pytest.mark.slow
def test_a_notebook_s_table_is_the_page_s_with_the_fresh_seeds(tmp_path):
    here = Workplace(tmp_path, InProcess())
    # So much alike that three seeds leave it open.
    alike = ('"slow": 0.01', '"slow": 0.49'), ("delta=1,", "delta=0.001,")
    finding = here.write(*alike, ("replicates=5", "replicates=3"))
    assert replicates(here.run_entry(finding)) == [(0, 1, 2), (3, 4, 5)]
    told = []
    table = study.lab.run(finding.definition, say=told.append)
    assert tabulate.to_csv(table) == (here.reports / "results.csv").read_bytes()
    assert sorted(table["replicate"].unique()) == [*range(6)]
    assert any("3 fresh ones decide" in each for each in told)


def test_findings_are_run_one_after_another_and_each_has_its_page(place):
    here = place()
    findings = [here.write(name="steps"), here.write(name="others")]
    here.runner().run(findings, STANDARD, here.pages)
    assert here.table().equals(here.table(name="others"))


def test_figures_are_drawn_by_who_trains_and_again_only_after_training(place):
    here = place()
    finding = here.write(FIGURE)
    here.run_entry(finding)
    figure = here.reports / "curves.svg"
    page = load_page(finding, here.reports, "standard")
    assert drawing.drawings(page) == {figure.name: figure.read_bytes()}
    figure.unlink()
    here.run_entry(finding)
    assert not figure.exists()  # no table changed: whoever renders the page draws it
    here.run(FIGURE, ("replicates=5", "replicates=6"))
    assert figure.exists()


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
    told = "unresolved at 5 seeds: d1-01; 3 fresh ones decide" in here.told()
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


def test_drafts_have_seeds_and_overrides_of_their_own(place):
    here = place()
    (draft,) = here.run(profile="smoke")
    assert (draft.stage, draft.replicates) == ("draft", (0, 1))
    assert here.provenance()["profile"] == "smoke"
    (judging,) = here.run(("replicates=5", "replicates=2"), ("steps=20", "steps=12"))
    assert (judging.stage, judging.replicates) == ("judge", (0, 1))


CHANGED = [
    (("delta=1,", "delta=0.5,"), "the rule of d1-01"),
    (("steps=20", "steps=21"), "`steps`"),
    (("batch_size=7", "batch_size=8"), "`batch_size`"),
    (("train=30", "train=31"), "`train`"),
]


@pytest.mark.parametrize(("edit", "named"), CHANGED, ids=[each for _, each in CHANGED])
def test_what_changed_after_replicates_were_seen_is_refused_until_they_are_spent(
    tmp_path, monkeypatch, capsys, edit, named
):
    monkeypatch.chdir(tmp_path)
    here = Workplace(tmp_path, Answers(losses(clear)))
    folder = tmp_path / "experiments"
    path = tiny_study.write(folder, "steps", FILE)
    here.run_entry(registry.load(path))
    before = here.table()
    path.write_text(FILE.replace(*edit))
    with pytest.raises(StudyError) as error:
        here.run_entry(registry.load(path))
    assert here.progress.trained() == []
    message = str(error.value)
    assert message.startswith(f"{path}: expected fresh replicates")
    assert f"Received: {named}, and replicates 0 to 4 again" in message
    assert "\n" not in message
    assert here.table().equals(before)

    (told,) = re.findall(r"`python -m study (spend .*? --why) \.\.\.`", message)
    assert command.main([*told.split(), "what judges was changed"]) == 0
    assert "replicates 0 to 7 of steps are spent; 8 is" in capsys.readouterr().out
    assert replicates(here.run_entry(registry.load(path))) == [(8, 9, 10, 11, 12)]
    assert sorted(here.table()["replicate"].unique()) == [*range(8, 13)]
    assert here.run_entry(registry.load(path)) == []


def test_all_that_was_seen_is_spent_where_fewer_replicates_judge_now(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    here = Workplace(tmp_path, Answers(losses(clear)))
    path = tiny_study.write(tmp_path / "experiments", "steps", FILE)
    here.run_entry(registry.load(path))
    fewer = FILE.replace("replicates=5", "replicates=2")
    path.write_text(fewer.replace("extension=3", "extension=0"))
    assert command.main(["spend", "steps", "--why", "a rule"]) == 0
    assert "replicates 0 to 7 of steps are spent; 8 is" in capsys.readouterr().out


@pytest.mark.parametrize(
    "edit",
    [
        ('title="Steps"', 'title="Large steps"'),
        ("extension=3", "extension=4"),
        ("replicates=5", "replicates=6"),
        NO_CLAIMS,
        ('"d1-01",', '"d1-02",'),
    ],
    ids=["title", "extension", "replicates", "no claim", "a claim that is new"],
)
def test_what_does_not_judge_otherwise_needs_no_fresh_replicates(place, edit):
    here = place()
    here.run()
    here.run(edit)
    assert here.table()["replicate"].min() == 0


def test_a_draft_may_be_changed_as_often_as_one_likes(place):
    here = place()
    here.run(profile="smoke")
    for edit, _ in CHANGED:
        here.run(edit, profile="smoke")
    assert here.provenance()["profile"] == "smoke"
