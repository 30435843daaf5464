"""The table of translations: of what is there, with the names of what it translates."""

from types import SimpleNamespace

import pytest

from study.lab.declare import korean
from study.lab.errors import StudyError

HEAD = "of,part,english,korean\n"
ERRATUM = "E1,right,it is two,둘이다\n"
FINDING = "xor,holds,It solves {n}.,{n}를 푼다.\n"
LEDGER = {"d1-01": SimpleNamespace(errata=[SimpleNamespace(id="E1")])}


def written(folder, text):
    (folder / "xor.py").touch()
    (folder / korean.FILE).write_text(text, encoding="utf-8")
    return korean.read(folder, LEDGER)


def test_a_text_is_translated_that_has_not_changed_since(tmp_path):
    found = written(tmp_path, HEAD + ERRATUM + FINDING)
    assert found.text("E1", "right", "it is two") == "둘이다"
    assert found.text("xor", "holds", "It solves {n}.") == "{n}를 푼다."
    assert found.text("xor", "holds", "It solves {n} now.") == ""
    assert found.text("xor", "open", "It solves {n}.") == ""


def test_both_texts_of_a_finding_that_has_two_sizes_may_be_translated(tmp_path):
    other = FINDING.replace("solves", "learns").replace("푼다", "배운다")
    found = written(tmp_path, HEAD + FINDING + other)
    assert found.text("xor", "holds", "It solves {n}.") == "{n}를 푼다."
    assert found.text("xor", "holds", "It learns {n}.") == "{n}를 배운다."


def test_what_where_says_may_be_translated_whatever_stands_in_it(tmp_path):
    found = written(tmp_path, HEAD + "xor,where,in {0} and 1,{0}과 1에서\n")
    assert found.text("xor", "where", "in {0} and 1") == "{0}과 1에서"


def test_without_a_table_nothing_is_translated(tmp_path):
    assert not korean.read(tmp_path, LEDGER)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            ERRATUM.replace("E1", "E7"),
            "of: expected what is there to translate. Received: 'E7'",
        ),
        (FINDING.replace("xor", "xol"), "did you mean 'xor'"),
        (ERRATUM.replace("right", "wrong"), "part: expected what is there"),
        (FINDING.replace("holds", "says"), "part: expected what is there"),
        (ERRATUM.replace("둘이다", " "), "korean: expected a text. Received: none"),
        (FINDING.replace("{n}를", "모두"), "expected the names {n}, as in what it"),
        (FINDING.replace("{n}를", "{n}에서 {m}를"), "Received: {m}, {n}"),
        (
            FINDING.replace("{n}를", "{n를"),
            "korean: expected the name of a number in braces",
        ),
        (ERRATUM * 2, "expected one translation of a text. Received: another of E1"),
        ("E1,right,it is two\n", "expected 4 cells. Received: fewer"),
    ],
)
def test_a_wrong_translation_is_told_in_one_line_with_its_place(tmp_path, row, words):
    with pytest.raises(StudyError) as error:
        written(tmp_path, HEAD + row)
    assert words in str(error.value)
    assert f"{korean.FILE}, line " in str(error.value)
    assert "\n" not in str(error.value)
