"""Record what a source says of a claim about history."""

from dataclasses import dataclass, field

from study.lab.rules.base import Single, Verdict
from study.lab.rules.words import Word


@dataclass(frozen=True, kw_only=True)
class Cited(Single):
    """A claim about history: `source` bears it out, or, not `correct`, does not.

    Args:
        source: Authors, year and place.
        correct: Whether it bears the claim out.
        note: What it says.
        read: Whether it was read for the claim. One that was not, of which others
            report, can bear a claim out; the page says so.
    """

    source: str
    correct: bool = True
    note: str = ""
    # says of a word on what it rests, and moves no rule
    read: bool = field(default=True, repr=False)

    def __post_init__(self):
        if not (self.read or self.correct):
            raise ValueError(
                "What was not read speaks against nothing: expected correct=True "
                f"beside read=False. Received: correct={self.correct}. Read the source."
            )
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
        if not self.read:
            says = "is reported to bear this out, and was not read for this page"
        return f"{self.source} {says}. {self.note}".rstrip()

    def judged(self, reading):
        (word,) = self.words()
        return Verdict(word=word, reason=self.note, rule=self)
