"""The words of verdicts: each once, with all that is shown beside it."""

from study.lab.rules.words import (
    LEVELS,
    Stance,
    Word,
    counts,
    levels,
    meanings,
)


def test_words_are_told_apart_by_text_and_by_sign():
    assert len({str(each) for each in Word}) == len(Word)
    assert len({each.sign for each in Word}) == len(Word)


def test_every_word_but_the_missing_one_has_a_meaning_which_is_told_once():
    told = [word for words, _ in meanings() for word in words]
    assert sorted(told) == sorted({*Word} - {Word.NOT_JUDGED})
    assert len({meaning for _, meaning in meanings()}) == len(meanings())


def test_a_word_that_speaks_against_a_claim_stands_against_it():
    against = {Word.CONTRADICTED, Word.REFUTED, Word.MISCITED}
    assert {each for each in Word if each.stance is Stance.AGAINST} == against


def test_words_are_counted_in_their_order():
    words = [Word.REFUTED, Word.REPRODUCED, Word.REFUTED]
    assert counts(words) == [(Word.REPRODUCED, 1), (Word.REFUTED, 2)]
    assert counts([]) == []


def test_readers_are_told_of_four_levels_and_which_words_make_them():
    assert [each.level for each in LEVELS[:4]] == [
        "holds",
        "depends",
        "does not hold",
        "open",
    ]
    assert {*LEVELS} == {*Stance}
    words = [Word.REFUTED, Word.DEPENDS, Word.EXACT, Word.REPRODUCED, Word.EXACT]
    assert levels(words) == [
        ("holds", 3, [(Word.REPRODUCED, 1), (Word.EXACT, 2)]),
        ("depends", 1, [(Word.DEPENDS, 1)]),
        ("does not hold", 1, [(Word.REFUTED, 1)]),
    ]
