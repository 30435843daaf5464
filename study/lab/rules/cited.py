"""Record what a source says of a claim about history."""

from dataclasses import dataclass

from study.lab.rules.base import Single, Verdict
from study.lab.rules.words import Word


@dataclass(frozen=True, kw_only=True)
class Cited(Single):
    """A claim about history: `source` bears it out, or, not `correct`, does not."""

    source: str
    correct: bool = True
    note: str = ""

    def __post_init__(self):
        if not (isinstance(self.source, str) and self.source.strip()):
            raise ValueError(
                "`source` names what was read: expected authors, year and place. "
                f"Received: source={self.source!r}. Write it so that it can be found."
            )

    def measures(self):
        return set()

    def words(self):
        """Return the words that it may come to."""
        return {Word.CITED if self.correct else Word.MISCITED}

    def arms(self):
        return ()

    def tables(self):
        return set()

    def parts(self):
        return []

    def undecided(self, words):
        return []

    def sentence(self):
        says = "bears this out" if self.correct else "does not bear this out"
        return f"{self.source} {says}. {self.note}".rstrip()

    def judged(self, reading):
        (word,) = self.words()
        return Verdict(word=word, reason=self.note, rule=self)
