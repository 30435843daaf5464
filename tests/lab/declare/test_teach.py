"""Boxes to teach with: whole, of pages that there are, in numbers of their tables."""

from dataclasses import replace

import pytest
import tiny_facts
import tiny_study

from study.lab.declare import registry, teach
from study.lab.declare.definition import Claim
from study.lab.declare.takeaway import Number, Takeaway
from study.lab.errors import DefinitionError, StudyError
from study.lab.rules.verdicts import Less

BOX = """
[facts]
claims = { d1-01 = "holds" }
question = "Is it?"
options.a = "Yes"
options.b = "No"
correct = "a"
answer = "It is: {gap}."
misconception = "That it is not."
exercise = "Add."
solution = "Three."
numbers.gap = { measure = "gap", unit = "" }
"""
ARM = {"units": 5, "learning_rate": "slow"}
LESS = Less(measure="test_error", arm=ARM, than=ARM | {"units": 3})


def read(folder, text=BOX):
    (folder / teach.FILE).write_text(text, encoding="utf-8")
    return teach.read(folder, ["facts", "others"])


def test_a_box_is_read_whole_and_where_there_is_no_file_there_is_none(tmp_path):
    assert teach.read(tmp_path, ["facts"]) == {}
    (box,) = read(tmp_path).values()
    assert box.options == {"a": "Yes", "b": "No"}
    assert box.claims == {"d1-01": "holds"}
    assert box.numbers["gap"]["measure"] == "gap"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[facts]", "[fact]", "the name of a finding. Received: [fact]; did you mean"),
        ("[facts]", "[facts", "expected TOML. Received:"),
        ("question", "questions", "facts: no such field. Received: 'questions'; did"),
        ('exercise = "Add."', "", "facts: expected exercise. Received: none"),
        ('"Add."', '" "', "facts: exercise: expected a text. Received: ' '"),
        ("Is it?", "Is {gap} it?", "facts: question: expected no number in braces"),
        ('options.b = "No"', "", "facts: options: expected 2 to 5 texts"),
        ("options.b", "options.c", "facts: options: expected 2 to 5 texts"),
        (
            'options.b = "No"',
            "options.b = 3",
            "options.b: expected a text. Received: 3",
        ),
        ('correct = "a"', 'correct = "c"', "correct: expected an option, a, b. Rec"),
        ('{ d1-01 = "holds" }', "{ }", "facts: claims: expected {d0-14"),
        ('"holds"', '"true"', "claims.d1-01: expected one of holds, depends, does not"),
    ],
)
def test_a_wrong_box_is_told_in_one_line(tmp_path, old, new, message):
    with pytest.raises(StudyError) as error:
        read(tmp_path, BOX.replace(old, new))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_definition_is_loaded_with_its_box(tmp_path):
    path = tmp_path / "facts.py"
    path.write_text(tiny_facts.FILE)
    assert registry.load(path).box is None
    (tmp_path / teach.FILE).write_text(BOX)
    assert registry.load(path).box.correct == "a"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("d1-01", "d1-02", "claims: expected a claim of this page. Received: 'd1-02'"),
        ("{gap}", "{gape}", "answer: no such number. Received: {gape}; did you mean"),
        ("{gap}", "{}", "teach.answer: expected the name of a number in braces"),
        (": {gap}", "", "numbers: expected numbers that a text tells. Received: 'gap'"),
        ("measure =", "measures =", "numbers.gap: expected measure, and as needed"),
    ],
)
def test_a_box_that_does_not_fit_its_definition_is_told_with_the_file(
    tmp_path, old, new, message
):
    path = tmp_path / "facts.py"
    path.write_text(tiny_facts.FILE)
    (tmp_path / teach.FILE).write_text(BOX.replace(old, new))
    with pytest.raises(DefinitionError) as error:
        registry.load(path)
    assert str(error.value).startswith(f"{path}: teach")
    assert message in str(error.value)


def test_what_compares_tells_a_number_and_may_take_it_from_the_takeaway(tmp_path):
    takeaway = Takeaway(
        **dict.fromkeys(("holds", "fails", "open"), "{error}."),
        numbers={"error": Number("test_error", ARM)},
    )
    definition = tiny_study.experiment(
        claims=(Claim("d1-01", LESS),), takeaway=takeaway
    )
    box = replace(read(tmp_path)["facts"], numbers={})
    teach.check(replace(box, answer="It is {error}."), definition)
    with pytest.raises(DefinitionError, match=r"answer: expected a number that was"):
        teach.check(replace(box, answer="It is so."), definition)


def test_a_box_is_left_out_where_another_verdict_came_out(tmp_path):
    boxes = read(tmp_path)
    assert [*teach.left_out(boxes, {"d1-01": "holds"})] == []
    assert [*teach.left_out(boxes, {})] == []  # nothing is known of it
    assert [*teach.left_out(boxes, {"d1-01": "open"})] == [
        ("facts", "d1-01 is open, and the box is for: holds")
    ]
