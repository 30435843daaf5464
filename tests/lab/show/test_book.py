"""The book: ledger, pages and judged claims, joined once for every report."""

from dataclasses import replace

from study.lab.declare.profiles import PROFILES
from study.lab.rules.words import Word
from study.lab.show.book import Book


def test_a_claim_is_joined_once_with_its_page_its_row_and_its_verdict(page, ledger):
    book = Book(ledger, [page])
    assert book.claims(page) is book.claims(page)
    for each in book.claims(page):
        assert each.page is page
        assert each.row is ledger[each.id]
        assert book.judged[each.id] is each


def test_levels_count_every_claim_of_the_ledger(page, simulated, ledger):
    book = Book(ledger, [page, simulated])
    counts = {level: count for level, count, _ in book.levels}
    assert sum(counts.values()) == len(ledger)
    assert counts[Word.NOT_JUDGED.stance.level] == len(ledger) - len(book.judged)


def test_a_smoke_page_has_claims_and_none_is_judged(page, ledger):
    draft = replace(page, profile=PROFILES["smoke"])
    book = Book(ledger, [draft])
    assert len(book.claims(draft)) == len(page.definition.claims)
    assert book.judged == {}


def test_the_words_of_a_page_are_counted(page, ledger):
    told = Book(ledger).words(page)
    assert told == "2 reproduced, 1 contradicted, 1 cited"
