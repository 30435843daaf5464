"""Judged claims: the words around a verdict are those of its numbers."""

from dataclasses import replace

import numpy as np
import pytest

from study.lab.declare.experiment import Claim
from study.lab.declare.lectures import Lectures, Slide
from study.lab.declare.measures import Gap, TrainError
from study.lab.declare.profiles import PROFILES
from study.lab.judge import FAILED, judge_all
from study.lab.rules.summaries import JOIN
from study.lab.rules.verdicts import (
    Cited,
    Equivalent,
    Exact,
    Greater,
    Rate,
    Shape,
    Verdict,
)
from study.lab.rules.words import Word
from study.lab.show.book import Book
from study.lab.show.claims import level, outlook
from study.lab.show.noise import noise_floor

ARM, THAN = {"depth": 3}, {"depth": 1}
GREATER = Greater(measure="m", arm=ARM, than=THAN, delta=0.5)
LESS_THAN_HALF = Rate(measure="m", arm=ARM, below=0.5)
MORE_THAN_HALF = Rate(measure="m", arm=ARM, above=0.5)
SAME = Equivalent(measure="m", arm=ARM, than=THAN, margin=0.5)


def verdict(word, lower=0.1, upper=0.9, **fields):
    numbers = {"effect": (lower + upper) / 2, "lower": lower, "upper": upper}
    return Verdict(**({"word": Word(word), "delta": 0.5} | numbers | fields))


def judged(page, ledger):
    return Book(ledger).claims(page)


def said(rule, found, **fields):
    decides = rule.comparisons[0] if isinstance(rule, Shape) else rule
    return outlook(Claim("t", verdict=rule, **fields), replace(found, rule=decides))


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


def test_a_claim_and_an_erratum_tell_their_slide_where_slides_are_known(page, ledger):
    known = Lectures([Slide("t", "", 1, "", "Nets"), Slide("t", "", 5, "Deep", "XOR")])
    slides = {id: replace(row, lectures=known) for id, row in ledger.items()}
    first, _, third, _ = judged(page, slides)
    assert (first.place, third.place) == ("slide “Nets”", "Deep, slide “XOR”")
    (erratum,) = page.definition.errata
    assert third.where(replace(erratum, where="t:9")) == "t: Deep, slide “XOR”"


def test_a_smoke_run_judges_nothing(page, ledger):
    found = judged(replace(page, profile=PROFILES["smoke"]), ledger)
    assert {each.word for each in found} == {"not yet judged"}
    assert {each.effect for each in found} == {""}


def test_a_claim_outside_the_ledger_brings_its_own_text(page, declare, ledger):
    claim = Claim("mine", verdict=Cited(source="me"), text="It is so.")
    changed = declare.experiment(claims=(claim,), errata=())
    (found,) = judged(replace(page, definition=changed), ledger)
    assert (found.text, found.lecture, found.place) == ("It is so.", "", "")


def test_only_errata_whose_claim_came_out_against_the_lecture_are_confirmed(
    page, ledger
):
    faster, slower = page.table.copy(), page.table.copy()
    slower["first_step_solved"] = 50.0 + 100 * slower["depth"]
    for table, word, errata in ((faster, "contradicted", 1), (slower, "reproduced", 0)):
        found = judged(replace(page, table=table), ledger)[2]
        assert (found.word, len(found.errata)) == (word, errata)


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
    parts = GREATER, SAME, MORE_THAN_HALF
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


def test_effect_and_bound_are_printed_apart_from_each_other(page, ledger):
    rate, less, slower, cited = judged(page, ledger)
    assert rate.effect.startswith("1.00")
    assert rate.bound == "threshold 0.5"
    assert (less.unit, less.bound[:4]) == ("points", "δ = ")
    assert slower.unit == "steps"
    assert (cited.effect, cited.bound) == ("", "")


@pytest.mark.parametrize(
    ("rule", "found", "words"),
    [
        (
            GREATER,
            verdict("contradicted", -0.9, 0.1),
            "upper end, 0.1, reached δ = 0.5",
        ),
        (GREATER, verdict("reproduced"), "lower end, 0.1, fell to 0; contradicted"),
        (GREATER, verdict("unresolved", -0.9), "lower end, −0.9, rose above 0"),
        (MORE_THAN_HALF, verdict("reproduced", 0.6), "lower end, 0.60, reached 0.5"),
        (MORE_THAN_HALF, verdict("contradicted", 0.1, 0.4), "upper end, 0.40, reached"),
        (LESS_THAN_HALF, verdict("reproduced", 0.1, 0.4), "upper end, 0.40, reached"),
        (LESS_THAN_HALF, verdict("unresolved"), "upper end, 0.9, crossed 0.5"),
        (SAME, verdict("reproduced", -0.1, 0.1), "left ±0.5; contradicted if all"),
        (SAME, verdict("contradicted", 0.6), "reached into ±0.5"),
        (SAME, verdict("unresolved"), "lay inside ±0.5"),
        (Shape(GREATER), verdict("reproduced", reason=GREATER.claim()), "It hangs on"),
        (Cited(source="s"), Verdict(word=Word.CITED), "reading of the source"),
        (GREATER, FAILED, "The runs that are missing."),
    ],
)
def test_what_would_change_a_verdict_is_said(rule, found, words):
    assert words in said(rule, found)


def test_an_exact_fact_says_which_deviation_would_turn_it():
    rule = Exact(measure="m", where={}, tolerance=0.5)
    assert said(rule, verdict("exact")) == "Refuted if a deviation exceeded 0.5"
    assert said(rule, verdict("refuted")) == "Exact if no deviation exceeded 0.5"


def test_an_unresolved_claim_tells_the_seeds_that_would_settle_it():
    assert said(GREATER, verdict("unresolved", seeds=1234)).endswith(
        "About 1,234 seeds like these would settle it."
    )
    assert "No number of seeds" in said(GREATER, verdict("unresolved"))


def test_a_claim_scaled_down_is_sent_back_to_its_own_setting():
    found = verdict(Word.UNRESOLVED_SCALED, unscaled=Word.CONTRADICTED)
    text = said(GREATER, found, scaled="images")
    assert "(images)" in text
    assert "own setting" in text


def test_ends_that_look_like_their_bound_are_told_apart():
    text = said(GREATER, verdict("reproduced", 0.0004, 0.9))
    assert "0.0004" in text
    assert JOIN not in text
