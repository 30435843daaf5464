"""Arms and measures are told in plain words."""

import csv
from pathlib import Path

import pytest

from study.lab.declare import words
from study.lab.rules.plain import MEASURE, Plain
from study.lab.rules.verdicts import (
    Band,
    DoesNotLower,
    DoesNotRaise,
    Equivalent,
    Greater,
    Less,
    Level,
    Lowers,
    Margin,
    Raises,
    Rate,
    Stronger,
)

ROOT = Path(__file__).parents[3]
FILE = ROOT / "experiments" / words.FILE
LABELS, UNITS = {"e": "test error", "s": "solved, at once"}, {"e": "%", "t": "nats"}
TOLD = Plain(LABELS, UNITS, words.read(FILE.parent, "").arms)
NEW, OLD = {"regularizer": "dropout"}, {"regularizer": "L2 + KL sparsity"}
DEEP, FLAT = ({"activation": "ReLU", "depth": each} for each in (20, 1))
ONE = Margin(1, because="a test")
SHARE = Margin(0.1, "share", because="a test")
ARMS = {"arm": NEW, "than": OLD}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            Less(measure="e", **ARMS),
            "test error lower with dropout than with L2 + KL sparsity",
        ),
        (
            Greater(measure="t", arm=DEEP, than=FLAT),
            "t higher at depth 20 than at 1 (with ReLU)",
        ),
        (
            Raises(measure="e", arm=NEW, than=FLAT, margin=ONE),
            "test error higher with dropout than with ReLU at depth 1",
        ),
        (
            Lowers(measure="s", margin=SHARE, **ARMS),
            "fewer runs “solved, at once” with dropout than with L2 + KL sparsity",
        ),
        (
            DoesNotRaise(measure="e", margin=ONE, **ARMS),
            "test error not higher with dropout than with L2 + KL sparsity",
        ),
        (
            DoesNotLower(measure="s", margin=SHARE, **ARMS),
            "no fewer runs “solved, at once” with dropout than with L2 + KL sparsity",
        ),
        (
            Equivalent(measure="e", margin=0.5, because="a test", **ARMS),
            "test error the same with dropout as with L2 + KL sparsity, to within "
            "0.5 points",
        ),
        (
            Band(measure="e", low=2, high=3, **ARMS),
            "test error with dropout 2 to 3 times that with L2 + KL sparsity",
        ),
        (
            Level(measure="t", arm={"start": "zeros"}, above=0.046),
            "t above 0.046 nats with zeros",
        ),
        (Level(measure="e", arm={}, below=5), "test error below 5 %"),
        (
            Rate(measure="s", arm=DEEP, above=0.5),
            "more than half of the runs “solved, at once” with ReLU at depth 20",
        ),
        (
            Rate(measure="s", arm=DEEP, below=0.2),
            "less than 20 % of the runs “solved, at once” with ReLU at depth 20",
        ),
        (
            Rate(measure="s", delta=0.1, **ARMS),
            "more runs “solved, at once” with dropout than with L2 + KL sparsity",
        ),
        (
            Stronger(
                effect=Raises(measure="e", margin=ONE, **ARMS),
                where={"normalization": "none"},
                than={"normalization": "batch"},
            ),
            "test error higher with dropout than with L2 + KL sparsity, and by more "
            "without normalization than with batch normalization",
        ),
    ],
)
def test_a_rule_says_its_claim_in_labels(rule, said):
    assert rule.said(TOLD) == said


@pytest.mark.parametrize(
    ("arm", "told"),
    [
        ({"keep": 0.5, "rate": "own"}, "at keep 0.5 and rate own"),
        ({"batch_size": 2_000}, "at batch size 2,000"),
        ({"train": 500}, "with 500 training images"),
        ({"decay": "none", "depth": 3}, "without decay at depth 3"),
        ({"regularizer": "none"}, "without a regularizer"),
        ({"network": "3 layers of 1,000"}, "with “3 layers of 1,000”"),
        ({"judged": 1.0, "when": "at the start"}, "at the start"),
        ({"own_name": "x"}, "with own name x"),
        ({}, ""),
    ],
)
def test_an_arm_is_told_by_its_labels(arm, told):
    assert TOLD.arm(arm) == told


def test_what_is_held_against_nothing_is_told_so():
    assert TOLD.against("normalization", ["none"]) == "against no normalization"
    assert TOLD.against("depth", [1, 2]) == "against depth 1 and 2"
    assert TOLD.against("start", ["He"]) == "against He"


def test_every_row_is_of_a_name_and_of_a_label_that_a_claim_tells(findings):
    told = {
        (name, str(label))
        for finding in findings.values()
        for arm in _arms(finding.definition)
        for name, label in arm.items()
    }
    swept = {name for name, _ in told}
    told |= {
        (MEASURE, measure)
        for finding in findings.values()
        for claim in finding.definition.claims
        for measure in claim.verdict.measures()
    }
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    names = [row["name"] for row in rows]
    assert names == sorted(names)
    assert {*TOLD.told} - swept == {MEASURE}
    assert {(x["name"], x["label"]) for x in rows if x["label"]} - told == set()
    patterns = (x["told"] for x in rows if not x["label"])
    assert [
        each for each in patterns if each not in ("", "-") and "{}" not in each
    ] == []


def _arms(definition):
    return [arm for claim in definition.claims for arm in claim.verdict.arms()]
