"""Doubts: a trained page tells each word at other margins and at half the training."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from study.lab.declare.definition import Claim
from study.lab.declare.measures import FinalLoss, Gap, TrainError
from study.lab.declare.profiles import PROFILES
from study.lab.rules.verdicts import (
    Control,
    Controlled,
    DoesNotRaise,
    Each,
    Less,
    Margin,
    Rate,
)
from study.lab.show.book import Book
from study.lab.show.doubts import doubts
from study.lab.show.page import render_page

LOOKS = (100, 200, 300, 400)
DEEP, FLAT = ({"depth": depth, "start": "a|b"} for depth in (3, 1))
ERRS_LESS = Less(measure="test_error", arm=DEEP, than=FLAT, delta=3)
SOLVES = Rate(measure="solved", arm=DEEP, above=0.5)
LEARNS = Control("deep nets solve it", SOLVES, "more steps")


def judging(page, rule, *measures):
    """Return the page with one claim and more measures."""
    definition = replace(
        page.definition,
        claims=(Claim("t-02", verdict=rule),),
        measures=(*page.definition.measures, *measures),
        steps=LOOKS[-1],
    )
    return replace(page, definition=definition)


def watched(page, late=1.0):
    """Return the page with errors that differ, by how much, in the second half."""
    keys = page.table[["depth", "start", "replicate"]]
    shares = (10 - 2 * keys["depth"] + 0.01 * keys["replicate"]) / 100
    errors = keys.assign(split="validation", **{f"{each}": 0.0 for each in LOOKS})
    errors = errors.rename(columns={f"{each}": each for each in LOOKS})
    for look in LOOKS:
        errors[look] = shares if look <= LOOKS[1] else late * shares
    return replace(page, errors=errors)


def words(page, ledger):
    table = doubts(page, Book(ledger).claims(page))
    return table and [row[1:] for row in table.rows]


def test_a_word_that_hangs_on_its_margin_says_so(page, ledger):
    # the errors are 4 and 8 %: four points apart
    (found,) = words(judging(page, ERRS_LESS), ledger)
    assert found == ("reproduced", "the same", "contradicted", "not kept: `test_error`")


def test_where_a_number_stands_in_place_of_a_margin_the_cell_says_so(page, ledger):
    (found,) = words(judging(page, SOLVES), ledger)
    assert found[1:3] == ("the same: it has no margin",) * 2


@pytest.mark.parametrize(
    ("rule", "number"),
    [(Each(ERRS_LESS, SOLVES), "(2)"), (Controlled(ERRS_LESS, LEARNS), "(C1)")],
    ids=["a part", "a control"],
)
def test_a_part_that_has_no_margin_is_told_by_its_number(page, ledger, rule, number):
    (found,) = words(judging(page, rule), ledger)
    assert found[1] == f"the same; no margin in {number}"


def test_a_factor_is_halved_and_doubled_as_a_factor(page, ledger):
    # the factor is 8 / 4 = 2: beyond 1.5, and within its square, 2.25
    margin = Margin(1.5, "factor", because="of the test")
    rule = DoesNotRaise(measure="test_error", arm=FLAT, than=DEEP, margin=margin)
    (found,) = words(judging(page, rule), ledger)
    assert found[:3] == ("contradicted", "the same", "reproduced")


def test_half_the_training_is_read_off_the_validation_errors_on_the_way(page, ledger):
    for late in (1.0, 0.0):
        judged = watched(judging(page, ERRS_LESS), late)
        assert words(judged, ledger)[0][-1] == "the same"
    turned = watched(judging(page, ERRS_LESS))
    turned.errors[LOOKS[1]] = turned.errors[LOOKS[1]].to_numpy()[::-1]
    assert words(turned, ledger)[0][-1] == "contradicted"


def test_a_run_that_had_diverged_by_then_counts_as_it_does_at_the_end(page, ledger):
    judged = watched(judging(page, ERRS_LESS))
    table = judged.table.copy()
    flat = (table["depth"] == 1) & (table["start"] == "a|b")
    table.loc[flat, "diverged"] = 5
    table.loc[flat, "test_error"] = 90.0
    judged.errors.loc[flat.to_numpy(), [*LOOKS]] = np.nan
    (found,) = words(replace(judged, table=table), ledger)
    assert found == ("reproduced", "the same", "the same", "the same")


def test_counts_that_had_not_come_by_half_never_come(page, ledger):
    sooner = Less(measure="first_step_solved", arm=DEEP, than=FLAT, delta=10)
    judged = judging(page, sooner)
    assert words(judged, ledger)[0][-1] == "the same"
    late = judged.table.assign(
        first_step_solved=np.where(judged.table["depth"] == 3, 300.0, 400.0)
    )
    assert words(replace(judged, table=late), ledger)[0] == (
        *("reproduced", "the same", "the same"),
        "contradicted",
    )


def test_a_gap_is_that_of_validation_and_training(page, ledger):
    rule = Less(measure="gap", arm=DEEP, than=FLAT, delta=1)
    judged = watched(judging(page, rule, TrainError(), Gap()))
    table = judged.table.assign(train_error=0.0, gap=judged.table["test_error"])
    judged = replace(judged, table=table)
    assert words(judged, ledger)[0][-1] == "not kept: `gap`"
    train = judged.errors.assign(split="train")
    train[[*LOOKS]] = 0.0
    both = replace(judged, errors=pd.concat([judged.errors, train]))
    assert words(both, ledger)[0][-1] == "the same"


def test_a_loss_is_that_of_the_curve(page, ledger):
    rule = Less(measure="final_loss", arm=DEEP, than=FLAT, delta=0.1)
    judged = judging(page, rule, FinalLoss())
    table = judged.table.assign(final_loss=1.0 / judged.table["depth"])
    judged = replace(judged, table=table)
    assert words(judged, ledger)[0][1:3] == ("the same", "the same")
    assert words(judged, ledger)[0][-1] in ("the same", "contradicted")
    assert words(replace(judged, curves=None), ledger)[0][-1].startswith("not kept")


def test_pages_that_train_nothing_or_judge_nothing_have_no_such_table(
    page, simulated, ledger
):
    assert words(simulated, ledger) is None
    smoke = replace(judging(page, ERRS_LESS), profile=PROFILES["smoke"])
    assert words(smoke, ledger) is None
    cited = page.definition.claims[-1]
    alone = replace(page.definition, claims=(cited,))
    assert words(replace(page, definition=alone), ledger) is None


def test_it_stands_on_the_page(page, ledger):
    found = render_page(page, Book(ledger))["README.md"].decode()
    table = found.split("## Had it been decided otherwise")[1].split("\n## ")[0]
    stays = "the same: it has no margin"
    row = f"| t-01 | reproduced | {stays} | {stays} | not kept: `solved` |"
    assert row in table


def test_a_claim_whose_runs_are_missing_is_not_doubted(page, ledger):
    lacking = replace(page, table=page.table[page.table["depth"] != 1])
    found = doubts(lacking, Book(ledger).claims(lacking))
    assert [row[0] for row in found.rows] == ["t-01"]
