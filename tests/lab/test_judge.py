"""Judgment: who judges what, at which level."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from tiny_study import experiment

from study.lab import judge
from study.lab.declare.definition import Claim
from study.lab.declare.measures import (
    Column,
    FinalLoss,
    FirstStepSolved,
    ValidationError,
)
from study.lab.declare.scale import Size
from study.lab.declare.simulation import Simulation
from study.lab.rules.verdicts import Cited, Exact, Greater, Shape

SLOW, FAST = {"learning_rate": "slow"}, {"learning_rate": "fast"}
FIRST, FRESH = 6, 4


def claim(id="d1-01", measure="final_loss", delta=1.0, **changes):
    rule = Greater(measure=measure, arm=SLOW, than=FAST, delta=delta)
    return Claim(id, rule, **changes)


def definition(*claims, **changes):
    fields = {
        "claims": claims or (claim(),),
        "vary": {"learning_rate": {"slow": 0.01, "fast": 0.5}},
        "replicates": FIRST,
        "extension": FRESH,
        "measures": (FinalLoss(), ValidationError()),
    }
    return experiment(**fields | changes)


def table(differences, measure="final_loss"):
    """Return one pair of runs a difference: 5 + d and 5."""
    n = len(differences)
    return pd.DataFrame(
        {
            "learning_rate": ["slow"] * n + ["fast"] * n,
            "replicate": [*range(n)] * 2,
            "diverged": pd.array([None] * 2 * n, "Int64"),
            measure: np.concatenate([5 + np.array(differences), np.full(n, 5.0)]),
        }
    )


CLEAR = [2.0, 2.1, 1.9, 2.0, 2.2, 1.8]
OPEN = [4.0, -3.0, 4.0, -3.0, 4.0, -3.0]
AGAINST = [-2.0, -2.1, -1.9, -2.0]


def words(defined, rows):
    return [verdict.word for _, verdict in judge.judge_all(defined, rows)]


@pytest.mark.parametrize(
    ("first", "fresh", "word", "read"),
    [
        (CLEAR, [], "reproduced", FIRST),
        (CLEAR, AGAINST, "reproduced", FIRST),
        (OPEN, [], "unresolved", FIRST),
        (OPEN, CLEAR[:FRESH], "reproduced", FRESH),
        (OPEN, AGAINST, "contradicted", FRESH),
        (OPEN, OPEN[:FRESH], "unresolved", FRESH),
    ],
    ids=[
        "settled by the first",
        "settled, whatever the fresh ones say",
        "open, none fresh",
        "fresh ones reproduce",
        "fresh ones contradict",
        "open still",
    ],
)
def test_fresh_replicates_alone_judge_what_the_first_left_open(
    first, fresh, word, read
):
    ((_, verdict),) = judge.judge_all(definition(), table(first + fresh))
    assert (verdict.word, verdict.replicates) == (word, read)


def test_each_claim_is_judged_by_its_own_replicates():
    rows = table(CLEAR + AGAINST)
    rows["validation_error"] = table(OPEN + AGAINST)["final_loss"]
    both = definition(claim(), claim("d1-02", "validation_error"))
    assert words(both, rows) == ["reproduced", "contradicted"]


def test_the_first_replicates_are_those_from_the_number_that_is_declared():
    rows = table(OPEN + AGAINST).assign(replicate=[*range(40, 50)] * 2)
    assert words(definition(first_replicate=40), rows) == ["contradicted"]
    assert words(definition(first_replicate=46, replicates=4), rows) == ["contradicted"]


def test_undecided_are_the_comparisons_that_are_open():
    both = definition(claim(), claim("d1-02", "validation_error"))
    rows = table(CLEAR).assign(validation_error=table(OPEN)["final_loss"])
    rule = both.claims[1].verdict
    assert judge.undecided_all(both, rows) == {"d1-02": [rule]}
    assert judge.undecided_all(definition(), table(OPEN))
    assert not judge.undecided_all(definition(), table(CLEAR))
    assert not judge.undecided_all(definition(claims=()), table(OPEN))


def test_what_is_contradicted_at_its_scale_calls_for_no_fresh_seeds():
    scaled = definition(claim(source_size=Size(steps=10**6)))
    against = table([-each for each in CLEAR])
    assert words(scaled, against) == ["unresolved (scaled)"]
    assert not judge.undecided_all(scaled, against)
    assert judge.undecided_all(scaled, table(OPEN))


def shape():
    """Return a definition whose claim has two parts, of a loss and of an error."""
    parts = claim().verdict, claim(measure="validation_error").verdict
    return definition(Claim("d1-01", Shape(*parts)))


@pytest.mark.parametrize(
    ("fresh", "word", "read"),
    [
        ([1.7, 2.3, 2.0, 2.0], "reproduced", FRESH),
        (AGAINST, "contradicted", FRESH),
        (OPEN[:FRESH], "unresolved", FRESH),
    ],
)
def test_fresh_replicates_judge_the_open_parts_of_a_shape_and_no_others(
    fresh, word, read
):
    # what the first settled is not asked again, whatever the fresh ones say of it
    rows = table(CLEAR + AGAINST)
    rows["validation_error"] = table(OPEN + fresh)["final_loss"]
    defined = shape()
    part = defined.claims[0].verdict.comparisons[1]
    assert judge.undecided_all(defined, rows) == {"d1-01": [part]}
    ((_, verdict),) = judge.judge_all(defined, rows)
    assert (verdict.word, verdict.replicates) == (word, read)


def test_a_shape_of_which_a_part_is_contradicted_calls_for_no_fresh_seeds():
    rows = table([-each for each in CLEAR])
    rows["validation_error"] = table(OPEN)["final_loss"]
    assert not judge.undecided_all(shape(), rows)


def test_an_open_comparison_whose_fresh_runs_are_not_all_there_is_unresolved():
    ((_, verdict),) = judge.judge_all(definition(), table(OPEN + CLEAR[:1]))
    assert (verdict.word, verdict.reason) == ("unresolved", "a program failed")


def test_compared_are_the_cells_that_a_rule_names_with_whatever_else_varies():
    labels = "slow", "fast", "faster"
    cells = [{"learning_rate": rate, "units": n} for rate in labels for n in (3, 5)]
    assert judge.compared([claim().verdict], cells) == cells[:4]
    assert judge.compared([], cells) == []


def half_width(*claims):
    verdict = judge.judge_all(definition(*claims), table(CLEAR))[0][1]
    return verdict.upper - verdict.lower


def test_every_claim_that_reads_the_table_widens_the_intervals_and_a_citation_none():
    cited = Claim("d1-02", Cited(source="A 2020"))
    assert half_width(claim(), cited) == half_width(claim())
    assert half_width(claim(), claim("d1-02")) > half_width(claim())


def test_a_page_of_citations_needs_no_rows():
    cited = definition(Claim("d1-02", Cited(source="A 2020", correct=False)))
    assert words(cited, table(CLEAR)) == ["miscited"]


def test_verdicts_stand_in_the_order_of_the_claims():
    claims = [claim("d1-02"), Claim("d1-01", Cited(source="A"))]
    judged = judge.judge_all(definition(*claims), table(CLEAR))
    assert [each for each, _ in judged] == claims


def test_units_censoring_and_scale_of_the_definition_reach_the_verdict():
    error = definition(claim(measure="validation_error", source_size=Size(steps=10**6)))
    ((_, verdict),) = judge.judge_all(error, table(CLEAR, "validation_error"))
    assert (verdict.word, verdict.unit) == ("reproduced at this scale", "%")
    # Of a censored count the median decides: one wild pair does not move it.
    steps = definition(
        claim(measure="first_step_solved"),
        measures=(FirstStepSolved(),),
        batch_size=None,
    )
    wild = [*CLEAR, 2.0, 900.0]
    rows = table(wild, "first_step_solved")
    steps = dataclasses.replace(steps, replicates=len(wild))
    ((_, verdict),) = judge.judge_all(steps, rows)
    assert (verdict.word, verdict.effect) == ("reproduced", 2.0)


def test_a_claim_whose_runs_are_not_all_there_is_unresolved_and_says_why():
    rows = table(CLEAR)
    ((_, verdict),) = judge.judge_all(definition(), rows.iloc[:-1])
    assert verdict.word == "unresolved"
    assert "failed" in verdict.reason


def test_a_claim_does_not_mind_that_other_claims_lack_runs():
    rows = table(CLEAR)
    rows["units"] = 5
    other = rows.assign(units=3).iloc[1:]
    vary = {"units": (5, 3), "learning_rate": {"slow": 0.01, "fast": 0.5}}
    claims = [
        Claim(
            id,
            Greater(
                measure="final_loss",
                arm={"units": units, **SLOW},
                than={"units": units, **FAST},
                delta=1.0,
            ),
        )
        for id, units in (("d1-01", 5), ("d1-02", 3))
    ]
    judged = words(definition(*claims, vary=vary), pd.concat([rows, other]))
    assert judged == ["reproduced", "unresolved"]


@pytest.mark.parametrize(("gap", "word"), [(0.5, "exact"), (0.6, "refuted")])
def test_a_simulation_is_judged_from_all_its_rows(gap, word):
    facts = Simulation(
        title="facts",
        claims=(Claim("d1-01", Exact(measure="gap", where={}, tolerance=0.5)),),
        run=lambda: None,
        measures=(Column("gap"),),
    )
    assert words(facts, pd.DataFrame({"gap": [0.0, gap, 0.1]})) == [word]
