"""What every report is a view of: the ledger, the pages and their judged claims."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from study.lab.declare.errata import Erratum
from study.lab.declare.korean import Korean
from study.lab.declare.profiles import SOURCE
from study.lab.declare.registry import LedgerRow
from study.lab.rules.words import Word, counts, levels
from study.lab.show.claims import JudgedClaim
from study.lab.show.page import Page
from study.lab.show.takeaway import takeaway
from study.lab.show.teach import Taught, teach


@dataclass(frozen=True)
class Registered:
    """An erratum, where it stands in words, and its claims, judged or not yet."""

    erratum: Erratum
    where: str
    claims: dict[str, JudgedClaim | None]


class Book:
    """Join the claims of the ledger with the pages that judge them, once.

    Args:
        ledger: Claim's id to its row, in the ledger's order.
        pages: The pages there are.
        korean: What is there in Korean.
        home: Where the overviews stand. Defaults to beside each page's folder.
    """

    def __init__(
        self,
        ledger: Mapping[str, LedgerRow],
        pages: Iterable[Page] = (),
        korean: Korean | None = None,
        home: Path | None = None,
    ):
        self.ledger = ledger
        self.korean = korean or Korean()
        self._home = home
        self.pages: list[Page] = []
        self._claims: dict[str, list[JudgedClaim]] = {}
        self._takeaways: dict[str, str] = {}
        for page in pages:
            self.add(page)

    def add(self, page: Page) -> None:
        """Take a page in; its claims are judged when they are asked for."""
        self.pages.append(page)

    def home(self, page: Page) -> Path:
        """Return where the overviews stand that tell of a page."""
        return self._home or page.folder.parent

    def claims(self, page: Page) -> list[JudgedClaim]:
        """Return every claim of a page, judged unless it is a smoke run's.

        Where there are larger runs, they judge.
        """
        if page.name not in self._claims:
            larger = {each.id: each for each in self._judged(page.larger)}
            self._claims[page.name] = [
                replace(larger[each.id], smaller=each) if each.id in larger else each
                for each in self._judged(page)
            ]
        return self._claims[page.name]

    def takeaway(self, page: Page) -> str:
        """Return what a page found, in plain sentences; "" where it does not say."""
        if page.name not in self._takeaways:
            self._takeaways[page.name] = takeaway(page, self.claims(page))
        return self._takeaways[page.name]

    def takeaway_in_korean(self, page: Page) -> str:
        """Return what a page found in Korean; "" where that is not translated."""
        return takeaway(page, self.claims(page), self.korean)

    @property
    def found(self) -> dict[str, tuple[str, Page]]:
        """Map the ids of claims that lead pages to what these found, and the page."""
        found = {}
        for page in self.pages:
            text, told = self.takeaway(page), page.definition.takeaway
            if text and (leading := told.leading(page.definition)):
                found[leading.id] = text, page
        return found

    def opening(self, page: Page) -> str:
        """Return what a page says first: its takeaway, else its docstring."""
        return self.takeaway(page) or page.docstring

    def taught(self, page: Page) -> Taught | None:
        """Return how a page is taught; None where its box is for other verdicts."""
        return teach(page, self.claims(page))

    def _judged(self, page):
        return [
            JudgedClaim(
                page=page,
                claim=claim,
                row=self.ledger.get(claim.id),
                verdict=verdict,
                left_open=tuple(page.left_open.get(claim.id, ())),
            )
            for claim, verdict in (page.judged if page else ())
        ]

    @property
    def judged(self) -> dict[str, JudgedClaim]:
        """Map ids to the claims that have a verdict."""
        found = (each for page in self.pages for each in self.claims(page))
        return {each.id: each for each in found if each.verdict}

    def words(self, page: Page) -> str:
        """Count the words of a page: 2 reproduced, 1 contradicted."""
        return told(each.word for each in self.claims(page))

    def errata(
        self, ids: Iterable[str], judged: Mapping[str, JudgedClaim]
    ) -> list[Registered]:
        """List the errata that concern some claims, in the order of their numbers.

        Args:
            ids: The ids of the claims.
            judged: Ids to the claims whose words are told.
        """
        rows = [self.ledger[id] for id in ids if id in self.ledger]
        found = {each.id: (each, row) for row in rows for each in row.errata}
        return [
            Registered(
                erratum,
                row.lectures.told(erratum.where),
                {id: judged.get(id) for id in erratum.claims},
            )
            for _, (erratum, row) in sorted(found.items())
        ]

    @property
    def sized(self) -> list[JudgedClaim]:
        """The claims that training judges and whose finding declares larger runs."""
        return [
            each
            for page in self.pages
            if page.definition.sized(SOURCE)
            for each in self.claims(page)
            if each.claim.verdict.tables()
        ]

    @property
    def levels(self) -> list[tuple[str, int, list[tuple[Word, int]]]]:
        """Count the ledger's claims by level, and of which words each level is."""
        judged = self.judged
        return levels(
            judged[id].word if id in judged else Word.NOT_JUDGED for id in self.ledger
        )


def told(words: Iterable[Word]) -> str:
    """Count words: 2 reproduced, 1 contradicted."""
    return ", ".join(f"{count} {word}" for word, count in counts(words))
