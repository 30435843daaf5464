"""A takeaway fits its page: a text for every outcome, plain, with its numbers."""

from dataclasses import replace

import pandas as pd
import pytest
import tiny_study

from study.lab.declare import registry
from study.lab.declare.definition import Claim
from study.lab.declare.measures import Column
from study.lab.declare.scale import Size
from study.lab.declare.simulation import Simulation
from study.lab.declare.takeaway import Difference, Least, Number, Ratio, Takeaway, check
from study.lab.errors import DefinitionError
from study.lab.rules.verdicts import Cited, Each, Exact, Less, Readings

ARM = {"units": 5, "learning_rate": "slow"}
THAN = {"units": 3, "learning_rate": "slow"}
ERROR = Number("test_error", ARM)
LESS = Less(measure="test_error", arm=ARM, than=THAN)
FACT = Exact(measure="gap", tolerance=0.5)
SAYS = "The error is {error}."
WRONG = Cited(source="Somebody 1999", correct=False)


def told(*levels, text=SAYS, error=ERROR, **more):
    return Takeaway(**dict.fromkeys(levels, text), numbers={"error": error}, **more)


def experiment(rule=LESS, id="d1-01", **more):
    return tiny_study.experiment(claims=(Claim(id, rule),), **more)


def facts(rule=FACT, **more):
    return Simulation(
        title="Facts",
        claims=(Claim("d1-01", rule),),
        run=lambda: pd.DataFrame({"gap": [0.0]}),
        measures=(Column("gap"),),
        **more,
    )


THREE = ("holds", "fails", "open")


@pytest.mark.parametrize(
    ("definition", "levels"),
    [
        (experiment(), THREE),
        (experiment(Each(LESS, LESS)), (*THREE, "depends")),
        (experiment(Each(LESS)), THREE),
        (tiny_study.experiment(), ("shows",)),
    ],
)
def test_a_text_stands_for_each_word_that_may_come_out(definition, levels):
    check(replace(definition, takeaway=told(*levels)))
    for each in levels:
        fewer = [level for level in levels if level != each]
        given = told(*fewer) if fewer else Takeaway()
        with pytest.raises(
            DefinitionError, match=rf"takeaway\.{each}: expected a text"
        ):
            check(replace(definition, takeaway=given))


def test_a_text_for_what_cannot_come_out_is_refused():
    takeaway = told(*THREE, "depends")
    with pytest.raises(DefinitionError, match=r"takeaway\.depends: expected no text"):
        check(experiment(takeaway=takeaway))
    with pytest.raises(DefinitionError, match=r"takeaway\.open: expected no text"):
        check(facts(takeaway=Takeaway(holds="It is.", fails="No.", open="?")))
    with pytest.raises(DefinitionError, match="comes to shows alone"):
        check(tiny_study.experiment(takeaway=told("shows", "holds")))


def test_what_is_scaled_down_cannot_fail_unless_a_larger_size_does():
    claim = Claim("d1-01", LESS, source_size=Size(examples=60))
    small = tiny_study.experiment(claims=(claim,), takeaway=told("holds", "open"))
    check(small)
    large = {"data": replace(small.data, train=60)}
    with pytest.raises(DefinitionError, match=r"takeaway\.fails: expected a text"):
        check(replace(small, paper=large))
    check(replace(small, paper=large, takeaway=told(*THREE)))


@pytest.mark.parametrize(
    ("rule", "levels"),
    [
        (FACT, {"holds", "fails"}),
        (WRONG, {"fails"}),
        (Readings({"a": FACT, "b": FACT}), {"holds", "fails", "depends"}),
        (Readings({"a": FACT, "b": WRONG}), {"fails", "depends"}),
    ],
)
def test_facts_need_no_number_and_are_not_left_open(rule, levels):
    check(facts(rule, takeaway=Takeaway(**dict.fromkeys(levels, "It is so."))))


def test_what_compares_tells_a_number_that_was_measured():
    takeaway = told(*THREE)
    check(experiment(takeaway=takeaway))
    for text in ("It is less.", "Of the claims {held} hold."):
        with pytest.raises(DefinitionError, match=r"fails: expected a number that was"):
            check(experiment(takeaway=replace(takeaway, fails=text)))


def test_a_claim_of_another_page_leads_none():
    with pytest.raises(DefinitionError, match=r"takeaway\.of: .* did you mean 'd1-01'"):
        check(experiment(takeaway=told(*THREE, of="d1-02")))


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (Number("test_err", ARM), "no such measure.*did you mean 'test_error'"),
        (Number("test_error", {"unit": 5}), "not swept.*did you mean 'units'"),
        (Number("test_error", ARM | {"units": 4}), "'units' does not take"),
        (Number("test_error", {"units": 5}), "without 'learning_rate'"),
        (Number("test_error", ARM, unit="points"), "has its unit, %"),
        (Difference(ERROR, Number("test_error", {})), "without 'units'"),
        (Least("test_error", {"unit": 5}), "not swept.*did you mean 'units'"),
    ],
)
def test_a_number_is_of_one_cell_and_one_measure(number, message):
    with pytest.raises(
        DefinitionError, match=rf"takeaway\.numbers\[error\]: .*{message}"
    ):
        check(experiment(takeaway=told(*THREE, error=number)))


