"""Judged claims: the words around a verdict are those of its numbers."""

from dataclasses import replace

import numpy as np
import pytest

from study.lab.declare.definition import Claim
from study.lab.declare.lectures import Lectures, Slide
from study.lab.declare.measures import Gap, TrainError
from study.lab.declare.profiles import PROFILES
from study.lab.judge import judge_all
from study.lab.rules.verdicts import (
    Band,
    Cited,
    Equivalent,
    Greater,
    Level,
    Lowers,
    Rate,
    Shape,
)
from study.lab.show.book import Book
from study.lab.show.claims import level
from study.lab.show.noise import noise_floor

ARM, THAN = {"depth": 3}, {"depth": 1}
DEEP, FLAT = ({"start": "big", **each} for each in (ARM, THAN))


def judged(page, ledger):
    return Book(ledger).claims(page)


def test_every_claim_of_the_page_has_the_verdict_that_judging_gives(page, ledger):
    expected = judge_all(page.definition, page.table)
    found = judged(page, ledger)
    assert [(each.claim, each.verdict) for each in found] == expected
    assert [each.text for each in found[:2]] == [
        ledger["t-01"].claim,
        ledger["t-02"].claim,
    ]


def test_a_claim_tells_its_lines_where_no_slides_are_known(page, ledger):
    places = [each.place for each in judged(page, ledger)]
    assert places == ["line 3", "lines 4, 6", "lines 5-9", "line 10"]


def test_a_claim_tells_its_slide_where_slides_are_known(page, ledger):
    known = Lectures([Slide("t", "", 1, "", "Nets"), Slide("t", "", 5, "Deep", "XOR")])
    slides = {id: replace(row, lectures=known) for id, row in ledger.items()}
    first, _, third, _ = judged(page, slides)
    assert (first.place, third.place) == ("slide “Nets”", "Deep, slide “XOR”")


def test_a_smoke_run_judges_nothing(page, ledger):
    found = judged(replace(page, profile=PROFILES["smoke"]), ledger)
    assert {each.word for each in found} == {"not yet judged"}
    assert {each.effect for each in found} == {""}


def test_a_claim_outside_the_ledger_brings_its_own_text(page, declare, ledger):
    claim = Claim("mine", verdict=Cited(source="me"), text="It is so.")
    changed = declare.experiment(claims=(claim,))
    (found,) = judged(replace(page, definition=changed), ledger)
    assert (found.text, found.lecture, found.place) == ("It is so.", "", "")


def test_errata_stand_at_their_claim_whatever_its_word(page, ledger):
    faster, slower = page.table.copy(), page.table.copy()
    slower["first_step_solved"] = 50.0 + 100 * slower["depth"]
    for table, word in ((faster, "contradicted"), (slower, "reproduced")):
        found = judged(replace(page, table=table), ledger)[2]
        assert (found.word, [each.id for each in found.errata]) == (word, ["E1"])


def test_what_fresh_seeds_judged_is_told(page, declare, ledger):
    definition = declare.experiment(replicates=2, extension=8)
    found = judged(replace(page, definition=definition), ledger)
    assert [each.id for each in found if each.fresh]
    for each in found:
        if each.fresh:
            assert each.verdict.replicates == 8
            assert each.fresh == "it"
    assert not [each for each in judged(page, ledger) if each.fresh]


def test_of_a_shape_the_parts_are_told_that_fresh_seeds_judged(page, ledger):
    found = judged(page, ledger)[0]
    parts = (
        Greater(measure="m", arm=ARM, than=THAN, delta=0.5),
        Equivalent(measure="m", arm=ARM, than=THAN, margin=0.5, because="a test"),
        Rate(measure="m", arm=ARM, above=0.5),
    )
    shape = replace(found, claim=Claim("t", Shape(*parts)), left_open=parts[::2])
    assert shape.fresh == "(1), (3)"


def test_the_level_is_simultaneous_over_the_claims_that_are_not_citations(page):
    assert level(page.definition) == pytest.approx(100 - 5 / 3)


def with_gap(page):
    measures = (*page.definition.measures, TrainError(), Gap())
    return replace(page, definition=replace(page.definition, measures=measures))


def test_the_noise_floor_is_that_of_a_binomial_on_the_test_images(page):
    floor = noise_floor(page, "test_error", 2.0)
    assert floor == pytest.approx(196 * np.sqrt(0.02 * 0.98 / 10_000))
    assert noise_floor(page, "solved", 1.0) is None
    assert noise_floor(with_gap(page), "gap", -2.0) is None


@pytest.mark.parametrize(
    ("rule", "bound"),
    [
        (Band(measure="test_error", arm=DEEP, than=FLAT, low=2, high=3), "band 2 to 3"),
        (Level(measure="test_error", arm=DEEP, below=5), "threshold 5"),
        (Lowers(measure="test_error", arm=DEEP, than=FLAT), "matters from 1.1"),
    ],
)
def test_the_bound_of_a_rule_is_told_by_what_it_is(page, ledger, rule, bound):
    claim = replace(page.definition.claims[1], verdict=rule)
    definition = replace(page.definition, claims=(claim,))
    (found,) = judged(replace(page, definition=definition), ledger)
    assert found.bound == bound
    assert found.unit == ("points" if isinstance(rule, Level) else "times")


def test_effect_and_bound_are_printed_apart_from_each_other(page, ledger):
    rate, less, slower, cited = judged(page, ledger)
    assert rate.effect.startswith("1.00")
    assert rate.bound == "threshold 0.5"
    assert (less.unit, less.bound[:13]) == ("points", "matters from ")
    assert slower.unit == "steps"
    assert (cited.effect, cited.bound) == ("", "")
