"""Lectures' pages in Korean: translated, marked so, and hidden once outdated."""

from dataclasses import replace

import pytest

from study.lab.declare.errata import STATUSES
from study.lab.declare.korean import Korean, Translation
from study.lab.declare.lectures import Lectures, Slide
from study.lab.declare.takeaway import Number, Takeaway
from study.lab.rules.words import Stance
from study.lab.show import korean
from study.lab.show.book import Book
from study.lab.show.korean import render_korean
from study.lab.show.lectures import render_lectures

ENGLISH = "Deep nets err in {deep}, and {held} hold."
TRANSLATIONS = (
    Translation("depth", "holds", ENGLISH, "{held}가 성립하고 오류율은 {deep}이다."),
    Translation("E1", "says", "deep nets are slower", "깊은 신경망이 느리다"),
    Translation("E1", "right", "they are faster", "깊은 신경망이 빠르다"),
    Translation("E2", "says", "it is three", "셋이다"),
    Translation("E2", "right", "it is two", "둘이다"),
)

DEEP = Number("test_error", {"depth": 3, "start": "a|b"})
TAKEAWAY = Takeaway(
    of="t-02",
    numbers={"deep": DEEP},
    **dict.fromkeys(("holds", "fails", "open"), ENGLISH),
)


@pytest.fixture
def render(page, simulated, ledger):
    """Return a function that renders a lecture with its page's text in English."""
    slides = Lectures([Slide("t", "", 1, "Deep", "Nets")])
    rows = {
        id: replace(
            row,
            lectures=slides,
            errata=tuple(replace(each, where=f"t:{each.where}") for each in row.errata),
        )
        for id, row in ledger.items()
    }

    def render(english=ENGLISH, translations=TRANSLATIONS):
        texts = dict.fromkeys(("holds", "fails", "open"), english)
        takeaway = replace(TAKEAWAY, **texts)
        definition = replace(page.definition, takeaway=takeaway)
        pages = [replace(page, definition=definition), simulated]
        book = Book(rows, pages, Korean(translations))
        files = render_lectures(book) | render_korean(book)
        return {name: content.decode() for name, content in files.items()}

    return render


def test_a_finding_is_told_in_korean_with_the_numbers_of_its_tables(render):
    text = render()["lectures/t.ko.md"]
    assert "4개 중 3개가 성립하고 오류율은 4.09%이다." in text
    assert "Deep nets err" not in text
    assert "### Nets" in text
    assert "[t-03](../depth/README.md#t-03) 성립하지 않음" in text
    assert "t-06 아직 판정하지 않음" in text


def test_the_words_of_a_figure_stay_english_and_say_so(render):
    assert '.svg" width="300" lang="en" alt="' in render()["lectures/t.ko.md"]


def test_a_sheet_is_told_in_korean(render):
    text = render()["lectures/t-errata.ko.md"]
    assert (
        "| **E1** 오류<br>Nets<br>[t-03](../depth/README.md#t-03) 성립하지 않음 "
        "| 깊은 신경망이 느리다 | 깊은 신경망이 빠르다 |"
    ) in text
    assert "- **E2** 셋이다: 둘이다" in text
    assert "보이지 않는다" not in text


def test_what_has_changed_in_english_is_hidden_and_counted(render):
    files = render(english=ENGLISH.replace("err in", "err at"))
    text = files["lectures/t.ko.md"]
    assert "결과 1개는" in text
    assert "성립하고" not in text
    assert "보이지 않는다" not in files["lectures/t-errata.ko.md"]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("at depth 3, not at 1", "깊이에 따라 다르다(깊이 3에서만): 4.09%."),
        ("at depth 3, not at 2", ""),
        (None, ""),
    ],
)
def test_where_it_depends_is_told_in_korean_or_nothing_is(
    depending, ledger, where, found
):
    english = "It depends: {where}, {deep}."
    rows = [
        Translation("depth", "depends", english, "깊이에 따라 다르다({where}): {deep}.")
    ]
    if where:
        rows.append(Translation("depth", "where", where, "깊이 3에서만"))
    told = replace(TAKEAWAY, depends=english)
    page = replace(depending, definition=replace(depending.definition, takeaway=told))
    assert Book(ledger, [page], Korean(rows)).takeaway_in_korean(page) == found


def test_an_erratum_of_which_a_half_is_not_translated_is_hidden_and_counted(render):
    half = [each for each in TRANSLATIONS if each.english != "they are faster"]
    text = render(translations=half)["lectures/t-errata.ko.md"]
    assert "1개 항목은" in text
    assert "E1" not in text


@pytest.mark.parametrize("name", ["t", "t-errata"])
def test_each_page_leads_to_its_other_language_and_says_which_is_translated(
    render, name
):
    files = render()
    english, translated = (files[f"lectures/{name}{x}.md"] for x in ("", ".ko"))
    assert f'[<span lang="ko">한국어</span>]({name}.ko.md)' in english
    assert translated.startswith('<div lang="ko">\n\n# ')
    assert translated.endswith("\n\n</div>\n")
    assert f'[<span lang="en">English</span> 원문]({name}.md)의 번역' in translated


def test_without_translations_there_is_no_page_in_korean_and_no_link_to_one(render):
    files = render(translations=())
    assert {*files} == {"lectures/t.md", "lectures/t-errata.md"}
    assert "한국어" not in "".join(files.values())


def test_every_level_and_status_has_a_word():
    assert {*korean.LEVELS} == {each.level for each in Stance}
    assert {*korean.STATUSES} == {*STATUSES}