def test_a_simulation_has_no_cells_of_which_one_is_the_least():
    takeaway = Takeaway(holds="{n}.", fails="No.", numbers={"n": Least("gap")})
    with pytest.raises(DefinitionError, match="expected a sweep"):
        check(facts(takeaway=takeaway))


def test_a_larger_size_may_have_a_takeaway_of_its_own():
    fewer = {"vary": {"units": (3, 4), "learning_rate": {"slow": 0.01}}}
    rule = Less(measure="test_error", arm=ARM | {"units": 4}, than=THAN)
    own = told(*THREE, error=Number("test_error", ARM | {"units": 4}))
    larger = fewer | {"claims": (Claim("d1-01", rule),), "takeaway": own}
    check(experiment(takeaway=told(*THREE), paper=larger))
    with pytest.raises(DefinitionError, match="'units' does not take"):
        check(
            experiment(takeaway=told(*THREE), paper=larger | {"takeaway": told(*THREE)})
        )
    wrong = larger | {"takeaway": told("holds", error=own.numbers["error"])}
    with pytest.raises(DefinitionError, match=r"takeaway\.fails: expected a text"):
        check(experiment(takeaway=told(*THREE), paper=wrong))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("The error is {erorr}.", "no such number.*did you mean 'error'"),
        ("It holds {where}.", "no such number"),
        ("The error is {error:.2f}.", "name of a number in braces"),
        ("The error is {error!r}.", "name of a number in braces"),
        ("The error is {}.", "name of a number in braces"),
        ("The error is {error.", "name of a number in braces"),
        ("The error is {error}", "full stop"),
        ("One {error}. Two. Three. Four.", "at most 3 sentences, not 4"),
        ("{error} " + "word " * 59 + "more.", "at most 60 words, not 61"),
        ("The test_error is {error}.", "plain words in place of 'test_error'"),
        ("With kept=0.5 it is {error}.", "plain words in place of 'kept=0.5'"),
        ("It is {error}, below δ.", "plain words in place of 'δ'"),
        ("The `gap` is {error}.", "plain words in place of '`'"),
    ],
)
def test_a_text_is_plain_sentences(text, message):
    with pytest.raises(DefinitionError, match=rf"takeaway\.holds: .*{message}"):
        told("holds", text=text)


def test_decimals_and_a_question_end_no_sentence_too_many():
    assert told("holds", text="Is it so? 0.5 and 1.5 are {error}. It is!").texts


def test_a_number_that_no_text_tells_is_refused():
    with pytest.raises(DefinitionError, match="'error', which none does"):
        told("holds", text="It is so.")


def test_what_is_no_number_is_refused():
    with pytest.raises(DefinitionError, match="number: expected a Number"):
        Ratio("9.7", ERROR)
    with pytest.raises(DefinitionError, match="expected a mapping from name to Number"):
        told("holds", error=9.7)


def test_where_it_holds_is_told_of_what_depends_alone():
    text = "It holds {where}, at {error}."
    takeaway = told("depends", text=text)
    assert takeaway.filled("depends", {"where": "at 5", "error": "1 %"}) == (
        "It holds at 5, at 1 %."
    )


def test_evidence_follows_every_text_after_a_colon_or_as_a_sentence():
    takeaway = told("holds", text="Less", evidence="it is {error}.")
    assert takeaway.texts == {"holds": "Less: it is {error}."}
    assert takeaway.filled("holds", {"error": "1 %"}) == "Less: it is 1 %."
    takeaway = told("depends", text="Less {where}.", evidence="it is {error}.")
    assert takeaway.texts == {"depends": "Less {where}. It is {error}."}
    with pytest.raises(DefinitionError, match=r"takeaway\.holds: no such number"):
        told("holds", text="Less", evidence="it is {erorr}.")


def test_a_file_whose_takeaway_does_not_fit_is_told_by_its_name(tmp_path):
    text = '''"""One sentence."""

import tiny_study

from study.lab.declare.takeaway import Takeaway

EXPERIMENT = tiny_study.experiment(takeaway=Takeaway(holds="It is so."))
'''
    path = tiny_study.write(tmp_path, "finding", text)
    with pytest.raises(DefinitionError, match=r"finding\.py: takeaway\.holds: "):
        registry.load(path)
