"""States of pages: remembered while nothing changed, said anew after any change."""

import json
from pathlib import Path

import pytest
import tiny_study
from tiny_facts import FILE

from study.lab import machine, registry, states

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
        file.write("# changed\n")


def add_definition(folder, monkeypatch):
    tiny_study.write(folder, "fresh", FILE.replace("d1-01", "d1-02"))


def change_record(folder, monkeypatch):
    (REPORTS / "facts").mkdir(parents=True)
    (REPORTS / "facts" / "provenance.json").write_text('{"fingerprint": {}}')


def spend_replicates(folder, monkeypatch):
    (folder / "spent.csv").write_text("finding,first,last,why\nfacts,0,9,a rule\n")


def change_source(folder, monkeypatch):
    source = Path("somewhere", "study", "layers.py")
    source.parent.mkdir(parents=True)
    source.write_text("changed = True\n")
    front = source.with_name("__init__.py")
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


@pytest.mark.parametrize("damage", ["", "[]", '{"of": 1}', "null"])
def test_what_is_damaged_is_said_anew(folder, said, damage):
    states.REMEMBERED.write_text(damage)
    assert states.recall(folder, REPORTS) == {"facts": states.NOT_RUN}
    assert len(said) == 1
    assert json.loads(states.REMEMBERED.read_text())["states"] == {
        "facts": states.NOT_RUN
    }


def test_a_page_whose_definition_changed_is_stale(folder):
    change_record(folder, None)
    (state,) = states.recall(folder, REPORTS).values()
    assert state.startswith("stale: changed since it ran: the way in which")
