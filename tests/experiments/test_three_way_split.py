"""The three-way split: its rule stops, and misuse would be seen."""

import numpy as np
import pytest
from modules import module

from study.lab.data import Draws


@pytest.fixture(scope="module")
def split():
    return vars(module("three_way_split"))


@pytest.fixture
def parts(split):
    random = np.random.default_rng(0)
    truth = random.normal(size=split["FEATURES"])
    return {part: split["sample"](random, truth, 60, 0.2) for part in split["PARTS"]}


def test_stopping_takes_the_best_epoch_before_its_patience_ends(split, parts):
    _, scores, best = split["stopping"](parts)
    assert best == int(np.argmin(scores))
    assert len(scores) == best + split["PATIENCE"] + 1


def test_every_part_has_the_role_it_should(split):
    rows = [row for row in split["rows"](Draws("draft"), 0) if row["table"] == "seed"]
    assert len(rows) == 2 * 7 + 2
    assert all(row["deviation"] == 0 for row in rows)


def test_choosing_on_the_test_part_would_be_seen(split, parts, monkeypatch):
    def cheating(parts):
        return split_stopping({**parts, "validation": parts["test"]})

    split_stopping = split["stopping"]
    monkeypatch.setitem(split, "stopping", cheating)
    rows = [row for row in split["rows"](Draws("draft"), 0) if row["table"] == "seed"]
    wrong = {(row["fresh"], row["what"]) for row in rows if row["deviation"] > 0}
    assert wrong == {("validation", "scores"), ("test", "scores")}
