"""Provenance: a page says what it is made of, and what has changed since is named."""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import tiny_study

from study.lab import data, machine
from study.lab.declare.bounds import Bound
from study.lab.declare.closure import read
from study.lab.declare.definition import Claim
from study.lab.declare.measures import Column, FinalLoss, MeanLoss, TestError
from study.lab.declare.profiles import PROFILES
from study.lab.declare.simulation import Simulation
from study.lab.figures import Points
from study.lab.rules.verdicts import Greater
from study.lab.train import provenance, tabulate

STANDARD = PROFILES["standard"]


def claim(delta):
    rule = Greater(
        measure="final_loss",
        arm={"units": 5, "learning_rate": "slow"},
        than={"units": 3, "learning_rate": "slow"},
        delta=delta,
    )
    return (Claim("d1-01", rule),)


def recorded(tuned=(), **changes):
    """Return what stands beside the tables of an experiment that was run."""
    from study.lab.train import plan

    definition = tiny_study.experiment(**changes)
    cells = [{**each, **dict(tuned)} for each in plan.cells(definition.vary)]
    tried = plan.trials(definition)
    made = provenance.made_of(definition, STANDARD, cells, tried)
    return json.loads(json.dumps(made | {"failed": []}))


def stale(before, source=None, **changes):
    definition = tiny_study.experiment(**changes)
    return provenance.staleness(definition, STANDARD, before, source)


RATES = {"slow": 0.01, "fast": 0.5}


def test_what_a_machine_was_set_to_hides_no_setting_that_was_declared(monkeypatch):
    monkeypatch.setattr(machine, "DEVICE", "gpu")
    monkeypatch.setattr(machine, "_processor", lambda: "a card")
    made = provenance.made_of(tiny_study.experiment(), STANDARD)
    assert "settings" in made
    assert not {*machine.place(1)} & {*made}


def test_nothing_is_stale_that_did_not_change():
    assert stale(recorded()) == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "words"},
        {"claims": claim(1)},
        {"figures": (Points("final_loss", rows="units"),)},
        {"vary": {"learning_rate": RATES, "units": (3, 5)}},
    ],
    ids=["title", "claim", "figure", "order"],
)
def test_words_claims_figures_and_order_make_nothing_stale(changes):
    assert stale(recorded(), **changes) == ""


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"steps": 21}, "steps"),
        ({"batch_size": 8}, "batch_size"),
        ({"data": data.digits(train=30, validation=21)}, "examples"),
        ({"vary": {"units": (5, 3), "learning_rate": RATES | {"slow": 0.02}}}, "value"),
        ({"vary": {"units": (5, 3, 4), "learning_rate": RATES}}, "new: units=4"),
        ({"vary": {"units": (5,), "learning_rate": RATES}}, "swept no more: units=3"),
        ({"vary": {"units": (5, 3)}}, "what is swept"),
        ({"replicates": 3}, "replicates"),
        ({"extension": 4}, "extension"),
        ({"measures": (FinalLoss(), MeanLoss(), TestError())}, "mean_loss"),
        ({"watch": ("validation",)}, "looks"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_tables_depend_on_is_named_when_it_changes(changes, named):
    assert named in stale(recorded(), **changes)


def test_code_that_changed_is_named():
    def source(module):
        text = read(module)
        return (
            text.replace("[activation] *", "[None] *") if "models" in module else text
        )

    assert stale(recorded(), source) == "mlp"


TUNED = {
    "vary": {"units": (5, 3)},
    "tune": {"learning_rate": (0.1, 0.2)},
    "optimizer": tiny_study.optimizer,
}


def test_a_grid_that_tuned_is_part_of_a_page():
    before = recorded(tuned={"learning_rate": 0.2}.items(), **TUNED)
    assert stale(before, **TUNED) == ""
    wider = TUNED | {"tune": {"learning_rate": (0.1, 0.2, 0.4)}}
    assert "learning_rate=0.4" in stale(before, **wider)


def test_what_was_recorded_before_is_stale_and_says_why():
    before = {"fingerprint": {"steps": "0"}}
    assert "the way in which pages say" in stale(before)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"claims": claim(2)}, "the rule of d1-01"),
        ({"claims": claim(1), "steps": 30}, "`steps`"),
        ({"claims": claim(1), "data": data.digits(train=31, validation=20)}, "`train`"),
        ({"claims": claim(1)}, ""),
        ({"claims": ()}, ""),
        ({"claims": claim(2), "first_replicate": 2}, ""),
    ],
    ids=["rule", "setting", "size", "the same", "claim gone", "fresh"],
)
def test_what_changed_on_replicates_that_were_seen_is_told(changes, told):
    before = recorded(claims=claim(1))
    assert provenance.seen(tiny_study.experiment(**changes), before) == told


def test_a_bound_that_is_told_once_its_edge_was_seen_is_a_changed_setting():
    bound = Bound(tuned="learning_rate", label=0.2, because="no larger one is meant")
    before = recorded(tuned={"learning_rate": 0.2}.items(), **TUNED)
    now = tiny_study.experiment(bounds=(bound,), **TUNED)
    assert provenance.seen(now, before) == "`bounds`"
    before = recorded(bounds=(bound,), **TUNED)
    reworded = replace(bound, because="it is the largest")
    assert provenance.seen(replace(now, bounds=(reworded,)), before) == ""


def test_a_new_claim_on_seen_replicates_is_no_changed_rule():
    assert provenance.seen(tiny_study.experiment(claims=claim(2)), recorded()) == ""


def test_a_simulation_s_page_is_stale_by_its_code_and_settings():
    def simulation(run=first, **settings):
        return Simulation(
            title="s", claims=(), run=run, settings=settings, measures=(Column("a"),)
        )

    before = provenance.made_of(simulation(count=1), STANDARD)
    assert provenance.staleness(simulation(count=1), STANDARD, before) == ""
    assert provenance.staleness(simulation(count=2), STANDARD, before)
    other = provenance.staleness(simulation(second, count=1), STANDARD, before)
    assert other == "first, second"


def first(count):
    return count


def second(count):
    return count


def test_tables_are_saved_with_their_checksums_a_line_each(tmp_path):
    tables = {"results": pd.DataFrame({"a": [1.5, np.nan]}), "curves": None}
    (tmp_path / "curves.csv").write_text("old")
    tabulate.save(tmp_path, tables, {"cells": [{"x": 1}, {"x": 2}], "read": {"a": "b"}})
    found = provenance.load(tmp_path)
    content = (tmp_path / "results.csv").read_bytes()
    assert found["tables"] == {"results.csv": hashlib.sha256(content).hexdigest()}
    assert not (tmp_path / "curves.csv").exists()
    text = (tmp_path / provenance.FILE).read_text()
    assert '    {"x": 1},\n    {"x": 2}\n' in text
