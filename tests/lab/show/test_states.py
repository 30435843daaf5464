"""States of pages: remembered while nothing changed, said anew after any change."""

import sys
from pathlib import Path

import pytest
import tiny_study
from answers import workers
from tiny_facts import FILE
from workplace import clear, losses, unclear

from study.lab import machine
from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.execute import supervisor
from study.lab.execute.command import main
from study.lab.show import states
from study.lab.train import tabulate

REPORTS = Path("reports")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder of one definition, whose page's state was said."""
    monkeypatch.chdir(tmp_path)
    tiny_study.write(tmp_path / "experiments", "facts", FILE)
    folder = Path("experiments")
    assert states.recall(folder, REPORTS) == {"facts": states.NOT_RUN}
    return folder


@pytest.fixture
def said(monkeypatch):
    """Count how often states are said anew."""
    times, load_all = [], registry.load_all

    def noted(folder):
        times.append(folder)
        return load_all(folder)

    monkeypatch.setattr(registry, "load_all", noted)
    return times


def test_what_was_said_is_remembered(folder, said):
    assert states.recall(folder, REPORTS) == {"facts": states.NOT_RUN}
    assert said == []


def change_definition(folder, monkeypatch):
    with (folder / "facts.py").open("a") as file:
        file.write("CHANGED = True\n")


def add_definition(folder, monkeypatch):
    tiny_study.write(folder, "fresh", FILE.replace("d1-01", "d1-02"))


def change_record(folder, monkeypatch):
    (REPORTS / "facts").mkdir(parents=True)
    (REPORTS / "facts" / "provenance.json").write_text('{"fingerprint": {}}')


def spend_replicates(folder, monkeypatch):
    (folder / "spent.csv").write_text("finding,first,last,why\nfacts,0,9,a rule\n")


def change_source(folder, monkeypatch):
    source = Path("somewhere", "study", "lab", "train", "provenance.py")
    source.parent.mkdir(parents=True)
    source.write_text("changed = True\n")
    front = source.parents[2] / "__init__.py"
    monkeypatch.setattr(states.study, "__file__", str(front))


def change_backend(folder, monkeypatch):
    monkeypatch.setattr(machine, "BACKEND", "jax")


def change_keras(folder, monkeypatch):
    monkeypatch.setattr(states, "version", lambda name: "99")


@pytest.mark.parametrize(
    "change",
    [
        change_definition,
        add_definition,
        change_record,
        spend_replicates,
        change_source,
        change_backend,
        change_keras,
    ],
)
def test_after_a_change_states_are_said_anew(folder, said, monkeypatch, change):
    change(folder, monkeypatch)
    found = states.recall(folder, REPORTS)
    assert len(said) == 1
    assert found.keys() == registry.load_all(folder).keys()


@pytest.mark.parametrize(
    "damage", ["", "[]", '{"of": 1}', "null", '{"findings": {"facts": 1}, "bare": {}}']
)
def test_what_is_damaged_is_said_anew(folder, said, damage):
    states.REMEMBERED.write_text(damage)
    assert states.recall(folder, REPORTS) == {"facts": states.NOT_RUN}
    assert len(said) == 1
    assert states.recall(folder, REPORTS) == {"facts": states.NOT_RUN}
    assert len(said) == 1


def test_a_page_whose_definition_changed_is_stale(folder):
    change_record(folder, None)
    (state,) = states.recall(folder, REPORTS).values()
    assert state.startswith("stale: changed since it ran: the way in which")


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (clear, states.UP_TO_DATE),
        (unclear, "stale: changed since it ran: what calls for fresh seeds"),
    ],
    ids=["clear", "unclear"],
)
def test_a_page_is_stale_whose_rules_call_for_seeds_that_it_has_not(
    place, answer, state
):
    here = place(losses(answer))
    finding, profile = here.write(), PROFILES["standard"]
    here.run_entry(finding)
    assert states.say(finding, here.pages, profile).state == states.UP_TO_DATE
    table = here.table()
    first = table[table["replicate"].isin(finding.definition.first)]
    assert (len(first) < len(table)) == (answer is unclear)
    record = {**here.provenance()}
    del record["tables"]
    tabulate.save(here.reports, {"results": first}, record)
    assert states.say(finding, here.pages, profile).state == state
    smoke = PROFILES["smoke"]
    here.run_entry(finding, "smoke")
    assert states.say(finding, here.pages, smoke).state == states.UP_TO_DATE


@pytest.fixture
def two(tmp_path, monkeypatch, said):
    """Return a folder of two findings that were run, one of which uses a module."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(supervisor, "Workers", workers)
    monkeypatch.syspath_prepend(tmp_path)
    Path("gaps_of_two.py").write_text("GAPS = [0.0, 0.25]\n")
    tiny_study.write(Path("experiments"), "plain", FILE.replace("d1-01", "d1-02"))
    text = FILE.replace("import pandas", "import gaps_of_two\nimport pandas")
    text = text.replace("[0.0, 0.25]", "gaps_of_two.GAPS")
    tiny_study.write(Path("experiments"), "using", text)
    assert main(["run"]) == 0
    said.clear()
    yield Path("experiments")
    sys.modules.pop("gaps_of_two")


def edit(path, before, after):
    text = Path(path).read_text()
    assert before in text
    Path(path).write_text(text.replace(before, after))


def test_comments_and_docstrings_leave_what_was_said(two, said):
    edit(two / "using.py", "def run():", "# A comment.\ndef run():")
    edit(two / "plain.py", '"""One sentence."""', '"""Another sentence."""')
    edit("gaps_of_two.py", "GAPS", '"""Gaps."""\nGAPS')
    assert {*states.recall(two, REPORTS).values()} == {states.UP_TO_DATE}
    assert said == []


def test_a_change_of_code_has_only_those_said_anew_that_read_it(two, monkeypatch):
    edit("gaps_of_two.py", "0.25", "0.35")
    names, say = [], states.say

    def noted(finding, *arguments):
        names.append(finding.name)
        return say(finding, *arguments)

    monkeypatch.setattr(states, "say", noted)
    found = states.recall(two, REPORTS)
    assert names == ["using"]
    assert found["plain"] == states.UP_TO_DATE
    assert found["using"].startswith("stale: changed since it ran: ")
